import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import type { Allocation } from "../../db/schema.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import { abortIfOverdrawn, loadReachedAccount, raised, storeAccount } from "../accounts/store.ts";
import { accountData } from "../accounts/view.ts";
import { checkoutAsStored } from "../checkouts/as-stored.ts";
import { type Aggregate, isGone, type Payment, receivedOf, setAllocated, sourceOfFree } from "../checkouts/machine.ts";
import { paymentView } from "../checkouts/payment-view.ts";
import { abortIfPromised, loadCheckout, updatePayment } from "../checkouts/store.ts";
import { changeStatements } from "../checkouts/transition.ts";
import { findWaitingCheckout } from "../checkouts/waiting-prompts.ts";
import type { allocatePayment as contract, PaymentDetail } from "./contract.ts";
import { paymentDetail } from "./detail.ts";
import { loadOwnPayment } from "./read.ts";

const placeOf = (part: Allocation): string => "checkout" in part ? part.checkout : part.account;
const amountAt = (parts: readonly Allocation[], place: string): number =>
  parts.reduce((sum, part) => sum + (placeOf(part) === place ? part.amount : 0), 0);

/**
 * Distributes a payment over checkouts and accounts, as a person decided, in place of what was allocated before. Errors:
 * `not_found` (also for a place that is not the caller's), `validation_failed`, `wrong_state`, `refunded_already`,
 * `conflict` where somebody else placed it at the same time, or since the version `seen`.
 */
export async function allocatePayment(
  ctx: Context,
  input: Input<typeof contract>,
  seen?: number,
): Promise<PaymentDetail> {
  requireScope(ctx, "payments:write");
  const parts = checkParts(input);
  return await retryOnConflict(async () => {
    const payment = await loadOwnPayment(ctx, input.id);
    if (payment.version !== (seen ??= payment.version)) {
      throw new Problem("conflict", "Somebody else has just placed this payment. Look at it again before you move it.");
    }
    const before = partsOf(payment);
    if (JSON.stringify(before) === JSON.stringify(parts)) return await paymentDetail(ctx, payment);
    requireAllocatable(payment, parts);
    return await store(ctx, payment, before, parts);
  });
}

/** Checkouts come first, because what goes back takes the last parts first. */
function checkParts({ allocations }: Input<typeof contract>): Allocation[] {
  const parts = allocations.map(({ checkout, account, amount }, i): Allocation => {
    if (checkout !== undefined && account === undefined) return { checkout, amount };
    if (account !== undefined && checkout === undefined) return { account, amount };
    throw invalidField(`/allocations/${i}`, "must name either a checkout or an account");
  });
  const places = parts.map(placeOf);
  const again = places.findIndex((place, i) => places.indexOf(place) < i);
  if (again >= 0) throw invalidField(`/allocations/${again}`, "names a place that is named before; add the amounts up");
  return parts.toSorted((a, b) => Number("account" in a) - Number("account" in b));
}

const partsOf = ({ allocations, checkout_id: checkout, status, amount }: Payment): readonly Allocation[] =>
  allocations ?? (checkout !== null && (status === "matched" || status === "partial") ? [{ checkout, amount }] : []);

function requireAllocatable(payment: Payment, parts: readonly Allocation[]): void {
  const sum = parts.reduce((total, part) => total + part.amount, 0);
  const gone = Math.max(payment.amount_promised, payment.amount_refunded) + payment.amount_taken_back;
  if (sum > payment.amount) throw invalidField("/allocations", `must add up to at most ${payment.amount} cents`);
  if (isGone(payment) || sum > payment.amount - gone || (payment.checkout_id !== null && gone > 0)) {
    throw new Problem(
      "refunded_already",
      `${gone} cents of the payment were given or promised back, so at most ${payment.amount - gone} can be allocated${
        payment.checkout_id === null ? "" : ", and it can't leave its checkout"
      }.`,
    );
  }
  if (payment.receipt === null) {
    throw new Problem("wrong_state", "M-Pesa's receipt of this payment is not known yet. Try again when it is.");
  }
  if (payment.attempt_id !== null) {
    throw new Problem(
      "wrong_state",
      "A prompt was paid by this payment. Only POST /v1/payments/{id}/match moves it, where nothing proves whose it is.",
    );
  }
}

