// deno-lint-ignore-file jsx-key -- rendered once, on the server
import type { Document, Schema } from "../../http/openapi/types.ts";
import type { Markup } from "../markup.ts";
import { Introduction, Tables } from "./introduction.tsx";
import { callsOf, OperationSection } from "./operation.tsx";
import { Fields, objectAnchor } from "./schema.tsx";
import { Paragraphs } from "./text.tsx";

/** The HTML document around each page of the reference. */
export function Layout({ title, style, children }: { title: string; style: string; children: Markup }): Markup {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href={style} />
        <link rel="icon" href="data:," />
      </head>
      <body>{children}</body>
    </html>
  );
}

/** The API reference: all calls and objects on one page. */
export function ReferencePage({ document, style }: { document: Document; style: string }): Markup {
  const objects = objectsByTag(document);
  return (
    <Layout title="Malipo API reference" style={style}>
      <div class="frame">
        <Side document={document} />
        <main>
          <Introduction document={document} />
          {document.tags.map(({ name, description }) => (
            <section class="chapter" id={anchorOf(name)}>
              <header>
                <h2>{name}</h2>
                <Paragraphs text={description} />
              </header>
              {(objects.get(name) ?? []).map(([object, schema]) => <ObjectFields name={object} schema={schema} />)}
              <div>{callsOf(document, name).map((call) => <OperationSection document={document} call={call} />)}</div>
            </section>
          ))}
          <Tables document={document} />
        </main>
      </div>
    </Layout>
  );
}

const anchorOf = (tag: string): string => `tag-${tag.replaceAll(" ", "-")}`;

const Side = ({ document }: { document: Document }): Markup => (
  <div class="side">
    <div>
      <a class="brand" href="#introduction">
        Malipo <small>{document.info.version}</small>
      </a>
      <nav aria-label="Contents">
        <div class="top">
          <a href="#start">Take a payment</a>
          <a href="#conventions">What holds everywhere</a>
        </div>
        {document.tags.map(({ name }) => (
          <details>
            <summary>{name}</summary>
            <ul>
              <li>
                <a href={`#${anchorOf(name)}`}>Overview</a>
              </li>
              {callsOf(document, name).map(({ operation }) => (
                <li>
                  <a href={`#${operation.operationId}`}>{operation.summary}</a>
                </li>
              ))}
            </ul>
          </details>
        ))}
        <div class="top">
          <a href="#event-types">Event types</a>
          <a href="#failures">Why money did not move</a>
          <a href="#problems">Problem codes</a>
        </div>
      </nav>
    </div>
  </div>
);

/** The anchor lies inside the folded part, because a browser unfolds it only for a link to something inside. */
const ObjectFields = ({ name, schema }: { name: string; schema: Schema }): Markup => (
  <details class="object">
    <summary>{name}</summary>
    <div id={objectAnchor(name)}>
      <Paragraphs text={schema.description} />
      <Fields schema={schema} marks={false} />
    </div>
  </details>
);

/** Lists each object under the first chapter whose calls name it. One that only other objects name goes beside these. */
function objectsByTag(document: Document): ReadonlyMap<string, readonly (readonly [string, Schema])[]> {
  const placed = new Map<string, string>();
  const place = (node: unknown, tag: string): void => {
    if (node === null || typeof node !== "object") return;
    for (const [key, value] of Object.entries(node)) {
      const name = key === "$ref" && String(value).startsWith("#/components/schemas/") ? String(value).slice(21) : null;
      if (name === null) place(value, tag);
      else if (!placed.has(name)) {
        placed.set(name, tag);
        place(document.components.schemas[name], tag);
      }
    }
  };
  for (const { name } of document.tags) for (const { operation } of callsOf(document, name)) place(operation, name);
  return Map.groupBy(
    Object.entries(document.components.schemas).filter(([name, { type }]) => placed.has(name) && type === "object"),
    ([name]) => placed.get(name) ?? "",
  );
}
