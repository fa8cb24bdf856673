import type { Operation } from "../operation.ts";
import { exampleOf } from "./example.ts";
import { openSchema } from "./simplify.ts";
import type { ApiOperation, ApiResponse, Document, Media, PathItem } from "./types.ts";

/** Adds an example to every request and answer: the contract's, or one built from the fields. Schemas of answers are opened. */
export function addExamples(document: Document, operations: readonly Operation[]): Document {
  const contracts = new Map(operations.map((operation) => [operation.id, operation]));
  const asked = new Set<string>();
  const item = (path: PathItem): PathItem =>
    Object.fromEntries(Object.entries(path).map(([method, operation]) => [method, shown(operation)]));
  const shown = (operation: ApiOperation): ApiOperation => {
    const contract = contracts.get(operation.operationId);
    const examples = contract?.examples;
    const { requestBody } = operation;
    collectRefs(requestBody, asked);
    return {
      ...operation,
      ...(requestBody === undefined
        ? {}
        : { requestBody: { ...requestBody, content: withExamples(document, requestBody.content, examples?.request) } }),
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, response]) => {
          if ("$ref" in response) return [status, response];
          const chosen = status === String(contract?.status) ? examples?.response : undefined;
          return [status, withAnswer(document, response, chosen)];
        }),
      ),
    };
  };
  const all = (paths: Document["paths"]): Document["paths"] =>
    Object.fromEntries(Object.entries(paths).map(([path, value]) => [path, item(value)]));
  const paths = all(document.paths);
  const schemas = Object.fromEntries(
    Object.entries(document.components.schemas).map(([name, schema]) => [
      name,
      asked.has(name) ? schema : openSchema(schema) as typeof schema, // the same schema with less in it
    ]),
  );
  return { ...document, paths, components: { ...document.components, schemas } };
}

function withAnswer(document: Document, response: ApiResponse, examples: Media["examples"]): ApiResponse {
  if (response.content === undefined) return response;
  const content = withExamples(document, response.content, examples);
  return { ...response, content: openSchema(content) as typeof content }; // the same content with less in it
}

const withExamples = (
  document: Document,
  content: Readonly<Record<string, Media>>,
  examples: Media["examples"],
): Record<string, Media> =>
  Object.fromEntries(
    Object.entries(content).map(([type, media]) => [type, {
      ...media,
      examples: media.examples ?? examples ?? { example: { value: exampleOf(document, media.schema) } },
    }]),
  );

function collectRefs(node: unknown, into: Set<string>): void {
  if (node === null || typeof node !== "object") return;
  for (const [key, value] of Object.entries(node)) {
    if (key === "$ref" && typeof value === "string") into.add(value.slice(value.lastIndexOf("/") + 1));
    else collectRefs(value, into);
  }
}
