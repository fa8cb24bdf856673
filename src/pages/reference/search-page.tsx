import type { Markup } from "../markup.ts";
import type { Entry } from "./find.ts";

interface SearchProps {
  readonly query: string;
  readonly hits: readonly Entry[];
  /** The address that was asked for has no page. */
  readonly missing?: boolean;
}

/** `/docs/search`: the hits, for browsers without the script; also the page of an address that leads nowhere. */
export const SearchPage = ({ query, hits, missing = false }: SearchProps): Markup => (
  <section class="intro">
    <h1>{missing ? "There is no page here" : "Search"}</h1>
    <p class="lead">
      {missing
        ? "Perhaps you were looking for one of these, or search for it."
        : query === ""
        ? "Search for an operation, an error code, an event, or a result code of M-Pesa."
        : hits.length === 0
        ? `No page has all words of “${query}”. Use fewer words.`
        : `Pages with all words of “${query}”.`}
    </p>
    <ul class="hits">
      {hits.map(({ title, path, group }) => (
        <li>
          <a href={path}>{title}</a> <small>{group}</small>
        </li>
      ))}
    </ul>
  </section>
);
