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
  if (entries.length === 0) return null;
  return (
    <section class="card">
      <h2>{visit.text.timeline}</h2>
      <ol class="timeline">
        {entries.map((entry) => (
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

/** The id of the attempt, notice or event that a sentence is known from. */
function sourceOf({ detail }: TimelineEntry): string | null {
  const source = detail.notice ?? detail.attempt ?? detail.event;
  return typeof source === "string" ? source : null;
}
