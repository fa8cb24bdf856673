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
import { Objects } from "./objects.tsx";
import type { Call } from "./places.ts";
import { requestOf } from "./request.ts";
import { samplesOf } from "./samples.ts";
import { type TryOut, TryOutForm } from "./try-out.tsx";
import { Field, Shape } from "./schema.tsx";
import { Json, Paragraphs, Shell, Text } from "./text.tsx";

/** Renders one call: its parameters, body and answers in words on the left, samples and examples on the right. */
export function OperationSection(
  { document, call, tryOut }: { document: Document; call: Call; tryOut: TryOut | null },
): Markup {
  const { path, method, operation } = call;
  const parameters = (operation.parameters ?? []).map((parameter) => resolve<Parameter>(document, parameter));
  const answers = Object.entries(operation.responses).map(([status, response]) =>
    [status, resolve<ApiResponse>(document, response)] as const
  );
  const media = Object.values(operation.requestBody?.content ?? {})[0];
  const request = requestOf(document, call);
  return (
    <article class="call">
      <div class="says">
        <h1>{operation.summary}</h1>
        <p class="line">
          <Method method={method} /> <code>{path}</code>
        </p>
        {operation.deprecated === true && <p class="old">Deprecated. See its Deprecation and Sunset headers.</p>}
        <Paragraphs text={operation.description} />
        <Scope operation={operation} />
        {parameters.length > 0 && (
          <>
            <h2>Parameters</h2>
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
            <h2>Body</h2>
            <Shape document={document} schema={media.schema} marks />
          </>
        )}
        <Answers document={document} answers={answers} />
        <Objects
          document={document}
          parts={[media?.schema, answers.filter(([status]) => status.startsWith("2")).map(([, answer]) => answer)]}
        />
      </div>
      <div class="shows">
        <div class="samples">
          {samplesOf(document.servers[0]?.url ?? "", request).map(({ language, code }) => (
            <div class="panel" data-language={language}>
              <div class="title">
                <b>{language}</b>
              </div>
              <Shell text={code} />
            </div>
          ))}
        </div>
        {tryOut !== null && request.access === "token" && <TryOutForm request={request} tryOut={tryOut} />}
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
            <h2>
              Answer <span class="status">{status}</span>
            </h2>
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

/**
 * Renders all examples but the first `skip`. The first example of all is open; the others are folded, and
 * plain, because colours would double their bytes.
 */
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
              <Shell text={JSON.stringify(value, null, 2)} />
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
