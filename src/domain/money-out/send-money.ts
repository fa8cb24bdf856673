import type { Context, Services } from "../../context/context.ts";
import type { Answer, AsyncAccepted, MoneySenders, Unreachable } from "../../daraja/daraja.ts";
import type { Statement } from "../../db/database.ts";
import { first, type Query, statement } from "../../db/query.ts";
import type { payoutPauses } from "../../db/schema.ts";

/** While money out is paused, what waits to be sent is checked this often; the end of the pause wakes it at once. */
const PAUSED_CHECK_MS = 10 * 60_000;
/** How long the request may wait in this process after its start was stored. After {@link whileCalling} it counts as lost. */
const LONGEST_WAIT_MS = 10_000;
const SHORTEST_WAIT_MS = 2_000;

export type Pause = typeof payoutPauses.$inferSelect;

/** SQL: what stops the money of a merchant: its own pause, that of all merchants, and that the merchant is disabled. */
export const pausesOf = (merchant: string): string =>
  `SELECT scope FROM payout_pauses WHERE scope IN ('*', ${merchant}) ` +
  `UNION ALL SELECT id FROM merchants WHERE id = ${merchant} AND status = 'disabled'`;

const selectPausesOf = (merchantId: string): Query<string> => ({
  sql: `SELECT * FROM (${pausesOf("?1")}) LIMIT 1`,
  args: [merchantId],
  map: ([scope]) => String(scope),
});

/** Until when (ms) what waits to be sent for this merchant is left alone; 0: money out is not paused. */
export const pausedUntil = async ({ db, clock }: Pick<Services, "db" | "clock">, merchantId: string): Promise<number> =>
  await first(db, selectPausesOf(merchantId)) === null ? 0 : pausedCheckAt(clock.now());

/** When (ms) a payout or refund that waits for the end of a pause is looked at again. */
export const pausedCheckAt = (now: number): number => now + PAUSED_CHECK_MS;

/**
 * Statement: makes the batch fail with `conflict` while money out of this merchant, or of all, is paused, and while the
 * merchant is disabled.
 */
const abortIfPaused = (merchantId: string): Statement =>
  statement(`INSERT INTO guards (failed) SELECT 'conflict' FROM (${pausesOf("?1")})`, merchantId);

/** How money leaves. `storeStart` stores that the request is about to leave; `guard` must be in its batch. */
export interface Sending<Row> {
  readonly merchantId: string;
  readonly storeStart: (guard: Statement) => Promise<Row>;
  readonly send: (started: Row, senders: MoneySenders) => Promise<Answer<AsyncAccepted> | null>;
}

/**
 * The one way on which money leaves: B2C, B2B, tax and reversals. Its start is stored before the call, in a batch that
 * a pause refuses. So after a crash the next process knows that the money may have left, and while money out is paused
 * nothing leaves. A process that was stopped in between for too long sends nothing: by then others count the request as
 * lost. Returns null as answer where `send` sent nothing. Errors: `conflict` (as ConstraintError) when another process
 * changed the row, or money out is paused; then nothing was sent.
 */
export async function sendMoney<Row>(
  ctx: Context,
  { merchantId, storeStart, send }: Sending<Row>,
): Promise<{ readonly started: Row; readonly answer: Answer<AsyncAccepted> | null }> {
  const begunAt = ctx.clock.now();
  const started = await storeStart(abortIfPaused(merchantId));
  const answer = await send(started, gated(ctx, begunAt));
  return { started, answer };
}

function gated(ctx: Context, begunAt: number): MoneySenders {
  const longest = Math.max(SHORTEST_WAIT_MS, LONGEST_WAIT_MS * Math.min(1, ctx.config.plans.scale));
  const isLate = () => ctx.clock.now() - begunAt > longest;
  const late: Unreachable = { outcome: "unreachable", reason: "stalled" };
  const { moneyOut } = ctx;
  return {
    b2c: async (app, payment) => isLate() ? late : await moneyOut.b2c(app, payment),
    b2b: async (app, payment) => isLate() ? late : await moneyOut.b2b(app, payment),
    remitTax: async (app, remittance) => isLate() ? late : await moneyOut.remitTax(app, remittance),
    reversal: async (app, request) => isLate() ? late : await moneyOut.reversal(app, request),
  };
}
