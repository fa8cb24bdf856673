import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { DecidedCallback } from "./decide-fields.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import {
  type Aggregate,
  askedBy,
  CLOCK_SKEW_MS,
  displaceInferred,
  findFree,
  isGone,
  isOfSameAccount,
  mergePayment,
  type Payment,
  releaseReceipt,
  replacePlaceholder,
  toFree,
} from "./machine.ts";
import { readStkResult } from "../../daraja/codes.ts";
import { loadCheckout, loadCheckoutOfAttempt, loadCheckoutWithFree } from "./store.ts";
import { changeStatements } from "./transition.ts";
import { findWaitingCheckout, loadWaitingCheckout } from "./waiting-prompts.ts";
import { freePayment, hasGivenNothingBack, isWithdrawable, withdrawPayment } from "./withdraw-payment.ts";

/** Whether the callback says that the prompt was paid, and names no receipt. */
export const isBare = ({ resultCode, receipt }: DecidedCallback): boolean =>
  receipt === null && readStkResult(resultCode).outcome === "paid";

/** Since when (ms) money may have moved for the attempt. */
export const pushedSince = ({ attempts }: Aggregate, attemptId: string): number =>
  (attempts.find(({ id }) => id === attemptId)?.created_at ?? 0) - CLOCK_SKEW_MS;

/**
 * The checkout as a callback must see it. If the receipt was put to another attempt of the checkout, money that this other
 * attempt may have been paid by instead is loaded too; and so is money that may be meant where no receipt is named.
 */
export async function loadForCallback(
  ctx: Omit<Context, "merchantId">,
  attemptId: string,
  notice: DecidedCallback,
): Promise<Aggregate | null> {
  const { receipt } = notice;
  const state = await loadCheckoutOfAttempt(ctx, attemptId, receipt);
  if (state !== null && isBare(notice)) {
    return await loadCheckoutWithFree(ctx, state.checkout.id, pushedSince(state, attemptId));
  }
  const holder = state?.payments.find((p) => p.receipt !== null && p.receipt === receipt)?.attempt_id;
  const sibling = state?.attempts.find(({ id }) => id === holder && id !== attemptId);
  if (state === null || sibling === undefined) return state;
  return await loadCheckoutWithFree(ctx, state.checkout.id, sibling.created_at - CLOCK_SKEW_MS);
}

/** The checkout as the callback's facts must find it, and what is written about other checkouts in the same batch. */
interface Taken {
  readonly state: Aggregate;
  readonly others: readonly Statement[];
  /** Ids of payments that those statements withdraw: what the callback proves has their place. */
  readonly withdrawn: readonly string[];
  /** Payments with refunds that gave nothing back: these go with the receipt to what the callback proves. */
  readonly replaced: readonly Payment[];
}

/** The checkout as it was loaded: nothing is taken from elsewhere. */
const untouched = (state: Aggregate): Taken => ({ state, others: [], withdrawn: [], replaced: [] });

/**
 * A callback proves whose a receipt is. So it takes the receipt from another checkout that only inferred it, or that was
 * paid by its account or by a person's word, and it outranks what a file or unmatched money says of the amount or the
 * shortcode. A receipt that another callback has proven stays where it is: the machine then finds a contradiction.
 */
export async function takeReceipt(
  ctx: Context,
  before: Aggregate,
  attemptId: string,
  notice: DecidedCallback,
  now: number,
): Promise<Taken> {
  if (isBare(notice)) return untouched(withOwnAndAccounts(before, attemptId, now));
  const named = before.payments.filter((p) => p.receipt !== null && p.receipt === notice.receipt);
  const elsewhere = named.filter((p) => p.shortcode_id !== before.checkout.shortcode_id);
  const state: Aggregate = { ...before, payments: before.payments.filter((p) => !elsewhere.includes(p)) };
  if (notice.problem !== null || readStkResult(notice.resultCode).outcome !== "paid") {
    return untouched(state);
  }
  const asked = askedBy(before, attemptId);
  const isAsked = notice.amount === null || notice.amount === asked;
  if (!isAsked) return untouched(state);
  const others: Statement[] = [];
  const withdrawn: string[] = [];
  const replaced: Payment[] = [];
  for (const payment of elsewhere) {
    const statements = await withdrawUploaded(ctx, payment, before);
    others.push(...statements);
    if (statements.length > 0) withdrawn.push(payment.id);
    else if (payment.uploaded && hasGivenNothingBack(payment)) replaced.push(await freePayment(ctx, payment));
  }
  const known = named.find((p) => !elsewhere.includes(p));
  if (known === undefined) return { state, others, withdrawn, replaced };
  const taken = known.amount === asked
    ? await takeFromCheckout(ctx, state, attemptId, known, now)
    : await withdraw(ctx, state, known, notice, asked);
  return {
    state: taken.state,
    others: [...others, ...taken.others],
    withdrawn: [...withdrawn, ...taken.withdrawn],
    replaced: [...replaced, ...taken.replaced],
  };
}

/**
 * The checkout with its own money and that of its standing account. The account must lose it in the same step: what it gets
 * back of a checkout that is paid twice would pay another one until then. Other money is placed by the checkout's job; but
 * where all that fits has gone back, the checkout must not be told as paid by it until then.
 */
