import { raw } from "hono/html";
import type { Markup } from "../markup.ts";
import { Conventions } from "./conventions.tsx";
import { Introduction, Operations } from "./introduction.tsx";
import { type Frame, Framed } from "./layout.tsx";
import type { Guide } from "./markdown.ts";
import { OperationSection } from "./operation.tsx";
import { callPath, callsOf, guidePath, tagPath } from "./places.ts";
import { EventTypes, Failures } from "./tables.tsx";
import { TestNumbers } from "./test-numbers-page.tsx";
import { Paragraphs } from "./text.tsx";
import type { TryOut } from "./try-out.tsx";

/** A page of the documentation, by its address. */
export type Pages = ReadonlyMap<string, () => Markup>;

/** All pages under `/docs` but the search. They are rendered when they are asked for. */
export function sitePages(frame: Frame, tryOut: TryOut | null): Pages {
  const pages = new Map<string, () => Markup>();
  const add = (path: string, title: string, render: () => Markup): void => {
    pages.set(path, () => <Framed frame={frame} path={path} title={title}>{render()}</Framed>);
  };
  const { document } = frame;
  add("/docs", "API documentation", () => <Introduction frame={frame} />);
  add("/docs/conventions", "Rules for every call", () => <Conventions />);
  add("/docs/event-types", "Event types", () => <EventTypes document={document} />);
  add("/docs/failures", "Why money did not move", () => <Failures />);
  add("/docs/test-numbers", "Test numbers", () => <TestNumbers />);
  for (const guide of frame.guides) add(guidePath(guide.name), guide.title, () => <GuidePage guide={guide} />);
  for (const { name, description } of document.tags) {
    const calls = callsOf(document, name);
    add(tagPath(name), name, () => (
      <section class="intro">
        <h1>{name}</h1>
        <div class="lead">
          <Paragraphs text={description} />
        </div>
        <Operations calls={calls} />
      </section>
    ));
    for (const call of calls) {
      const { operation } = call;
      add(
        callPath(operation),
        operation.summary,
        () => <OperationSection document={document} call={call} tryOut={tryOut} />,
      );
    }
  }
  return pages;
}

const GuidePage = ({ guide }: { guide: Guide }): Markup => (
  <article class="guide">
    <h1>{guide.title}</h1>
    {raw(guide.html)}
  </article>
);
