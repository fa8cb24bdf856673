import type { Document } from "../../http/openapi/types.ts";
import type { Markup } from "../markup.ts";
import type { Guide } from "./markdown.ts";
import { callPath, callsOf, guidePath, tagPath } from "./places.ts";

/** The HTML document around each page. Only pages with the search have a script. */
export function Layout(
  { title, style, script, children }: {
    title: string;
    style: string;
    script?: string;
    children: Markup | readonly Markup[];
  },
): Markup {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <title>{title}</title>
        <link rel="stylesheet" href={style} />
        <link rel="icon" href="data:," />
        {script !== undefined && <script src={script} defer></script>}
      </head>
      <body>{children}</body>
    </html>
  );
}

/** What every page of the documentation shows around its text. */
export interface Frame {
  readonly document: Document;
  readonly guides: readonly Guide[];
  readonly style: string;
  readonly script: string;
  /** The address of the search's index. */
  readonly index: string;
}

interface FramedProps {
  readonly frame: Frame;
  readonly path: string;
  readonly title: string;
  readonly query?: string;
  readonly children: Markup;
}

/** A page with the navigation beside it. `path` is its address, which is marked there. */
export const Framed = ({ frame, path, title, query = "", children }: FramedProps): Markup => (
  <Layout title={`${title} - Malipo`} style={frame.style} script={frame.script}>
    <a class="skip" href="#text">Skip to the text</a>
    <div class="frame">
      <header class="side">
        <div>
          <a class="brand" href="/docs">
            Malipo <small>{frame.document.info.version}</small>
          </a>
          <form action="/docs/search" role="search" data-index={frame.index}>
            <input
              id="q"
              name="q"
              type="search"
              value={query}
              maxlength={100}
              aria-label="Search the documentation"
              placeholder="Search (press /)"
              autocomplete="off"
            />
            <button type="submit">Search</button>
          </form>
          <div id="hits" role="status"></div>
          <Contents frame={frame} path={path} />
        </div>
      </header>
      <main id="text">{children}</main>
    </div>
  </Layout>
);

/** Pages that are neither of an operation nor a guide, by their addresses. */
export const TOPICS: readonly (readonly [path: string, title: string])[] = [
  ["/docs/conventions", "Rules for every call"],
  ["/docs/event-types", "Event types"],
  ["/docs/failures", "Why money did not move"],
  ["/docs/test-numbers", "Test numbers"],
  ["/problems", "Problem codes"],
];

interface NavProps {
  readonly to: string;
  readonly path: string;
  readonly children: string;
}

const Nav = ({ to, path, children }: NavProps): Markup =>
  to === path ? <a href={to} aria-current="page">{children}</a> : <a href={to}>{children}</a>;

function Contents({ frame: { document, guides }, path }: { frame: Frame; path: string }): Markup {
  const isIn = (tag: string): boolean => path === tagPath(tag) || path.startsWith(`${tagPath(tag)}/`);
  return (
    <nav aria-label="Contents">
      <div class="top">
        <Nav to="/docs" path={path}>Start</Nav>
        {TOPICS.map(([to, title]) => <Nav to={to} path={path}>{title}</Nav>)}
      </div>
      <details open={path.startsWith("/docs/guides/")}>
        <summary>Guides</summary>
        <ul>
          {guides.map(({ name, title }) => (
            <li>
              <Nav to={guidePath(name)} path={path}>{title}</Nav>
            </li>
          ))}
        </ul>
      </details>
      <div class="top">
        {document.tags.map(({ name }) => (
          <>
            <Nav to={tagPath(name)} path={path}>{name}</Nav>
            {isIn(name) && (
              <ul>
                {callsOf(document, name).map(({ operation }) => (
                  <li>
                    <Nav to={callPath(operation)} path={path}>{operation.summary}</Nav>
                  </li>
                ))}
              </ul>
            )}
          </>
        ))}
      </div>
    </nav>
  );
}
