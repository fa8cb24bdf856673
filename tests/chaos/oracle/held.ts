import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { type Evidence, groupBy } from "./evidence.ts";
import type { RefundRow } from "./rows.ts";
import type { Verdict } from "./verdict.ts";

/** The money of each payment and each checkout, by the books: what came in, less what went back. */
export function judgeHeld(evidence: Evidence, verdict: Verdict): void {
  const { rows } = evidence;
  const refunds = groupBy(rows.refunds, ({ payment }) => payment);
  const back = new Map(rows.payments.map((payment) => [payment.id, wentBack(evidence, payment)]));
  for (const payment of rows.payments) {
    judgeBack(verdict, payment, refunds.get(payment.id) ?? [], back.get(payment.id) ?? 0);
  }
  judgeWaiting(evidence, verdict);
  const byCheckout = groupBy(rows.payments, ({ checkout }) => checkout);
  for (const checkout of rows.checkouts) {
    judgeCheckout(evidence, verdict, checkout, byCheckout.get(checkout.id) ?? [], back);
  }
  judgeOwners(evidence, verdict);
  judgePauses(evidence, verdict);
}

/** Cents of a payment that the books gave back: reversals of its receipt, and the payouts of its refunds. */
function wentBack({ rows, books }: Evidence, { id, receipt }: PaymentView): number {
  const carriers = new Set(rows.refunds.filter((refund) => refund.payment === id).map(({ payout }) => payout));
  const originators = new Set(
    rows.payouts.filter((payout) => carriers.has(payout.id)).map((payout) => payout.originator_conversation_id),
  );
  return books.filter(({ kind, original_receipt, originator_conversation_id: originator }) =>
    kind === "reversal"
      ? receipt !== null && original_receipt === receipt
      : kind === "b2c" && originators.has(originator ?? "")
  ).reduce((sum, { amount }) => sum + amount * 100, 0);
}

function judgeBack(verdict: Verdict, payment: PaymentView, refunds: readonly RefundRow[], back: number): void {
  const { id, amount, amount_refunded } = payment;
  const about = [id, payment.checkout, ...refunds.map((refund) => refund.id)];
  const succeeded = refunds.filter(({ status }) => status === "succeeded").reduce((sum, r) => sum + r.amount, 0);
  const has = (...wanted: string[]) => refunds.some(({ status }) => wanted.includes(status));
  if (back > amount) verdict.add("paid twice", `${back} went back of ${id}, which is ${amount}`, ...about);
  if (amount_refunded !== succeeded) {
    verdict.add("held differs", `${id} says ${amount_refunded} refunded, its refunds ${succeeded}`, ...about);
  }
  if (back < succeeded) {
    verdict.add("recorded though not paid", `${succeeded - back} of the refunds of ${id}`, ...about);
  }
  if (back > succeeded && !has("in_doubt")) {
    verdict.add(
      has("failed") ? "called failed though paid" : "lost",
      `${back - succeeded} refunded of ${id}`,
      ...about,
    );
  }
}

/** No refund still waits, except for a person who has not approved its payout yet. */
function judgeWaiting({ rows }: Evidence, verdict: Verdict): void {
  const unapproved = new Set(rows.payouts.filter(({ status }) => status === "awaiting_approval").map(({ id }) => id));
  for (const { id, payment, payout, status } of rows.refunds) {
    const waitsForPerson = payout !== null && unapproved.has(payout);
    if (["queued", "submitted"].includes(status) && !waitsForPerson) {
      verdict.add("stuck", `${id} is ${status}`, id, payment);
    }
  }
}

function judgeCheckout(
  { books, scene }: Evidence,
  verdict: Verdict,
  checkout: CheckoutView,
  payments: readonly PaymentView[],
  back: ReadonlyMap<string, number>,
): void {
  const about = [checkout.id, ...payments.map(({ id }) => id)];
  const byReceipt = new Map(books.map((money) => [money.receipt, money.amount * 100]));
  const inBooks = payments.reduce(
    (sum, { id, receipt, amount }) =>
      sum + (receipt === null ? amount : byReceipt.get(receipt) ?? 0) - (back.get(id) ?? 0),
    0,
  );
  const held = payments.reduce((sum, { amount, amount_refunded }) => sum + amount - amount_refunded, 0);
  if (held !== inBooks) verdict.add("held differs", `${checkout.id} holds ${held}, by the books ${inBooks}`, ...about);
  const paid = payments.filter(({ status }) => status !== "duplicate_payment").reduce((sum, p) => sum + p.amount, 0);
  const byHand = payments.some(({ id }) => scene.ledger.matchedByHand.has(id)); // a person may accept less
  if (checkout.status === "succeeded" && paid < checkout.amount && !byHand) {
    verdict.add("held differs", `${checkout.id} succeeded with ${paid} of ${checkout.amount}`, ...about);
  }
  if (["open", "expired", "cancelled"].includes(checkout.status) && held >= checkout.amount) {
    verdict.add("held differs", `${checkout.id} is ${checkout.status} and holds ${held}`, ...about);
  }
  if (["expired", "cancelled"].includes(checkout.status) && held > 0) {
    verdict.add("held differs", `${checkout.id} is ${checkout.status} and holds a part: ${held}`, ...about);
  }
}

/** Money that a callback proves to be a prompt's is its checkout's, unless a person moved it. */
function judgeOwners({ rows, books, pushes, scene }: Evidence, verdict: Verdict): void {
  const { callbacks } = scene.stage;
  for (const { kind, receipt, phone } of books) {
    if (kind !== "stk" || phone?.endsWith("9005")) continue; // its callback names another amount, and proves nothing
    const [push] = pushes.get(phone ?? "") ?? [];
    if (push === undefined || !callbacks.wasAccepted(push.capability, `"${receipt}"`)) continue;
    const owner = rows.checkouts.find(({ attempts }) => attempts.some(({ id }) => id === push.attemptId));
    const payment = rows.payments.find((one) => one.receipt === receipt);
    if (payment === undefined || owner === undefined || payment.checkout === owner.id) continue;
    if (scene.ledger.matchedByHand.has(payment.id)) continue;
    const what = `${receipt} was paid for ${owner.id}, and is with ${payment.checkout}`;
    verdict.add("held differs", what, payment.id, owner.id, payment.checkout, push.attemptId, phone);
  }
}

/** Nothing was asked to leave while money out was paused. */
function judgePauses({ scene }: Evidence, verdict: Verdict): void {
  for (const { at, body } of scene.stage.daraja.moneyOut) {
    if (!scene.ledger.pauses.some(({ from, to }) => from <= at && at <= to)) continue;
    const { OriginatorConversationID: originator, TransactionID: receipt } = JSON.parse(body || "{}");
    verdict.add("paid while paused", originator ?? receipt ?? "a request", originator);
  }
}
