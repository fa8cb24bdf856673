import {
  type ApiOperation,
  type ApiResponse,
  type Document,
  type Example,
  type Media,
  type Parameter,
  resolve,
} from "../../http/openapi/types.ts";
import type { Markup } from "../markup.ts";
import { curlOf } from "./curl.ts";
import { Field, Shape } from "./schema.tsx";
import { Json, Paragraphs, Shell, Text } from "./text.tsx";

export interface Call {
  readonly path: string;
  readonly method: string;
  readonly operation: ApiOperation;
}

/** The calls of a chapter (a tag of the OpenAPI document), in the order of the document. */
export const callsOf = (document: Document, tag: string): readonly Call[] =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).filter(([, { tags }]) => tags.includes(tag))
      .map(([method, operation]) => ({ path, method, operation }))
  );

/** Renders one call: its parameters, body and answers in words on the left, examples of them on the right. */
export function OperationSection({ document, call }: { document: Document; call: Call }): Markup {
  const { path, method, operation } = call;
  const parameters = (operation.parameters ?? []).map((parameter) => resolve<Parameter>(document, parameter));
  const answers = Object.entries(operation.responses).map(([status, response]) =>
    [status, resolve<ApiResponse>(document, response)] as const
  );
  const media = Object.values(operation.requestBody?.content ?? {})[0];
  return (
    <article id={operation.operationId} class="call">
      <div class="says">
        <h3>
          <a href={`#${operation.operationId}`}>{operation.summary}</a>
        </h3>
        <p class="line">
          <Method method={method} /> <code>{path}</code>
        </p>
        {operation.deprecated === true && <p class="old">Deprecated. See its Deprecation and Sunset headers.</p>}
        <Paragraphs text={operation.description} />
        <Scope operation={operation} />
        {parameters.length > 0 && (
          <>
            <h4>Parameters</h4>
            <ul class="fields">
              {parameters.map(({ name, schema, required, description }) => (
                <Field
                  name={name}
                  schema={{ ...schema, ...(description === undefined ? {} : { description }) }}
                  mark={required ? "required" : "optional"}
                />
              ))}
            </ul>
          </>
        )}
        {media !== undefined && (
          <>
            <h4>Body</h4>
            <Shape document={document} schema={media.schema} marks />
          </>
        )}
        <Answers document={document} answers={answers} />
      </div>
      <div class="shows">
        <Panel title="Request">
          <Shell text={curlOf(document, path, method, operation)} />
        </Panel>
        {media !== undefined && <Examples document={document} media={media} title="Other bodies" skip={1} />}
        {answers.filter(([status]) => status.startsWith("2")).map(([status, { content }]) =>
          Object.values(content ?? {}).map((answer) => (
            <Examples document={document} media={answer} title={status} skip={0} />
          ))
        )}
      </div>
    </article>
  );
}

export const Method = ({ method }: { method: string }): Markup => (
  <span class={`method ${method.toLowerCase()}`}>{method.toUpperCase()}</span>
);

function Scope({ operation }: { operation: ApiOperation }): Markup | null {
  const scope = operation.security?.[0]?.oauth?.[0];
  return scope === undefined ? null : (
    <p class="scope">
      Scope <code>{scope}</code>
    </p>
  );
}

function Answers(
  { document, answers }: { document: Document; answers: readonly (readonly [string, ApiResponse])[] },
): Markup {
  const codes = answers.flatMap(([status, { content }]) =>
    Object.keys(content?.["application/problem+json"]?.examples ?? {}).map((code) => ({ status, code }))
  );
  return (
    <>
      {answers.filter(([status]) => status.startsWith("2")).map(([status, { content, description }]) => {
        const media = content?.["application/json"];
        return (
          <>
            <h4>
              Answer <span class="status">{status}</span>
            </h4>
            {media === undefined
              ? (
                <p>
                  <Text text={description} />
                </p>
              )
              : <Shape document={document} schema={media.schema} marks={false} />}
          </>
        );
      })}
      {codes.length > 0 && (
        <details class="errors">
          <summary>Errors</summary>
          <ul>
            {codes.map(({ status, code }) => (
              <li>
                <span class="status">{status}</span> <a href={`/problems/${code}`}>{code}</a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

/** Renders all examples but the first `skip`. The first example of all is open, the others are folded. */
function Examples(
  { document, media, title, skip }: { document: Document; media: Media; title: string; skip: number },
): Markup {
  const examples = Object.values(media.examples ?? {}).map((example) => resolve<Example>(document, example)).slice(
    skip,
  );
  return (
    <>
      {examples.map(({ summary, value }, i) =>
        i === 0 && skip === 0
          ? (
            <Panel title={title} note={summary}>
              <Json value={value} />
            </Panel>
          )
          : (
            <details class="panel">
              <summary>
                <b>{title}</b> {summary ?? ""}
              </summary>
              <Json value={value} />
            </details>
          )
      )}
    </>
  );
}

export function Panel(
  { title, note, children }: { title: string; note?: string | undefined; children: Markup },
): Markup {
  return (
    <div class="panel">
      <div class="title">
        <b>{title}</b>
        {note !== undefined && ` ${note}`}
      </div>
      {children}
    </div>
  );
}
