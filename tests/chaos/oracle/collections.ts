import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import type { Transaction } from "../../../src/simulator/core/transactions.ts";
import { type Evidence, groupBy } from "./evidence.ts";
import type { Verdict } from "./verdict.ts";

/** Money in: every movement of the books is one payment, and nothing else is. */
export function judgeCollections(evidence: Evidence, verdict: Verdict): void {
  const { rows, books } = evidence;
  const byReceipt = groupBy(rows.payments.filter(({ receipt }) => receipt !== null), ({ receipt }) => receipt);
  const moved = books.filter(({ kind }) => kind === "stk" || kind === "c2b");
  const unreceipted = moved.filter((money) => {
    const found = byReceipt.get(money.receipt) ?? [];
    if (found.length > 1) verdict.add("recorded twice", `receipt ${money.receipt}`, ...found.map(({ id }) => id));
    for (const payment of found) judgePayment(evidence, verdict, money, payment);
    return found.length === 0;
  });
  const receipts = new Set(moved.map(({ receipt }) => receipt));
  for (const { id, receipt } of rows.payments) {
    if (receipt !== null && !receipts.has(receipt)) {
      verdict.add("recorded though not paid", `${id} has a receipt that the books don't`, id);
    }
  }
  judgeUnreceipted(evidence, verdict, unreceipted);
  judgePushes(evidence, verdict);
}

function judgePayment(evidence: Evidence, verdict: Verdict, money: Transaction, payment: PaymentView): void {
  if (payment.amount !== money.amount * 100 || payment.shortcode !== money.shortcode) {
    verdict.add("lost", `${payment.id} is not the money of ${money.receipt}`, payment.id, money.phone);
  }
  if (payment.status !== "matched") return;
  const checkout = evidence.rows.checkouts.find(({ id }) => id === payment.checkout);
  if (checkout?.status === "succeeded" || (checkout?.status === "review" && mayBeInReview(evidence, checkout))) return;
  verdict.add("lost", `${payment.id} is matched, its checkout ${checkout?.status}`, payment.id, payment.checkout);
}

/** Whether a person has to look at it: M-Pesa contradicts itself, money went back, or several payments came together. */
function mayBeInReview(evidence: Evidence, checkout: CheckoutView): boolean {
  const { rows, scene } = evidence;
  const own = rows.payments.filter((payment) => payment.checkout === checkout.id);
  return isContradicted(evidence, checkout) || own.length > 1 ||
    own.some(({ id }) => scene.ledger.matchedByHand.has(id) || rows.refunds.some(({ payment }) => payment === id));
}

/** Whether a phone of the checkout's is told of with another amount (9005), which only a person can sort out. */
const isContradicted = ({ pushes }: Evidence, { attempts }: CheckoutView): boolean =>
  attempts.some(({ id }) => [...pushes].some(([phone, [push]]) => phone.endsWith("9005") && push?.attemptId === id));

/** Money without its receipt recorded must be a payment without a receipt, or be rightly unknown. */
function judgeUnreceipted(evidence: Evidence, verdict: Verdict, moved: readonly Transaction[]): void {
  const waiting = groupBy(
    evidence.rows.payments.filter(({ receipt }) => receipt === null),
    ({ account_reference, amount }) => `${account_reference} ${amount}`,
  );
  for (const money of moved) {
    const name = `${money.account_reference} ${money.amount * 100}`;
    const payment = waiting.get(name)?.shift();
    const told = wasTold(evidence, money);
    if (payment !== undefined && !told) continue;
    if (payment !== undefined) {
      verdict.add("lost", `the receipt ${money.receipt}, which a notice brought`, payment.id, money.phone);
    } else if (told) judgeQuarantined(evidence, verdict, money);
    else if (couldBeKnown(evidence, money)) verdict.add("lost", `${money.kind} ${money.receipt}`, money.phone);
    else verdict.unheard++;
  }
  for (const payment of [...waiting.values()].flat()) {
    verdict.add("recorded though not paid", `${payment.id}, or the same money twice`, payment.id, payment.checkout);
  }
}

/** Whether a notice or a statement with this receipt was acknowledged. */
function wasTold({ scene, pushes }: Evidence, money: Transaction): boolean {
  const { callbacks, simulator } = scene.stage;
  if (scene.ledger.imported.has(money.receipt)) return true;
  const confirmed = simulator.world.accounts.find(money.shortcode)?.c2b?.confirmationUrl.split("/").at(-1);
  if (confirmed !== undefined && callbacks.wasAccepted(confirmed, `"${money.receipt}"`)) return true;
  const [push] = pushes.get(money.phone ?? "") ?? [];
  return push !== undefined && callbacks.wasAccepted(push.capability, `"${money.receipt}"`);
}

/** Told, but not recorded: only money whose notice contradicts what was asked (9005), which a person sees. */
function judgeQuarantined(evidence: Evidence, verdict: Verdict, money: Transaction): void {
  const checkout = checkoutOf(evidence, money.phone);
  if (money.phone?.endsWith("9005") && (checkout?.status === "review" || checkout?.status === "succeeded")) return;
  verdict.add("lost", `${money.kind} ${money.receipt}, which a notice told of`, money.phone, checkout?.id);
}

/** Whether anything can have told of it: an acknowledged notice, or ids to ask with. */
function couldBeKnown(evidence: Evidence, money: Transaction): boolean {
  if (money.kind === "c2b") return false; // told of once, and that was lost
  const [push] = evidence.pushes.get(money.phone ?? "") ?? [];
  if (push !== undefined && evidence.scene.stage.callbacks.wasAccepted(push.capability)) return true;
  const attempt = checkoutOf(evidence, money.phone)?.attempts.find(({ id }) => id === push?.attemptId);
  return attempt === undefined || attempt.accepted_at !== null;
}

function checkoutOf({ rows, pushes }: Evidence, phone: string | null): CheckoutView | undefined {
  const [push] = pushes.get(phone ?? "") ?? [];
  return rows.checkouts.find(({ attempts }) => attempts.some(({ id }) => id === push?.attemptId));
}

/** Attempts against the phones that were prompted for them. */
function judgePushes({ rows, books, pushes }: Evidence, verdict: Verdict): void {
  const paid = groupBy(books.filter(({ kind }) => kind === "stk"), ({ phone }) => phone ?? "");
  const attempts = new Map(
    rows.checkouts.flatMap((c) => c.attempts.map((a) => [a.id, { ...a, checkout: c }] as const)),
  );
  const moved = new Set<string>();
  for (const [phone, sent] of pushes) {
    const attemptId = sent[0]?.attemptId ?? "";
    const attempt = attempts.get(attemptId);
    const money = paid.get(phone) ?? [];
    if (money.length > 0) moved.add(attemptId);
    if (money.length > 1) verdict.add("paid twice", `${phone} by ${sent.length} prompts`, attemptId, phone);
    if (attempt === undefined) verdict.add("lost", `the attempt that prompted ${phone}`, attemptId, phone);
    else if (money.length > 0 && attempt.status === "failed") {
      verdict.add("called failed though paid", attemptId, attemptId, attempt.checkout.id, phone);
    } else if (money.length > 0 && ["open", "expired"].includes(attempt.checkout.status)) {
      const verb = attempt.checkout.status === "expired" ? "called failed though paid" : "stuck";
      verdict.add(verb, `${attempt.checkout.id} is ${attempt.checkout.status}`, attemptId, attempt.checkout.id, phone);
    }
  }
  for (const { id, status, checkout } of attempts.values()) {
    if (status === "succeeded" && !moved.has(id)) verdict.add("recorded though not paid", id, id, checkout.id);
  }
}