async function store(
  ctx: Context,
  payment: Payment,
  before: readonly Allocation[],
  parts: readonly Allocation[],
): Promise<PaymentDetail> {
  const now = ctx.clock.now();
  const sum = parts.reduce((total, part) => total + part.amount, 0);
  const held = payment.amount - payment.amount_promised - payment.amount_taken_back;
  const placed: Payment = {
    ...payment,
    checkout_id: null,
    receipt_source: sum === 0 ? sourceOfFree(payment, "person") : "person",
    status: sum === 0 ? "unmatched" : sum === held ? "matched" : "partial",
    allocations: parts.length === 0 ? null : parts,
  };
  const stored: Payment = { ...placed, version: payment.version + 1, updated_at: Math.max(payment.created_at, now) };
  const { checkouts, accounts } = placesOf([...before, ...parts]);
  if (payment.checkout_id !== null) checkouts.add(payment.checkout_id); // a duplicate gives nothing to its checkout, and leaves it
  const changes: Statement[] = [];
  if (payment.checkout_id === null) changes.push(...await paymentStatements(ctx, payment, stored));
  const given = payment.allocations ?? [];
  for (const id of checkouts) {
    const state = await loadOwnCheckout(ctx, id, payment);
    const more = amountAt(parts, id) - amountAt(given, id);
    changes.push(...await checkoutStatements(ctx, state, placed, more, parts.findIndex((p) => placeOf(p) === id)));
  }
  for (const id of accounts) {
    changes.push(...await accountStatements(ctx, id, payment, amountAt(parts, id) - amountAt(given, id)));
  }
  if (parts.length === 0) changes.push(...await lookForPrompt(ctx, stored));
  const view = await paymentDetail(ctx, stored);
  await commit(ctx, payment.id, [
    ...changes,
    auditEntry(ctx, "payment.allocated", payment.id, { was: payment.status, from: before, to: parts }),
  ], { status: 200, body: view });
  ctx.jobs.wake(now);
  ctx.note({ payment: payment.id, places: parts.length });
  return view;
}

/** Statements: a prompt that a query called paid, and whose receipt is not known, may have been paid by money that is free again. */
async function lookForPrompt(ctx: Context, payment: Payment): Promise<Statement[]> {
  const { shortcode_id: shortcode, receipt, amount, account_reference: accountReference, paid_at: paidAt } = payment;
  const money = { receipt: receipt ?? "", amount, accountReference, paidAt };
  const { checkoutId } = await findWaitingCheckout(ctx, shortcode, money, ctx.clock.now());
  return checkoutId === null ? [] : [ctx.jobs.schedule("checkout", checkoutId, payment.merchant_id, ctx.clock.now())];
}

function placesOf(parts: readonly Allocation[]): { checkouts: Set<string>; accounts: Set<string> } {
  return {
    checkouts: new Set(parts.flatMap((part) => "checkout" in part ? [part.checkout] : [])),
    accounts: new Set(parts.flatMap((part) => "account" in part ? [part.account] : [])),
  };
}

const paymentStatements = async (ctx: Context, before: Payment, stored: Payment): Promise<Statement[]> => [
  abortIfPromised(before),
  updatePayment(stored, stored.id, before.version),
  abortIfUnchanged,
  event(
    ctx,
    stored.status === "matched" ? "payment.matched" : "payment.updated",
    stored.id,
    await paymentView(ctx, stored),
  ),
];

async function loadOwnCheckout(ctx: Context, id: string, payment: Payment): Promise<Aggregate> {
  const state = await loadCheckout(ctx, id);
  if (state === null || state.checkout.merchant_id !== ctx.merchantId) {
    throw new Problem("not_found", "There is no checkout with this id. GET /v1/checkouts lists yours.");
  }
  if (state.checkout.shortcode_id !== payment.shortcode_id) {
    throw invalidField("/allocations", `${id} is to be paid to another shortcode than the one that this money came to`);
  }
  return state;
}

/** The checkout without the payment, if it was its own, and with `more` cents of what others gave to it. */
async function checkoutStatements(
  ctx: Context,
  before: Aggregate,
  placed: Payment,
  more: number,
  at: number,
): Promise<Statement[]> {
  const now = ctx.clock.now();
  const payments = before.payments.map((p) => (p.id === placed.id ? placed : p));
  const left = { ...before, payments };
  const { amount, amount_allocated: given } = before.checkout;
  const free = amount - receivedOf(left);
  if (more > Math.max(0, free)) {
    throw invalidField(
      `/allocations/${at}/amount`,
      `is more than the checkout still needs: at most ${Math.max(0, free) + given} cents fit`,
    );
  }
  const after = checkoutAsStored(before, setAllocated(left, Math.max(0, given + more), now), now);
  return await changeStatements(ctx, before, after, "checkout.allocated");
}

/** The account with `more` cents; the batch fails if it has applied what is taken from it. */
async function accountStatements(ctx: Context, id: string, payment: Payment, more: number): Promise<Statement[]> {
  const before = await loadReachedAccount(ctx, id);
  if (before.account.shortcode_id !== payment.shortcode_id) {
    throw invalidField("/allocations", `${id} is of another shortcode than the one that this money came to`);
  }
  if (before.balance + more < 0) {
    throw new Problem(
      "wrong_state",
      "The account has applied this money to checkouts already. Take it back from them first.",
    );
  }
  const now = ctx.clock.now();
  const account = raised(before.account, now);
  const state = { account, balance: before.balance + more, received: before.received + more };
  const type = more > 0 ? "account.credited" : "account.updated";
  return [
    abortIfOverdrawn(id),
    ...storeAccount(account),
    event(ctx, type, id, { ...await accountData(ctx, state), payment: payment.id }),
    ctx.jobs.schedule("account", id, account.merchant_id, now),
  ];
}
