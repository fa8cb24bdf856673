import { commit, type Context, reachTo, requirePlatform, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, select, statement } from "../../db/query.ts";
import { merchants, payoutPauses } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type { pausePayouts as contract, PausesView } from "./control-contract.ts";
import type { Pause } from "../money-out/send-money.ts";
import { isPerson, requireSigned } from "../people/signing.ts";
import { wakePaused } from "../merchants/wake-paused.ts";

/** The scope of a pause of all merchants. */
export const ALL = "*";
const insertPause = insert(payoutPauses, "ON CONFLICT (scope) DO NOTHING");
const selectAll: () => Query<Pause> = select(payoutPauses, "ORDER BY paused_at, scope");
const selectMerchant: (id: string) => Query<typeof merchants.$inferSelect> = select(merchants, "WHERE id = ?");

/**
 * The kill switch: no payout and no refund is sent any more. Without a merchant an operator pauses its own, and a caller
 * with the scope `platform` all. Errors: `validation_failed` at `/merchant`, `insufficient_scope`.
 */
export async function pausePayouts(ctx: Context, input: Input<typeof contract>): Promise<PausesView> {
  requireScope(ctx, "operator");
  const scope = await scopeOf(ctx, input.merchant);
  const now = ctx.clock.now();
  const pause = { scope, reason: input.reason ?? null, paused_by: ctx.actor, paused_at: now };
  const known = await loadPauses(ctx);
  const after = known.some((other) => other.scope === scope) ? known : [...known, pause];
  return await storePauses(ctx, "payouts.paused", scope, input.reason, after, [insertPause(pause)]);
}

/**
 * Ends a pause, and runs the jobs of the payouts and refunds that waited. A person signs by passkey which pause they end.
 * Errors: as {@link pausePayouts}, and `signature_required`, `payout_changed` if the pause is not the one that was signed.
 */
export async function resumePayouts(ctx: Context, input: Input<typeof contract>): Promise<PausesView> {
  requireScope(ctx, "operator");
  const scope = await scopeOf(ctx, input.merchant);
  const now = ctx.clock.now();
  const known = await loadPauses(ctx);
  const ended = known.find((pause) => pause.scope === scope) ?? null;
  const signed = requireSigned(ctx, {
    action: "payouts.resume",
    subjectId: nameOf(scope),
    digest: pauseDigest(ctx, scope, ended),
  });
  const after = known.filter((pause) => pause.scope !== scope);
  const view = await storePauses(ctx, "payouts.resumed", scope, input.reason, after, [
    ...ended !== null && isPerson(ctx.actor) ? [abortUnlessStill(ended)] : [],
    ...signed,
    statement("DELETE FROM payout_pauses WHERE scope = ?", scope),
    ...wakePaused(scope === ALL ? null : scope, now),
  ]);
  ctx.jobs.wake(now);
  return view;
}

async function storePauses(
  ctx: Context,
  action: "payouts.paused" | "payouts.resumed",
  about: string,
  reason: string | undefined,
  after: readonly Pause[],
  statements: readonly Statement[],
): Promise<PausesView> {
  const view = viewOf(after.filter(({ scope }) => scope === ALL || ctx.reach.covers(scope)));
  const subject = { ...ctx, merchantId: about === ALL ? ctx.merchantId : about };
  const details = { merchant: about, reason: reason ?? null };
  await commit(ctx, about, [...statements, auditEntry(subject, action, about, details)], { status: 200, body: view });
  ctx.log.write("alert", action === "payouts.paused" ? "payouts_paused" : "payouts_resumed", {
    by: ctx.actor,
    merchant: about,
  });
  return view;
}

/** What a scope is called in requests and signatures: a merchant's id, or `all`. */
const nameOf = (scope: string): string => scope === ALL ? "all" : scope;

/** Statement: aborts the batch unless the pause is still there as it was read. */
const abortUnlessStill = ({ scope, paused_by, paused_at }: Pause): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' WHERE NOT EXISTS " +
      "(SELECT 1 FROM payout_pauses WHERE scope = ? AND paused_by = ? AND paused_at = ?)",
    scope,
    paused_by,
    paused_at,
  );

/** What a person signs who ends a pause: just this one. Null: there is none. */
export const pauseDigest = (ctx: Pick<Context, "digests">, scope: string, pause: Pause | null): string =>
  ctx.digests.make([
    "payouts_resume",
    scope,
    pause?.paused_by ?? null,
    pause?.paused_at ?? null,
    pause?.reason ?? null,
  ]);

/** Every pause, the oldest first. Errors: `insufficient_scope`. */
export async function listPauses(ctx: Context): Promise<readonly Pause[]> {
  requirePlatform(ctx);
  return await loadPauses(ctx);
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

/** What is paused: a merchant's id, or {@link ALL}. */
async function scopeOf(ctx: Context, asked: string | undefined): Promise<string> {
  const reach = reachTo(ctx, asked ?? (ctx.reach.kind === "every" ? "all" : undefined));
  if (reach.kind === "every") return ALL;
  if (await first(ctx.db, selectMerchant(reach.merchantId)) !== null) return reach.merchantId;
  throw invalidField("/merchant", "there is no merchant with this id");
}
