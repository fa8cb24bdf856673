import { resolve } from "../../http/openapi/types.ts";
import type { ApiOperation, ApiResponse, Document, Example, Parameter } from "../../http/openapi/types.ts";

/** The curl command for a call, with the values of its first example. `$TOKEN` stands for the access token. */
export function curlOf(document: Document, path: string, method: string, operation: ApiOperation): string {
  const url = document.servers[0]?.url ?? "";
  const id = exampleId(document, operation);
  const lines = [`curl ${method === "get" ? "" : `-X ${method.toUpperCase()} `}${url}${path.replace("{id}", id)}`];
  const secured = operation.security?.[0];
  if (secured?.oauth !== undefined) lines.push(`-H "Authorization: Bearer $TOKEN"`);
  if (secured?.client !== undefined) lines.push("-u $CLIENT_ID:$CLIENT_SECRET");
  const key = (operation.parameters ?? []).map((p) => resolve<Parameter>(document, p)).find((p) => p.in === "header");
  if (key?.name === "Idempotency-Key" && key.required === true) lines.push(`-H "Idempotency-Key: order-1001-1"`);
  const [body] = Object.entries(operation.requestBody?.content ?? {});
  if (body !== undefined) lines.push(...bodyOf(body[0], firstExample(document, body[1].examples)));
  return lines.join(" \\\n  ");
}

function bodyOf(type: string, value: unknown): string[] {
  if (type === "application/x-www-form-urlencoded") {
    return Object.entries(value as Record<string, string>).map(([name, text]) => `-d ${name}="${text}"`);
  }
  if (type !== "application/json") return [`-H "Content-Type: ${type}"`, "--data-binary @file"];
  const text = JSON.stringify(value, null, 2).replaceAll("'", "'\\''").replaceAll("\n", "\n  ");
  return [`-H "Content-Type: application/json"`, `-d '${text}'`];
}

/** The value of the first example. */
export function firstExample(document: Document, examples: object | undefined): unknown {
  const [first] = Object.values(examples ?? {}) as Example[]; // the document holds examples by name
  return first === undefined ? undefined : resolve<Example>(document, first).value;
}

/** The id in the example of the answer; `{id}` if it has none. */
function exampleId(document: Document, operation: ApiOperation): string {
  const [, answer] = Object.entries(operation.responses).find(([status]) => status.startsWith("2")) ?? [];
  const content = answer === undefined ? undefined : resolve<ApiResponse>(document, answer).content;
  const value = firstExample(document, content?.["application/json"]?.examples);
  const { id, shortcode } = (value ?? {}) as { id?: unknown; shortcode?: unknown }; // checked below
  return [id, shortcode].find((text) => typeof text === "string") as string | undefined ?? "{id}";
}
