import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, statement } from "../../db/query.ts";
import { event } from "../../db/trail.ts";
import type { Aggregate, Merged, Payment } from "./machine.ts";
import { paymentView } from "./payment-view.ts";
import { deletePayment, insertMerged, moveNotices } from "./store.ts";

/**
 * The state in which payments that stay have what was given back of the payments that are merged into them. Before a
 * placeholder could not be refunded, some were (ADR 0017).
 */
export function withMergedRefunds<A extends Pick<Aggregate, "payments" | "merged">>(state: A): A {
  const merged = (state.merged ?? []).filter(({ payment }) => payment.amount_refunded > 0);
  if (merged.length === 0) return state;
  const payments = state.payments.map((p): Payment => {
    const more = merged.filter(({ into }) => into === p.id).reduce(
      (sum, { payment }) => sum + payment.amount_refunded,
      0,
    );
    if (more === 0) return p;
    const amount_refunded = p.amount_refunded + more;
    const isGone = amount_refunded >= p.amount && p.status !== "taken_back";
    return { ...p, amount_refunded, status: isGone ? "refunded" : p.status };
  });
  return { ...state, payments };
}

/**
 * The statements that remove payments which were merged into another one. They abort the batch if a payment was changed
 * after it was loaded: another notice may have given it a receipt meanwhile. They come before the statements that store
 * the payments that stay.
 */
export const mergeStatements = ({ merged = [] }: Pick<Aggregate, "merged">, now: number): Statement[] =>
  merged.flatMap(({ payment, into }) => [
    ...(into === payment.id ? [] : moveRefunds(payment.id, into, now)),
    deletePayment(payment),
    abortIfUnchanged,
    insertMerged({
      id: payment.id,
      merchant_id: payment.merchant_id,
      into_id: into,
      at: now,
      receipt: payment.receipt,
    }),
    moveNotices(payment.id, into),
  ]);

/** The account in the ledger that holds the payment `?1`; it says what the payment was before it was given back. */
const HOME = "coalesce((SELECT e.debit FROM ledger_entries e JOIN refunds r ON r.id = e.subject_id " +
  "WHERE e.cause = 'refund' AND r.payment_id = ?1 ORDER BY e.entry LIMIT 1), 'merchant_available')";
const STATUS_OF_HOME =
  `CASE ${HOME} WHEN 'refunds' THEN 'duplicate_payment' WHEN 'suspense' THEN 'partial' ELSE 'matched' END`;
const WAS_REFUNDED = "EXISTS (SELECT 1 FROM refund_totals WHERE payment_id = ?1)";
const ACCOUNT_OF_P =
  "CASE p.status WHEN 'matched' THEN 'merchant_available' WHEN 'duplicate_payment' THEN 'refunds' ELSE 'suspense' END";

/**
 * Statements: refunds of the payment `from` become refunds of `into`, with their totals. The ledger sees both in the same
 * account for that, so what was posted for the refunds stays right; what went back beyond the payment is taken from what
 * the merchant has. They change nothing where `from` has no refunds.
 */
const moveRefunds = (from: string, into: string, now: number): Statement[] => [
  // Ended as refunded: the account that the ledger keeps it in is the one that it had before.
  statement(`UPDATE payments SET status = ${STATUS_OF_HOME} WHERE id = ?1 AND status = 'refunded'`, from),
  statement(
    "UPDATE payments SET checkout_id = was.checkout_id, status = was.status, updated_at = max(updated_at, ?3) " +
      "FROM (SELECT checkout_id, status FROM payments WHERE id = ?1) AS was " +
      `WHERE id = ?2 AND payments.status NOT IN ('refunded', 'taken_back') AND ${WAS_REFUNDED}`,
    from,
    into,
    now,
  ),
  statement(
    "INSERT INTO ledger_postings (merchant_id, shortcode_id, cause, subject_id, debit, credit, amount, at) " +
      "SELECT merchant_id, shortcode_id, 'payment_moved', ?2, 'merchant_available', home, min(refunded, over), ?3 FROM " +
      `(SELECT p.merchant_id, p.shortcode_id, ${ACCOUNT_OF_P} AS home, ` +
      "t.refunded AS refunded, t.refunded + i.amount_refunded - i.amount AS over FROM payments p " +
      "JOIN refund_totals t ON t.payment_id = p.id JOIN payments i ON i.id = ?2 WHERE p.id = ?1) " +
      "WHERE home <> 'merchant_available' AND min(refunded, over) > 0",
    from,
    into,
    now,
  ),
  ...moveRefundRows(from, into, now),
];

