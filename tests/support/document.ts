import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { openApiDocument } from "../../src/http/openapi/document.ts";
import type { Document, Schema } from "../../src/http/openapi/types.ts";
import { routes } from "../../src/app/routes.ts";

export const document: Document = openApiDocument("https://api.malipo.example", routes);

const formats = {
  "date": /^\d{4}-\d\d-\d\d$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  uri: { validate: (text: string) => URL.canParse(text) },
  email: /^[^\s@]+@[^\s@]+$/,
};

/** Answers may hold nothing that the document does not describe, though clients must let it pass. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (node === null || typeof node !== "object") return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const isObject = copy.type === "object" && copy.properties !== undefined && copy.additionalProperties === undefined;
  return isObject ? { ...copy, additionalProperties: false } : copy;
}

function validatorOf(whole: unknown): Ajv2020 {
  // That the document is valid is lint_test's subject. Here each file of tests would pay for it.
  const checked = { meta: false, validateSchema: false } as const;
  const ajv = new Ajv2020({ ...checked, strict: false, allErrors: true, formats, validateFormats: true });
  ajv.addSchema(whole as object, "document"); // JSON, of which only the schemas are used
  return ajv;
}

const strict = validatorOf(closed(document));
let asWritten: Ajv2020 | undefined;
const compiled = new Map<string, ValidateFunction>();

const escape = (part: string): string => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));

function check(ajv: Ajv2020, pointer: string, value: unknown): string | null {
  const key = `${ajv === strict} ${pointer}`;
  let validate = compiled.get(key);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: `document#/${pointer}` });
    compiled.set(key, validate);
  }
  if (validate(value)) return null;
  return ajv.errorsText(validate.errors, { dataVar: "", separator: "; " });
}

/** What is wrong with a value by a schema of the document, given by its place; null when nothing is. */
export const mistakes = (path: readonly string[], value: unknown): string | null =>
  check(asWritten ??= validatorOf(document), path.map(escape).join("/"), value);

const templates = Map.groupBy(Object.keys(document.paths), (template) => template.split("/").length);

/** The template of a path, such as `/v1/checkouts/{id}`. */
export function templateOf(path: string): string | null {
  const [bare = ""] = path.split("?");
  if (document.paths[bare] !== undefined) return bare;
  const parts = bare.split("/");
  return templates.get(parts.length)?.find((template) =>
    template.split("/").every((part, i) => part === parts[i] || part.startsWith("{") && parts[i] !== "")
  ) ?? null;
}

const problemPlace = ["components", "schemas", "Problem"].join("/");

/**
 * Fails unless the answer is one that the document describes. What is not part of the interface (pages, unknown
 * addresses outside `/v1`) passes; an unknown address or method under `/v1` must answer a problem.
 */
export function validateAgainstDocument(method: string, path: string, status: number, body: unknown): void {
  const template = templateOf(path);
  const operation = template === null ? undefined : document.paths[template]?.[method.toLowerCase()];
  const name = `${method} ${template ?? path} ${status}`;
  const fail = (why: string) => {
    throw new Error(`${name} is not what the document says: ${why}`);
  };
  if (template === null || operation === undefined) {
    const wrong = path.startsWith("/v1/") && status >= 400 ? check(strict, problemPlace, body) : null;
    if (wrong !== null) fail(wrong);
    return;
  }
  const response = operation.responses[String(status)];
  if (response === undefined) return fail(`it has no ${status}; the answer was ${JSON.stringify(body)}`);
  const base = "$ref" in response
    ? response.$ref.slice(2)
    : ["paths", template, method.toLowerCase(), "responses", String(status)].map(escape).join("/");
  const resolved = "$ref" in response ? document.components.responses[base.split("/")[2] ?? ""] : response;
  const [type] = Object.keys(resolved?.content ?? {});
  if (type === undefined) return;
  const wrong = check(strict, `${base}/content/${escape(type)}/schema`, body);
  if (wrong !== null) fail(`${wrong} in ${JSON.stringify(body)}`);
  const codes = Object.keys(resolved?.content?.["application/problem+json"]?.examples ?? {});
  const code = (body as { code?: string }).code ?? "";
  if (codes.length > 0 && !codes.includes(code)) fail(`the code ${code} is not listed there`);
}

/**
 * What is wrong with the status of an answer, whatever its body: an empty one, CSV, a page. Null where the document names
 * it, and for what is not part of the interface.
 */
export function undocumentedStatus(method: string, path: string, status: number): string | null {
  const template = templateOf(path);
  const asked = method === "HEAD" ? "get" : method.toLowerCase();
  const operation = template === null ? undefined : document.paths[template]?.[asked];
  if (operation === undefined || operation.responses[String(status)] !== undefined) return null;
  return `${method} ${template} answered ${status}, which the document does not name`;
}

/** The schema of an answer's body, for tests that look at it. */
export const schemaAt = (name: string): Schema => document.components.schemas[name] ?? {};
