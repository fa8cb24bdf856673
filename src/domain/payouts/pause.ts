import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, select, statement } from "../../db/query.ts";
import { merchants, payoutPauses } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type { pausePayouts as contract, PausesView } from "./control-contract.ts";
import type { Pause } from "../money-out/send-money.ts";
import { wakePaused } from "./store.ts";

const ALL = "*";
const insertPause = insert(payoutPauses, "ON CONFLICT (scope) DO NOTHING");
const selectAll: () => Query<Pause> = select(payoutPauses, "ORDER BY paused_at, scope");
const selectMerchant: (id: string) => Query<typeof merchants.$inferSelect> = select(merchants, "WHERE id = ?");

/** The kill switch: no payout and no refund is sent any more, for the merchant or at all. Errors: `validation_failed` at `/merchant`. */
export async function pausePayouts(ctx: Context, input: Input<typeof contract>): Promise<PausesView> {
  requireScope(ctx, "operator");
  await checkMerchant(ctx, input.merchant);
  const now = ctx.clock.now();
  const pause = { scope: input.merchant ?? ALL, reason: input.reason ?? null, paused_by: ctx.actor, paused_at: now };
  const known = await loadPauses(ctx);
  const after = known.some(({ scope }) => scope === pause.scope) ? known : [...known, pause];
  return await storePauses(ctx, "payouts.paused", input, after, [insertPause(pause)]);
}

/** Ends a pause, and runs the jobs of the payouts and refunds that waited. Errors: `validation_failed` at `/merchant`. */
export async function resumePayouts(ctx: Context, input: Input<typeof contract>): Promise<PausesView> {
  requireScope(ctx, "operator");
  await checkMerchant(ctx, input.merchant);
  const now = ctx.clock.now();
  const scope = input.merchant ?? ALL;
  const after = (await loadPauses(ctx)).filter((pause) => pause.scope !== scope);
  const view = await storePauses(ctx, "payouts.resumed", input, after, [
    statement("DELETE FROM payout_pauses WHERE scope = ?", scope),
    ...wakePaused(input.merchant ?? null, now),
  ]);
  ctx.jobs.wake(now);
  return view;
}

async function storePauses(
  ctx: Context,
  action: "payouts.paused" | "payouts.resumed",
  { merchant, reason }: Input<typeof contract>,
  after: readonly Pause[],
  statements: readonly Statement[],
): Promise<PausesView> {
  const view = viewOf(after);
  const about = merchant ?? ALL;
  const details = { merchant: about, reason: reason ?? null };
  await commit(ctx, about, [...statements, auditEntry(ctx, action, about, details)], { status: 200, body: view });
  ctx.log.write("alert", action === "payouts.paused" ? "payouts_paused" : "payouts_resumed", {
    by: ctx.actor,
    ...details,
  });
  return view;
}

const loadPauses = async (ctx: Context): Promise<Pause[]> => (await rows(ctx.db, selectAll()))[0];

const viewOf = (pauses: readonly Pause[]): PausesView => ({
  paused: pauses.some(({ scope }) => scope === ALL),
  pauses: pauses.map(({ scope, reason, paused_by, paused_at }) => ({
    merchant: scope === ALL ? null : scope,
    reason,
    by: paused_by,
    at: formatTime(paused_at),
  })),
});

async function checkMerchant(ctx: Context, id: string | undefined): Promise<void> {
  if (id === undefined || await first(ctx.db, selectMerchant(id)) !== null) return;
  throw invalidField("/merchant", "there is no merchant with this id");
}