function withOwnAndAccounts(state: Aggregate, attemptId: string, now: number): Aggregate {
  const found = findFree(state, attemptId, now);
  const gone = found !== undefined && isGone(found) ? found.id : null;
  return {
    ...state,
    payments: state.payments.filter((p) =>
      p.checkout_id === state.checkout.id || p.id === gone || isOfSameAccount(p, state.checkout.account_reference)
    ),
  };
}

/** A file named this receipt at another shortcode of the merchant: M-Pesa's own word outranks it. */
async function withdrawUploaded(ctx: Context, payment: Payment, { checkout }: Aggregate): Promise<Statement[]> {
  ctx.log.write("alert", "receipt_of_another_shortcode", {
    merchant: ctx.merchantId,
    payment: payment.id,
    checkout: checkout.id,
  });
  return payment.uploaded ? await withdrawPayment(ctx, payment, payment.id) : [];
}

async function takeFromCheckout(
  ctx: Context,
  state: Aggregate,
  attemptId: string,
  known: Payment,
  now: number,
): Promise<Taken> {
  const { checkout_id: holderId, receipt_source: source } = known;
  const isOfOther = holderId !== null && holderId !== state.checkout.id;
  const holder = isOfOther && source !== "callback" && known.status !== "refunded"
    ? await loadHolder(ctx, known, holderId)
    : null;
  if (holder === null) return untouched(state);
  // what this attempt was wrongly thought to be paid by may be what the other one was paid by
  const inferred = state.payments.filter((p) => p.attempt_id === attemptId && p.receipt_source === "inferred");
  const stored = { ...holder, payments: [...holder.payments, ...inferred] };
  const freed = { ...holder, payments: [...holder.payments, ...inferred.map(toFree)] };
  const released = releaseReceipt(freed, known.receipt ?? "", newId("pay"), now);
  ctx.log.write("alert", "receipt_proven_for_another_checkout", {
    merchant: ctx.merchantId,
    payment: known.id,
    from: holderId,
    to: state.checkout.id,
  });
  const status = inferred.find((p) => !isGone(p))?.status;
  const free = { ...toFree(known), ...(status === undefined || isGone(known) ? {} : { status }) };
  const payments = state.payments.filter((p) => !inferred.includes(p)).map((p) => (p.id === known.id ? free : p));
  return {
    state: { ...state, payments },
    others: await changeStatements(ctx, stored, released, "checkout.receipt_taken"),
    withdrawn: [],
    replaced: [],
  };
}

/** A holder that was paid by a prompt may be paid by other unmatched money instead. */
async function loadHolder(ctx: Context, known: Payment, checkoutId: string): Promise<Aggregate | null> {
  const holder = await loadCheckout(ctx, checkoutId);
  const attempt = holder?.attempts.find(({ id }) => id === known.attempt_id);
  if (attempt === undefined) return holder;
  return await loadCheckoutWithFree(ctx, checkoutId, attempt.created_at - CLOCK_SKEW_MS);
}

/**
 * The receipt is known with another amount. Unmatched money and what only a file named give way, with an alert. Anything
 * else stays, and the machine finds the contradiction.
 */
async function withdraw(
  ctx: Context,
  state: Aggregate,
  known: Payment,
  notice: DecidedCallback,
  asked: number,
): Promise<Taken> {
  const givesWay = notice.amount !== null && (known.uploaded || known.status === "unmatched") && !isGone(known);
  const isFree = givesWay && await isWithdrawable(ctx, known);
  if (!givesWay || (!isFree && !hasGivenNothingBack(known))) return untouched(state);
  ctx.log.write("alert", "receipt_amount_differs", {
    merchant: ctx.merchantId,
    payment: known.id,
    recorded: known.amount,
    proven: asked,
  });
  const without = { ...state, payments: state.payments.filter((p) => p.id !== known.id) };
  const isOfOther = known.checkout_id !== null && known.checkout_id !== state.checkout.id;
  if (!isFree) {
    const replaced = await freePayment(ctx, known);
    if (replaced !== known && !isOfOther) throw new ConstraintError("check", "conflict"); // this checkout was settled anew
    return { state: without, others: [], withdrawn: [], replaced: [replaced] };
  }
  if (!isOfOther) return untouched(mergePayment(state, known, known.id));
  return { state: without, others: await withdrawPayment(ctx, known, known.id), withdrawn: [known.id], replaced: [] };
}

/** Money that this step took from its attempt may have paid another prompt that still has no receipt. */
export async function placeFreed(
  ctx: Context,
  before: Aggregate,
  after: Aggregate,
  now: number,
): Promise<Statement[]> {
  const freed = after.payments.filter((p) =>
    p.checkout_id === null && before.payments.some((was) => was.id === p.id && was.checkout_id === before.checkout.id)
  );
  const statements: Statement[] = [];
  for (const payment of freed) {
    const arrival = {
      receipt: payment.receipt ?? "",
      amount: payment.amount,
      accountReference: payment.account_reference,
      paidAt: payment.paid_at,
    };
    const waiting = await findWaitingCheckout(ctx, payment.shortcode_id, arrival, now, before.checkout.id);
    const other = await loadWaitingCheckout(ctx, waiting);
    if (other === null) continue;
    const stored = { ...payment, version: payment.version + 1 };
    const loaded = { ...other, payments: [...other.payments, stored] };
    const placed = waiting.displaces === null
      ? replacePlaceholder(loaded, payment.id, now)
      : displaceInferred(loaded, waiting.displaces, stored, now);
    statements.push(...await changeStatements(ctx, loaded, placed, "checkout.receipt_placed"));
  }
  return statements;
}
