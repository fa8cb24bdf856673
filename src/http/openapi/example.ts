import { type Document, resolve, type Schema } from "./types.ts";

/** Examples for fields that have none in their schema, by the name of the field. */
const examplesByName: Readonly<Record<string, string>> = {
  accounts: "INV1001",
  advice: "Check the number with the recipient.",
  by: "cli_treasurer",
  created_by: "cli_demo",
  decided_by: "cli_treasurer",
  description: "Shoes",
  detail: "must be whole shillings",
  evidence: "Portal statement of 22 November: UKM1A2B3C4 completed",
  merchant: "mer_01kamcvd000000000000000001",
  message: "This phone is not registered for M-Pesa.",
  name: "Duka la Viatu",
  originator_conversation_id: "pyt_01kamcvdf2ej5s2k8sxw9ggk6r",
  pointer: "/rows/3/amount_kes",
  reason: "Not on the November list",
  remarks: "November pay",
  remedy: "Copy the passkey that belongs to this shortcode again.",
  shortcode: "sho_01kamcvdf2ej5s2k8sxw9ggk6t",
  subject: "chk_01kamcvdf2ej5s2k8sxw9ggk6p",
};

const examplesByFormat: Readonly<Record<string, string>> = {
  "date-time": "2026-11-22T09:30:00.000Z",
  uri: "https://shop.example/",
};

/** The last resort. A test checks that no field needs it. */
const NONE = "text";

/**
 * An example of a schema, built from the examples of its fields. A field that may be null is null, unless it has an
 * example. An optional field is included if it has an example.
 */
export function exampleOf(document: Pick<Document, "components">, node: Schema, name = ""): unknown {
  const schema = resolve<Schema>(document, node);
  if (schema.examples !== undefined && schema.examples.length > 0) return schema.examples[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    return choices.some(({ type }) => type === "null") || choices[0] === undefined
      ? null
      : exampleOf(document, choices[0], name);
  }
  if (Array.isArray(schema.type)) {
    return schema.type.includes("null") ? null : ofType(document, schema, schema.type[0], name);
  }
  return ofType(document, schema, schema.type, name);
}

function ofType(document: Pick<Document, "components">, schema: Schema, type: unknown, name: string): unknown {
  switch (type) {
    case "object":
      return objectOf(document, schema);
    case "array":
      return schema.items === undefined ? [] : [exampleOf(document, schema.items, name)];
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return examplesByFormat[schema.format ?? ""] ?? examplesByName[name] ?? NONE;
  }
}

function objectOf(document: Pick<Document, "components">, schema: Schema): Record<string, unknown> {
  const required = new Set(schema.required ?? []);
  const shown = Object.entries(schema.properties ?? {}).filter(([name, property]) =>
    required.has(name) || (resolve<Schema>(document, property).examples?.length ?? 0) > 0
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(document, property, name)]));
}
