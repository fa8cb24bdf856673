import type { Document, Schema } from "../../http/openapi/types.ts";
import type { Markup } from "../markup.ts";
import { Fields, objectAnchor } from "./schema.tsx";
import { Paragraphs } from "./text.tsx";

const PREFIX = "#/components/schemas/";

/** The objects that a part of the document names, and those that these name, in the order in which they are met. */
function objectsIn(document: Document, part: unknown): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>();
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
      const name = key === "$ref" && String(value).startsWith(PREFIX) ? String(value).slice(PREFIX.length) : null;
      if (name === null) visit(value);
      else if (!found.has(name)) {
        const schema = document.components.schemas[name];
        if (schema === undefined) continue;
        found.set(name, schema);
        visit(schema);
      }
    }
  };
  visit(part);
  return found;
}

/**
 * Each object that the parts name, folded. The anchor lies inside the folded part, because a browser unfolds it only for a
 * link to something inside.
 */
export function Objects({ document, parts }: { document: Document; parts: unknown }): Markup {
  return (
    <>
      {[...objectsIn(document, parts)].map(([name, schema]) => (
        <details class="object">
          <summary>{name}</summary>
          <div id={objectAnchor(name)}>
            <Paragraphs text={schema.description} />
            <Fields schema={schema} marks={false} />
          </div>
        </details>
      ))}
    </>
  );
}
