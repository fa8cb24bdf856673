import { type Document, resolve, type Schema } from "./types.ts";

const BY_FORMAT: Readonly<Record<string, string>> = {
  "date-time": "2026-11-22T09:30:00.000Z",
  uri: "https://shop.example/",
};

/**
 * An example of a schema, out of the examples of its fields. What may be null is null unless it has an example of its
 * own; an optional field is shown where it has one.
 */
export function exampleOf(document: Pick<Document, "components">, node: Schema): unknown {
  const schema = resolve<Schema>(document, node);
  if (schema.examples !== undefined && schema.examples.length > 0) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return choices.some(({ type }) => type === "null") || choices[0] === undefined
      ? null
      : exampleOf(document, choices[0]);
  }
  if (Array.isArray(schema.type)) return schema.type.includes("null") ? null : ofType(document, schema, schema.type[0]);
  return ofType(document, schema, schema.type);
}

function ofType(document: Pick<Document, "components">, schema: Schema, type: unknown): unknown {
  switch (type) {
    case "object":
      return objectOf(document, schema);
    case "array":
      return schema.items === undefined ? [] : [exampleOf(document, schema.items)];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return BY_FORMAT[schema.format ?? ""] ?? "text";
  }
}

function objectOf(document: Pick<Document, "components">, schema: Schema): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  const shown = Object.entries(schema.properties ?? {}).filter(([name, property]) =>
    required.has(name) || (resolve<Schema>(document, property).examples?.length ?? 0) > 0
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(document, property)]));
}
