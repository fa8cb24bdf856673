import { commit, type Context, requireScope } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type { ReconciliationDetail, startReconciliation as contract } from "./contract.ts";
import { importStatement } from "./import-statement.ts";
import { newReconciliation } from "./new-reconciliation.ts";
import { insertReconciliation } from "./store.ts";
import { reconciliationDetailView } from "./view.ts";
import { MAX_WINDOW_MS, type Window } from "./window.ts";

type StartReconciliation = Input<typeof contract> & {
  /** A statement. The fields of the body are absent then. */
  readonly file?: Uint8Array;
};

/** Starts a reconciliation with M-Pesa, or with a statement. A job does the work. Errors: `validation_failed`, `statement_shortcode_mismatch`. */
export async function startReconciliation(ctx: Context, input: StartReconciliation): Promise<ReconciliationDetail> {
  requireScope(ctx, "payments:write");
  if (input.file !== undefined) return await importStatement(ctx, input.shortcode, input.file, input.dry_run);
  if (input.dry_run) {
    throw invalidField("/dry_run", "is for a statement: M-Pesa is not asked without recording what it says");
  }
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  if (shortcode.pullPhone === null) {
    throw invalidField(
      "/shortcode",
      `${shortcode.number} is not pulled: set its nominated_number by PATCH /v1/shortcodes/{id}, or import a statement`,
    );
  }
  const now = ctx.clock.now();
  const row = newReconciliation(
    ctx,
    { merchant_id: ctx.merchantId, shortcode_id: shortcode.id, source: "pull", started_by: ctx.actor },
    windowOf(input, now),
  );
  const view = await reconciliationDetailView(ctx, row, [], []);
  await commit(ctx, row.id, [
    insertReconciliation(row),
    ctx.jobs.schedule("reconcile", shortcode.id, ctx.merchantId, now),
    auditEntry(ctx, "reconciliation.started", row.id, { shortcode: shortcode.number, from: view.from, to: view.to }),
  ], { status: 202, body: view });
  ctx.jobs.wake(now);
  return view;
}

function windowOf({ from, to }: Pick<Input<typeof contract>, "from" | "to">, now: number): Window {
  const earliest = now - MAX_WINDOW_MS;
  if (from !== undefined && from < earliest) {
    throw invalidField("/from", "is too old: M-Pesa answers for the last 48 hours only. Import a statement instead");
  }
  const window = { from: from ?? earliest, to: Math.min(to ?? now, now) };
  if (window.to <= window.from) throw invalidField("/to", "must be later than from, and from in the past");
  return window;
}
