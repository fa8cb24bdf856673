import { type Aggregate, assignPayment, isGone, type Payment, placeByPerson, toFree } from "../checkouts/machine.ts";
import { checkoutAsStored } from "../checkouts/as-stored.ts";
import { saveCheckout } from "../checkouts/save.ts";
import { placeFreed } from "../checkouts/take-receipt.ts";
import { ConstraintError } from "../../db/database.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { loadCheckout } from "../checkouts/store.ts";
import { type Context, requireScope } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { matchPayment as contract, PaymentDetail } from "./contract.ts";
import { paymentDetail } from "./detail.ts";
import { moveAway } from "./move-away.ts";
import { loadOwnPayment } from "./read.ts";

/**
 * Matches a payment to a checkout, or moves it there from another one, as a person decided. It takes the place of what a
 * prompt of that checkout has without a receipt, or only by inference. Errors: `not_found`, `validation_failed` at
 * `/checkout`, `wrong_state` (also where somebody else moved it since it was `seen`), `refunded_already`.
 */
export async function matchPayment(
  ctx: Context,
  input: Input<typeof contract>,
  seen?: Payment,
): Promise<PaymentDetail> {
  requireScope(ctx, "payments:write");
  return await retryOnConflict(async () => {
    const payment = await loadOwnPayment(ctx, input.id);
    const before = await loadTarget(ctx, input.checkout, payment);
    requireSame(seen ??= payment, payment, input.checkout);
    requireOneMoment(before, payment);
    const isOfCheckout = payment.status === "matched" && payment.checkout_id === input.checkout;
    const isConfirmed = isOfCheckout && payment.receipt_source === "inferred"; // the person says that the inference is right
    if (isOfCheckout && !isConfirmed) return await paymentDetail(ctx, payment);
    const now = ctx.clock.now();
    const placed = isConfirmed ? null : placeByPerson(before, payment.id, now);
    if (!isConfirmed) requireMatchable(payment, before, placed !== null);
    const away = await moveAway(ctx, payment, before.checkout.id, placed?.freed ?? null, now);
    const decided = placed?.state ?? assignPayment(asArriving(before, payment), payment.id, now);
    const after = checkoutAsStored(before, withoutTaken(decided, away.taken), now);
    const matched = after.payments.find((p) => p.id === payment.id) ?? payment;
    const view = await paymentDetail(ctx, matched);
    const { checkout } = before;
    await saveCheckout(ctx, before, after, "checkout.paid_by_hand", {
      first: away.statements,
      statements: [
        ...await placeFreed(ctx, before, after, now),
        auditEntry(ctx, "payment.matched", payment.id, {
          checkout: checkout.id,
          was: payment.status,
          from: payment.checkout_id,
          ...(placed === null ? {} : { replaces: after.merged?.[0]?.payment.id ?? placed.freed?.id }),
          amount: payment.amount,
          asked: checkout.amount,
          difference: payment.amount - checkout.amount,
        }),
      ],
      answer: { status: 200, body: view },
    });
    ctx.note({ payment: payment.id, checkout: checkout.id, was: payment.status });
    return view;
  });
}

async function loadTarget(ctx: Context, id: string, payment: Payment): Promise<Aggregate> {
  const state = await loadCheckout(ctx, id, payment.receipt ?? undefined);
  if (state === null || state.checkout.merchant_id !== ctx.merchantId) {
    throw invalidField("/checkout", "there is no checkout with this id; GET /v1/checkouts lists yours");
  }
  if (state.checkout.shortcode_id !== payment.shortcode_id) {
    throw invalidField("/checkout", "is to be paid to another shortcode than the one that this money came to");
  }
  return state;
}

/**
 * The payment was read before the checkout. Where somebody placed it in between, the two do not fit, and the payment would
 * be written as it was: both are read again. Errors: `conflict`.
 */
function requireOneMoment({ payments }: Aggregate, { id, version }: Payment): void {
  const same = payments.find((payment) => payment.id === id);
  if (same !== undefined && same.version !== version) throw new ConstraintError("check", "conflict");
}

/** What a person decided counts for what they saw. Another person, or M-Pesa, has placed the payment meanwhile. */
function requireSame(seen: Payment, payment: Payment, checkout: string): void {
  if (payment.checkout_id === seen.checkout_id || payment.checkout_id === checkout) return;
  throw new Problem(
    "wrong_state",
    `The payment has just been matched to ${
      payment.checkout_id ?? "no checkout"
    }. Look at it again before you move it.`,
  );
}

function requireMatchable(payment: Payment, { checkout }: Aggregate, isPlaced: boolean): void {
  const wrongState = (detail: string) => new Problem("wrong_state", detail);
  if (isGone(payment)) throw wrongState(`The payment is ${payment.status}, so it can't be matched to a checkout.`);
  if (payment.receipt === null) {
    throw wrongState("M-Pesa's receipt of this payment is not known yet. Match the payment that has the receipt.");
  }
  if (payment.attempt_id !== null && payment.receipt_source === "callback") {
    throw wrongState("M-Pesa's callback has proven which prompt was paid by this payment, so it can't be moved.");
  }
  if (payment.amount_promised >= payment.amount) {
    throw wrongState("All of the payment is being given back. Match it if its refund fails.");
  }
  const isMoved = payment.checkout_id !== null && payment.checkout_id !== checkout.id;
  if (isMoved && payment.amount_promised > 0) {
    throw new Problem(
      "refunded_already",
      "A part of the payment was given or promised back for its checkout, so the payment can't be moved from there.",
    );
  }
  if (checkout.status === "succeeded" && !isPlaced) {
    throw wrongState(
      "The checkout has been paid already. Match the payment to another one, or give it back with a refund.",
    );
  }
}

/** The checkout with the payment as money beside the prompts, whatever prompt of another checkout it was put to. */
const asArriving = (state: Aggregate, payment: Payment): Aggregate =>
  payment.checkout_id === null || payment.checkout_id === state.checkout.id
    ? state
    : { ...state, payments: state.payments.map((p) => (p.id === payment.id ? toFree(p) : p)) };

/** What the other checkout has taken is stored with that one. */
const withoutTaken = (state: Aggregate, taken: string | null): Aggregate =>
  taken === null ? state : { ...state, payments: state.payments.filter(({ id }) => id !== taken) };
