import { responseName } from "./problems.ts";
import type { ApiOperation, ApiResponse, Document, Parameter, PathItem, Ref } from "./types.ts";

/** Keeps what several calls have in common (parameters, error responses) once, under `components`. */
export function hoistComponents(document: Document): Document {
  const operations = [...Object.values(document.paths), ...Object.values(document.webhooks)].flatMap((path) =>
    Object.values(path)
  );
  const parameters = common<Parameter>(
    operations.flatMap(({ parameters }) => (parameters ?? []).filter((p): p is Parameter => !("$ref" in p))),
    ({ name, required }) => name === "Idempotency-Key" && !required ? "Optional-Idempotency-Key" : name,
  );
  const responses = common<[string, ApiResponse]>(
    operations.flatMap(({ responses }) =>
      Object.entries(responses).filter((entry): entry is [string, ApiResponse] => isProblem(entry[1]))
    ),
    ([status]) => responseName(status),
  );
  const slim = (operation: ApiOperation): ApiOperation => ({
    ...operation,
    ...(operation.parameters === undefined
      ? {}
      : { parameters: operation.parameters.map((p) => parameters.ref(p as Parameter, "parameters") ?? p) }),
    responses: Object.fromEntries(
      Object.entries(operation.responses).map(([status, response]) => [
        status,
        responses.ref([status, response as ApiResponse], "responses") ?? response, // a reference is found nowhere
      ]),
    ),
  });
  const item = (path: PathItem): PathItem =>
    Object.fromEntries(Object.entries(path).map(([method, operation]) => [method, slim(operation)]));
  const all = (paths: Document["paths"]): Document["paths"] =>
    Object.fromEntries(Object.entries(paths).map(([path, value]) => [path, item(value)]));
  return {
    ...document,
    paths: all(document.paths),
    webhooks: all(document.webhooks),
    components: {
      ...document.components,
      parameters: Object.fromEntries(parameters.components),
      responses: Object.fromEntries([...responses.components].map(([name, [, response]]) => [name, response])),
    },
  };
}

const isProblem = (response: ApiResponse | Ref): response is ApiResponse =>
  !("$ref" in response) && response.content?.["application/problem+json"] !== undefined;

interface Common<T> {
  readonly components: ReadonlyMap<string, T>;
  ref(value: T, kind: string): Ref | null;
}

/** Of things that occur twice or more, the most frequent of each name. */
function common<T>(things: readonly T[], nameOf: (thing: T) => string): Common<T> {
  const count = new Map<string, { value: T; times: number }>();
  for (const value of things) {
    const text = JSON.stringify(value);
    count.set(text, { value, times: (count.get(text)?.times ?? 0) + 1 });
  }
  const kept = new Map<string, T>();
  const names = new Map<string, string>();
  for (const [text, { value, times }] of [...count].sort(([, a], [, b]) => b.times - a.times)) {
    const name = nameOf(value);
    if (times < 2 || kept.has(name)) continue;
    kept.set(name, value);
    names.set(text, name);
  }
  return {
    components: kept,
    ref(value, kind) {
      const name = names.get(JSON.stringify(value));
      return name === undefined ? null : { $ref: `#/components/${kind}/${name}` };
    },
  };
}
