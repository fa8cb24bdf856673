/** Makes the schemas that zod-openapi wrote easier to read. They accept the same values as before. */
export function simplify(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(simplify);
  if (node === null || typeof node !== "object") return node;
  const entries = Object.entries(node).map(([key, value]): [string, unknown] => [
    key,
    key === "value" || key === "examples" && Array.isArray(value) ? value : simplify(value),
  ]);
  return dropRedundantKeywords(expandKeys(Object.fromEntries(entries)));
}

/** Writes a map with a fixed set of keys as an object with these fields. */
function expandKeys(schema: Record<string, unknown>): Record<string, unknown> {
  const { propertyNames, additionalProperties, ...rest } = schema;
  const keys = (propertyNames as { enum?: readonly string[] } | undefined)?.enum; // JSON Schema, by zod
  if (keys === undefined || typeof additionalProperties !== "object") return schema;
  const properties = Object.fromEntries(keys.map((key) => [key, additionalProperties]));
  return { ...rest, properties, additionalProperties: false };
}

function dropRedundantKeywords(schema: Record<string, unknown>): Record<string, unknown> {
  const { minimum, maximum, pattern, propertyNames, ...rest } = schema;
  const isPatternRedundant = rest.type === "integer" || rest.format === "date-time"; // the type says the same
  return {
    ...rest,
    // zod adds JavaScript's largest safe integers as limits; they tell the reader nothing
    ...(minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? {} : { minimum }),
    ...(maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? {} : { maximum }),
    ...(pattern === undefined || isPatternRedundant ? {} : { pattern }),
    ...(propertyNames === undefined || isAnyString(propertyNames) ? {} : { propertyNames }),
  };
}

const isAnyString = (schema: unknown): boolean => JSON.stringify(schema) === '{"type":"string"}';

/** Opens the schema of an answer: new fields may come, and a client must ignore fields it does not know (docs/versioning.md). */
export function openSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(openSchema);
  if (node === null || typeof node !== "object") return node;
  const entries = Object.entries(node).filter(([key, value]) => !(key === "additionalProperties" && value === false));
  return Object.fromEntries(entries.map(([key, value]) => [key, key === "value" ? value : openSchema(value)]));
}
