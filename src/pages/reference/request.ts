import { type ApiResponse, type Document, type Example, type Parameter, resolve } from "../../http/openapi/types.ts";
import type { Call } from "./places.ts";

/** An example of a call, from which its code samples are written. */
export interface SampleRequest {
  readonly operationId: string;
  /** In capitals. */
  readonly method: string;
  /** With values in place of the braces, and without a query. */
  readonly path: string;
  /** The values that stand in the path, in order. */
  readonly ids: readonly string[];
  /** Only what the call needs. */
  readonly query: Readonly<Record<string, string>>;
  /** The first media type that the call takes; null if it needs no body. */
  readonly body: { readonly type: string; readonly value: unknown } | null;
  readonly needsKey: boolean;
  /** How the caller proves who it is. */
  readonly access: "token" | "secret" | "none";
}

/** The example of a call, made from the examples of the document. */
export function requestOf(document: Document, { path, method, operation }: Call): SampleRequest {
  const parameters = (operation.parameters ?? []).map((one) => resolve<Parameter>(document, one));
  const values = exampleValues(document, operation.responses);
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => values(name));
  const { requestBody: asked } = operation;
  const [body] = asked?.required === true ? Object.entries(asked.content) : [];
  const secured = operation.security?.[0];
  return {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path: ids.reduce((filled, id) => filled.replace(/\{\w+\}/, id), path),
    ids,
    query: Object.fromEntries(
      parameters.filter((one) => one.in === "query" && one.required === true)
        .map(({ name, schema }) => [name, String(schema.examples?.[0] ?? "")]),
    ),
    body: body === undefined ? null : { type: body[0], value: firstExample(document, body[1].examples) },
    needsKey: parameters.some(({ name, required }) => name === "Idempotency-Key" && required === true),
    access: secured?.oauth !== undefined ? "token" : secured?.client !== undefined ? "secret" : "none",
  };
}

/** The value of the first example. */
function firstExample(document: Document, examples: object | undefined): unknown {
  const [first] = Object.values(examples ?? {}) as Example[]; // the document holds examples by name
  return first === undefined ? undefined : resolve<Example>(document, first).value;
}

/** Finds a value of the path in the example of the answer; the name in capitals if it has none, such as `ID`. */
function exampleValues(document: Document, responses: Call["operation"]["responses"]): (name: string) => string {
  const [, answer] = Object.entries(responses).find(([status]) => status.startsWith("2")) ?? [];
  const content = answer === undefined ? undefined : resolve<ApiResponse>(document, answer).content;
  const value = firstExample(document, content?.["application/json"]?.examples);
  const fields = { ...value as Record<string, unknown> | undefined };
  return (name) => {
    const found = [fields[name], name === "id" ? fields.shortcode : undefined].find((one) => typeof one === "string");
    return typeof found === "string" ? found : name.toUpperCase();
  };
}
