import type { Context } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import type { Limits } from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { statusOf } from "./machine/status.ts";

/* Thresholds of approval that are not of one payout: many small ones must not pass where one large one would not. */

const HOUR_MS = 3_600_000;
const WINDOW_HOURS = 24;
/** These counters have no cap: what they count decides about approval, and refuses nothing. */
const NO_CAP = 8_000_000_000_000_000;

/** The payout, waiting for a second client. */
const awaiting = (payout: Payout): Payout => {
  const asked = { ...payout, approval_required: true };
  return { ...asked, status: statusOf(asked) };
};

/**
 * Decides by what is known before the write: a batch whose sum is large awaits approval as a whole, and so does a large
 * payout to somebody who was never paid. Who was paid once stays known, so this may be read before the write.
 */
export async function requireApprovals(
  ctx: Context,
  payouts: readonly Payout[],
  limits: Limits,
): Promise<readonly Payout[]> {
  const sum = payouts.reduce((total, { amount }) => total + amount, 0);
  if (payouts.some(({ batch_id }) => batch_id !== null) && sum >= limits.approvalFromBatch) {
    return payouts.map(awaiting);
  }
  const large = payouts.filter(({ amount }) => amount >= limits.approvalFromNewPayee);
  if (large.length === 0) return payouts;
  const [paid] = await rows(ctx.db, selectPaidPayees(ctx, large));
  const known = new Set(paid);
  return payouts.map((payout) =>
    payout.amount >= limits.approvalFromNewPayee && !known.has(payout.phone_index.toHex()) ? awaiting(payout) : payout
  );
}

/** While the index key changes, a stored payout may have the payee's index of either key. */
const selectPaidPayees = ({ merchantId, vault }: Context, payouts: readonly Payout[]): Query<string> => ({
  sql: "SELECT line.value ->> 0 FROM json_each(?) line WHERE EXISTS (SELECT 1 FROM payouts p " +
    "WHERE p.merchant_id = ? AND p.phone_index = unhex(line.value ->> 1) AND p.status = 'succeeded')",
  args: [
    JSON.stringify(
      payouts.flatMap(({ phone_index }) =>
        vault.alike(phone_index).map((index) => [phone_index.toHex(), index.toHex()])
      ),
    ),
    merchantId,
  ],
  map: ([payee]) => String(payee),
});

/** Statements: count what is sent without approval, and abort the batch where a sum of 24 hours reaches its threshold. */
function countUnapproved(payouts: readonly Payout[], limits: Limits): Statement[] {
  const sums = new Map<string, { amount: number; threshold: number; at: number }>();
  for (const { approval_required, merchant_id, created_by, created_at, phone_index, amount } of payouts) {
    if (approval_required) continue;
    for (
      const [name, threshold] of [
        [`unapproved/maker/${merchant_id}/${created_by}/`, limits.approvalFromPerMaker],
        [`unapproved/payee/${merchant_id}/${phone_index.toHex()}/`, limits.approvalFromPerPayee],
      ] as const
    ) sums.set(name, { amount: (sums.get(name)?.amount ?? 0) + amount, threshold, at: created_at });
  }
  if (sums.size === 0) return [];
  const lines = [...sums].map(([name, { amount, threshold, at }]) => {
    const hour = Math.floor(at / HOUR_MS); // six digits until 2084, so names sort by time
    return [name + hour, amount, (hour + WINDOW_HOURS + 2) * HOUR_MS, name + (hour - WINDOW_HOURS), threshold];
  });
  const text = JSON.stringify(lines);
  return [
    statement(
      "INSERT INTO counters (name, total, cap, expires_at) " +
        `SELECT value ->> 0, value ->> 1, ${NO_CAP}, value ->> 2 FROM json_each(?) WHERE true ` +
        "ON CONFLICT (name) DO UPDATE SET total = total + excluded.total",
      text,
    ),
    statement(
      "INSERT INTO guards (failed) SELECT 'approval' FROM json_each(?) line WHERE (SELECT sum(c.total) FROM counters c " +
        "WHERE c.name >= line.value ->> 3 AND c.name <= line.value ->> 0) >= line.value ->> 4",
      text,
    ),
  ];
}

const isApprovalNeeded = (error: unknown): boolean => error instanceof ConstraintError && error.rule === "guard";

/**
 * Stores new payouts by `write`, which puts the statements into its batch. If what their maker or a payee has without
 * approval would reach its threshold, `write` runs again with all of them awaiting approval. The sums belong to the
 * write, so many requests at once can't pass together.
 */
export async function withApprovalSums<T>(
  payouts: readonly Payout[],
  limits: Limits,
  write: (payouts: readonly Payout[], statements: readonly Statement[]) => Promise<T>,
): Promise<T> {
  try {
    return await write(payouts, countUnapproved(payouts, limits));
  } catch (error) {
    if (!isApprovalNeeded(error)) throw error;
    return await write(payouts.map(awaiting), []);
  }
}