/** Statements: the refunds of `from`, and what they have promised, become those of `into`. */
const moveRefundRows = (from: string, into: string, now: number): Statement[] => [
  statement(
    "INSERT INTO refund_totals (payment_id, cap, promised, refunded) SELECT ?2, i.amount, 0, 0 " +
      `FROM payments i WHERE i.id = ?2 AND ${WAS_REFUNDED} ON CONFLICT DO NOTHING`,
    from,
    into,
  ),
  statement(
    "UPDATE refunds SET payment_id = ?2, version = version + 1, updated_at = max(updated_at, ?3) WHERE payment_id = ?1",
    from,
    into,
    now,
  ),
  statement(
    "UPDATE refund_totals SET promised = t.promised + was.promised, refunded = t.refunded + was.refunded, " +
      "cap = max(t.cap, t.promised + was.promised) FROM refund_totals t, refund_totals was " +
      "WHERE refund_totals.payment_id = ?2 AND t.payment_id = ?2 AND was.payment_id = ?1",
    from,
    into,
  ),
  statement("DELETE FROM refund_totals WHERE payment_id = ?", from),
];

/**
 * Statements: removes `payment`, of which M-Pesa's own word says otherwise and of which nothing has gone back, in the batch
 * that stores what M-Pesa says. `first` comes before that is stored, for a receipt is stored once; `then` after it.
 */
export const replaceStatements = (
  { id, merchant_id, version, receipt }: Payment,
  into: string,
  now: number,
): { readonly first: readonly Statement[]; readonly then: readonly Statement[] } => ({
  first: [
    statement(
      "UPDATE payments SET receipt = NULL, version = version + 1 WHERE id = ? AND version = ? AND checkout_id IS NULL " +
        "AND amount_refunded = 0 AND amount_taken_back = 0",
      id,
      version,
    ),
    abortIfUnchanged,
  ],
  then: [
    // A reversal that was not asked for yet is asked for in the name of the shortcode that has the money.
    statement(
      "UPDATE refunds SET shortcode_id = (SELECT shortcode_id FROM payments WHERE id = ?2) " +
        "WHERE payment_id = ?1 AND method = 'reversal' AND requests = '[]'",
      id,
      into,
    ),
    ...moveRefundRows(id, into, now),
    statement("DELETE FROM payments WHERE id = ?", id),
    insertMerged({ id, merchant_id, into_id: into, at: now, receipt }),
    moveNotices(id, into),
  ],
});

/** The payment of the same transfer that stays: the one that was named, or the one that has the receipt now. */
const survivorOf = ({ payment, into }: Merged, payments: readonly Payment[]): Payment | undefined =>
  payments.find(({ id }) => id === into && id !== payment.id) ??
    payments.find(({ id, receipt }) => receipt !== null && receipt === payment.receipt && id !== payment.id);

/**
 * The events that tell shops that a payment which they know is the same transfer as another one. `payments`: as the batch
 * stores them.
 */
export async function mergeEvents(
  ctx: Context,
  { merged = [] }: Pick<Aggregate, "merged">,
  payments: readonly Payment[],
): Promise<Statement[]> {
  const list: Statement[] = [];
  for (const one of merged) {
    const survivor = survivorOf(one, payments);
    if (survivor === undefined) continue;
    list.push(await mergedEvent(ctx, survivor, one.payment.id));
    if (survivor.amount_refunded <= survivor.amount) continue;
    const { id, merchant_id: merchant, amount, amount_refunded } = survivor;
    ctx.log.write("alert", "payment_over_refunded", { merchant, payment: id, amount, amount_refunded });
    list.push(event(ctx, "payment.over_refunded", id, { ...await paymentView(ctx, survivor) }));
  }
  return list;
}

/** The event that tells that `survivor`, as the batch stores it, has the place of the payment `mergedId`. */
export const mergedEvent = async (ctx: Context, survivor: Payment, mergedId: string): Promise<Statement> =>
  event(ctx, "payment.merged", survivor.id, { ...await paymentView(ctx, survivor), merged: mergedId });
