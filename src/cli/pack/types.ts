import type { ApiOperation, Document, Parameter, Schema } from "../../http/openapi/types.ts";
import { resolve } from "../../http/openapi/types.ts";

/**
 * Writes the types of requests and answers as TypeScript, from the document: each component by its name, each request
 * body by the name of its operation (`CreateCheckout`), and the query of each list and of the summary (`ListCheckouts`). In the package it
 * replaces src/client/types.ts, which needs the contracts. A test checks that the two are the same.
 */
export function typesOf(document: Document): string {
  const parts = Object.entries(document.components.schemas).filter(([name]) => name !== "Event")
    .map(([name, schema]) => declare(name, schema));
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const name = operation.operationId.replace(/^./, (letter) => letter.toUpperCase());
    const body = operation.requestBody?.content["application/json"]?.schema;
    if (body !== undefined) parts.push(declare(name, body));
    else if (name.startsWith("List") || name === "GetSummary") parts.push(declare(name, queryOf(document, operation)));
  }
  parts.push('export type ProblemCode = Problem["code"];');
  parts.push('export type FailureCode = NonNullable<Checkout["last_failure"]>["code"];');
  parts.push(...eventTypes(document));
  return parts.join("\n");
}

/** The events as a union: the type of an event says what its data is. */
function eventTypes(document: Document): string[] {
  const { properties = {}, ...event } = document.components.schemas.Event ?? {};
  const types = Object.entries(document.webhooks).map(([type, { post }]) => {
    const schema = post?.requestBody?.content["application/json"]?.schema;
    const about = schema?.allOf?.find((part) => part.properties?.type?.const === type)?.properties?.data;
    return typeOf({
      ...event,
      properties: { ...properties, type: { const: type }, data: about ?? properties.data ?? {} },
    }, "");
  });
  return [
    `export type EventType = ${Object.keys(document.webhooks).map((type) => JSON.stringify(type)).join(" | ")};`,
    `${comment("An event. Its `type` says what its `data` is.", "")}export type Event = ${types.join(" | ")};`,
  ];
}

function queryOf(document: Document, { parameters = [] }: ApiOperation): Schema {
  const queryParameters = parameters.map((parameter) => resolve<Parameter>(document, parameter)).filter((p) =>
    p.in === "query"
  );
  return {
    type: "object",
    properties: Object.fromEntries(queryParameters.map(({ name, schema }) => [name, schema])),
    required: queryParameters.filter(({ required }) => required === true).map(({ name }) => name),
  };
}

const declare = (name: string, schema: Schema): string =>
  `${comment(schema.description, "")}export type ${name} = ${typeOf(schema, "")};`;

const comment = (text: string | undefined, indent: string): string =>
  text === undefined ? "" : `/** ${text.replaceAll("*/", "*\u200b/").replaceAll("\n", " ")} */\n${indent}`;

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((choice) => typeOf(choice, indent)).join(" | ");
  if (schema.allOf !== undefined && schema.type === undefined) {
    return schema.allOf.map((part) => typeOf(part, indent)).join(" & ");
  }
  const types = typeof schema.type === "string" ? [schema.type] : schema.type ?? [];
  if (types.length === 0) return "unknown";
  return types.map((type) => simple(schema, type, indent)).join(" | ");
}

function simple(schema: Schema, type: string, indent: string): string {
  switch (type) {
    case "object":
      return objectOf(schema, indent);
    case "array":
      return schema.items === undefined ? "unknown[]" : `(${typeOf(schema.items, indent)})[]`;
    case "integer":
      return "number";
    default:
      return type; // string, number, boolean and null are called the same
  }
}

function objectOf(schema: Schema, indent: string): string {
  const deeper = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const optional = required.has(name) ? "" : "?";
    const type = typeOf(property, deeper) + (required.has(name) ? "" : " | undefined");
    return `${deeper}${comment(property.description, deeper)}${JSON.stringify(name)}${optional}: ${type};`;
  });
  const { additionalProperties: rest } = schema;
  if (fields.length > 0 || typeof rest !== "object") return `{\n${fields.join("\n")}\n${indent}}`;
  const keys = schema.propertyNames?.enum;
  const key = keys === undefined ? "string" : keys.map((value) => JSON.stringify(value)).join(" | ");
  return `Record<${key}, ${typeOf(rest, indent)}>`;
}
