import { listAttention } from "../../domain/attention/list-attention.ts";
import type { CaseView } from "../../domain/attention/contract.ts";
import type { Markup } from "../../pages/markup.ts";
import { Actor } from "../kit/actor.tsx";
import { When } from "../kit/values.tsx";
import type { Visit } from "../kit/visit.ts";
import { attentionText } from "./text.ts";

/** The id of the case about a payment that waits for its place. */
export const caseOf = ({ id }: { readonly id: string }): string => `case_${id}`;

/** What people have written about the case of a record. */
export async function notesOf({ ctx }: Pick<Visit, "ctx">, row: { readonly id: string }): Promise<CaseView["notes"]> {
  const { data } = await listAttention(ctx, { q: caseOf(row), limit: 1 });
  return data.find(({ id }) => id === caseOf(row))?.notes ?? [];
}

/** What people found out about a record, the oldest first. */
export async function CaseNotes(
  { row, visit }: { row: { readonly id: string }; visit: Visit },
): Promise<Markup | null> {
  const notes = await notesOf(visit, row);
  if (notes.length === 0) return null;
  return (
    <section class="card">
      <h2>{attentionText[visit.language].notes}</h2>
      <ul class="links plain">
        {notes.map(({ text, by, at }) => (
          <li>
            <span>
              <Actor id={by} visit={visit} />, <When at={at} look={visit} />: {text}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
