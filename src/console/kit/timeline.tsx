import type { TimelineEntry } from "../../domain/timeline/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import { longTime } from "./values.tsx";
import type { Visit } from "./visit.ts";

interface TimelineProps {
  readonly visit: Visit;
  readonly entries: readonly TimelineEntry[];
}

/** What happened to a record, oldest first, in sentences, each with the record that it is known from. */
export function Timeline({ visit, entries }: TimelineProps): Markup | null {
  const shown = entries.filter(isTold);
  if (shown.length === 0) return null;
  return (
    <section class="card">
      <h2>{visit.text.timeline}</h2>
      <ol class="timeline">
        {shown.map((entry) => (
          <li class={entry.kind === "next" ? "next" : undefined}>
            <time datetime={entry.at}>{longTime(Date.parse(entry.at), visit).replace(/^.*, /, "")}</time>
            <span>{entry.text}</span>
            {sourceOf(entry) !== null && <span class="source id">{sourceOf(entry)}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** An event that no endpoint takes told nobody anything. The API lists it all the same. */
const isTold = ({ kind, detail }: TimelineEntry): boolean => kind !== "told" || detail.response_status !== undefined;

/** The id of the attempt, notice or event that a sentence is known from. */
function sourceOf({ detail }: TimelineEntry): string | null {
  const source = detail.notice ?? detail.attempt ?? detail.event;
  return typeof source === "string" ? source : null;
}
