import type { Markup } from "../../pages/markup.ts";
import { type Visit, withParameters } from "./visit.ts";

/** How many earlier pages an address remembers. Behind them "Newer" leads to the first page. */
const MOST_REMEMBERED = 20;

const trailOf = ({ url }: Visit): readonly string[] =>
  (url.searchParams.get("trail") ?? "").split("~").filter((cursor) => cursor !== "");

interface PagerProps {
  readonly visit: Visit;
  /** The cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

/**
 * Newer and Older. The API's cursors lead on only, so the address also holds those of the pages before (`trail`), of which
 * the first page's is `-`.
 */
export function Pager({ visit, next }: PagerProps): Markup | null {
  const { text, url } = visit;
  const current = url.searchParams.get("cursor");
  if (next === null && current === null) return null;
  const trail = trailOf(visit);
  const before = trail.at(-1);
  const newer = withParameters(visit, {
    cursor: before === undefined || before === "-" ? null : before,
    trail: trail.length > 1 ? trail.slice(0, -1).join("~") : null,
    done: null,
  });
  const older = withParameters(visit, {
    cursor: next,
    trail: [...trail, current ?? "-"].slice(-MOST_REMEMBERED).join("~"),
    done: null,
  });
  return (
    <nav class="pager" aria-label={text.pages}>
      {current !== null && (
        <>
          <a href={withParameters(visit, { cursor: null, trail: null, done: null })}>{text.newest}</a>
          <a href={newer} rel="prev" data-key="p">{text.newer}</a>
        </>
      )}
      {next !== null && <a href={older} rel="next" data-key="n">{text.older}</a>}
    </nav>
  );
}
