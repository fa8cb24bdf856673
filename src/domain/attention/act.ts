import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { rows } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { CaseView, noteAttention as noteContract, sleepAttention as sleepContract } from "./contract.ts";
import { maySee } from "./list-attention.ts";
import { sources } from "./sources.ts";
import { type CaseRow, insertNote, selectCases, upsertSleep, upsertTaken } from "./store.ts";
import { caseViews, notePlace } from "./view.ts";

const HOUR_MS = 3_600_000;

/** Writes a note to a case. Errors: `not_found`, `insufficient_scope`. */
export async function noteAttention(ctx: Context, input: Input<typeof noteContract>): Promise<CaseView> {
  const { row, view } = await loadCase(ctx, input.id);
  const [id, at] = [newId("not"), ctx.clock.now()];
  const text = await ctx.vault.seal(input.text, notePlace(id));
  const noted = { ...view, notes: [...view.notes, { text: input.text, by: ctx.actor, at: formatTime(at) }] };
  const statement = insertNote({ id, case_id: view.id, text, by: ctx.actor, at });
  return await save(ctx, row, noted, statement, "attention.noted", { note: id });
}

/** The caller looks after a case from now on. Errors: `not_found`, `insufficient_scope`. */
export async function takeAttention(ctx: Context, { id }: { id: string }): Promise<CaseView> {
  const { row, view } = await loadCase(ctx, id);
  const taken = upsertTaken({ case_id: id, taken_by: ctx.actor, sleeps_until: null, updated_at: ctx.clock.now() });
  return await save(ctx, row, { ...view, taken_by: ctx.actor }, taken, "attention.taken", { from: view.taken_by });
}

/** Hides a case that is not about money for some hours. Errors: `not_found`, `wrong_state`, `insufficient_scope`. */
export async function sleepAttention(ctx: Context, input: Input<typeof sleepContract>): Promise<CaseView> {
  const { row, view } = await loadCase(ctx, input.id);
  if (row.source.isMoney) {
    throw new Problem(
      "wrong_state",
      "This case is about money, so it leaves the list only with its cause. Take it, or write a note.",
    );
  }
  const now = ctx.clock.now();
  const until = now + input.hours * HOUR_MS;
  const sleeps = upsertSleep({ case_id: view.id, taken_by: null, sleeps_until: until, updated_at: now });
  return await save(ctx, row, view, sleeps, "attention.slept", { until: formatTime(until) });
}

/** A case within the caller's reach, of a kind that it may see and act on. Errors: `not_found`, `insufficient_scope`. */
async function loadCase(ctx: Context, id: string): Promise<{ readonly row: CaseRow; readonly view: CaseView }> {
  const filter = { subject: id.startsWith("case_") ? id.slice(5) : "" };
  const seen = sources.filter((source) => maySee(ctx, source));
  const now = ctx.clock.now();
  const found = await rows(ctx.db, ...seen.map((source) => selectCases(source, ctx.reach, filter, now, 1)));
  const [row] = found.flat();
  if (row === undefined) {
    throw new Problem("not_found", "There is no such case. It may have left the list because its cause is gone.");
  }
  if (!ctx.scopes.has(row.source.acts)) requireScope(ctx, "operator");
  const [view] = await caseViews(ctx, [row]);
  if (view === undefined) throw new Error("A case has no view.");
  return { row, view };
}

async function save(
  ctx: Context,
  row: CaseRow,
  view: CaseView,
  statement: Statement,
  action: "attention.noted" | "attention.taken" | "attention.slept",
  data: Record<string, unknown>,
): Promise<CaseView> {
  const merchantId = row.merchantId ?? ctx.merchantId;
  await commit(ctx, view.id, [statement, auditEntry({ ...ctx, merchantId }, action, row.subject, data)], {
    status: 200,
    body: view,
  });
  return view;
}
