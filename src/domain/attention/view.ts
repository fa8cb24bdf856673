import type { Context } from "../../context/context.ts";
import { VaultError } from "../../crypto/vault.ts";
import type { Place } from "../../crypto/vault.ts";
import { rows } from "../../db/query.ts";
import { formatTime } from "../../http/fields.ts";
import type { CaseView } from "./contract.ts";
import { sentenceOf } from "./sentences.ts";
import { caseId, type CaseRow, type Note, selectNotes } from "./store.ts";

/** Where the text of a note is stored. The encryption binds it to this place. */
export const notePlace = (row: string): Place => ({ table: "attention_notes", column: "text", row });

/** The cases as the API shows them, with their notes. */
export async function caseViews(ctx: Context, cases: readonly CaseRow[]): Promise<CaseView[]> {
  if (cases.length === 0) return [];
  const [notes] = await rows(ctx.db, selectNotes(cases.map(({ subject }) => caseId(subject))));
  const opened = await Promise.all(notes.map(async (note) => ({ of: note.case_id, view: await noteView(ctx, note) })));
  return cases.map((row) => ({
    id: caseId(row.subject),
    kind: row.source.kind,
    subject: row.subject,
    since: formatTime(row.since),
    amount: row.amount,
    text: sentenceOf(row.form, row.values, ctx.language ?? "en"),
    actions: [...row.source.actions],
    taken_by: row.takenBy,
    notes: opened.filter(({ of }) => of === caseId(row.subject)).map(({ view }) => view),
  }));
}

async function noteView({ vault }: Context, { id, text, by, at }: Note): Promise<CaseView["notes"][number]> {
  try {
    return { text: await vault.openText(text, notePlace(id)), by, at: formatTime(at) };
  } catch (error) {
    if (error instanceof VaultError) return { text: "(This note can't be decrypted.)", by, at: formatTime(at) };
    throw error;
  }
}
