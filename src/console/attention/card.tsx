import type { CaseView } from "../../domain/attention/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import { Label } from "../kit/chip.tsx";
import { type Done, rowAnchor } from "../kit/done.ts";
import { RowActs } from "../kit/table.tsx";
import { ageText, Money, When } from "../kit/values.tsx";
import { hrefOf, type Visit } from "../kit/visit.ts";
import { caseActs } from "./acts.tsx";
import { actsOf, kindIcons, subjectPath } from "./cases.ts";
import { attentionText } from "./text.ts";

interface CaseCardProps {
  readonly visit: Visit;
  readonly case: CaseView;
  /** The names of people, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly done: Done | null;
}

/** A case: what is the matter, since when, how much, and what can be done. */
export function CaseCard({ visit, case: one, names, done }: CaseCardProps): Markup {
  const words = attentionText[visit.language];
  const back = visit.url.pathname + visit.url.search;
  const [main, ...others] = actsOf(one, visit);
  const path = subjectPath(one, visit);
  const isDone = done?.id === one.id || done?.id === one.subject;
  return (
    <li class={isDone ? "case done" : "case"} id={rowAnchor(one.id)} tabindex={-1} data-row="">
      <p class="top">
        <Label icon={kindIcons[one.kind]} word={words.kinds[one.kind]} />
        <span>{ageText(visit.now - Date.parse(one.since), visit.text)}</span>
        {one.taken_by !== null && <span>{words.takenBy(names.get(one.taken_by) ?? one.taken_by)}</span>}
        {one.amount !== null && <Money cents={one.amount} look={visit} />}
      </p>
      <p class="says">{one.text}</p>
      {isDone && <p class="did" role="status">{done.text}</p>}
      {one.notes.length > 0 && (
        <ul class="notes">
          {one.notes.map(({ text, by, at }) => (
            <li>
              <b>{names.get(by) ?? by}</b>, <When at={at} look={visit} />: {text}
            </li>
          ))}
        </ul>
      )}
      <div class="foot">
        {main !== undefined && (
          <a class="button small" href={`${hrefOf(visit, main.path)}?${new URLSearchParams({ back })}`}>
            {words.acts[main.name]}
          </a>
        )}
        {others.map(({ name, path }) => (
          <a class="act" href={`${hrefOf(visit, path)}?${new URLSearchParams({ back })}`}>{words.acts[name]}</a>
        ))}
        {path !== null && <a class="open act" href={hrefOf(visit, path)}>{words.open}</a>}
        <RowActs visit={visit} acts={caseActs} path="attention" row={one} shown={3} />
      </div>
    </li>
  );
}
