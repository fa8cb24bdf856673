import { type Aggregate, assignPayment, type Payment, releasePayment } from "../checkouts/machine.ts";
import { checkoutAsStored } from "../checkouts/as-stored.ts";
import { saveCheckout } from "../checkouts/save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { loadCheckout } from "../checkouts/store.ts";
import { changeStatements } from "../checkouts/transition.ts";
import { type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { matchPayment as contract, PaymentDetail } from "./contract.ts";
import { paymentDetail } from "./detail.ts";
import { loadOwnPayment } from "./read.ts";

/** Matches a payment to a checkout, as a person decided. Errors: `not_found`, `validation_failed` at `/checkout`, `wrong_state`. */
export async function matchPayment(ctx: Context, input: Input<typeof contract>): Promise<PaymentDetail> {
  requireScope(ctx, "payments:write");
  return await retryOnConflict(async () => {
    const payment = await loadOwnPayment(ctx, input.id);
    const before = await loadTarget(ctx, input.checkout, payment);
    const isOfCheckout = payment.status === "matched" && payment.checkout_id === input.checkout;
    const isConfirmed = isOfCheckout && payment.receipt_source === "inferred"; // the person says that the inference is right
    if (isOfCheckout && !isConfirmed) return await paymentDetail(ctx, payment);
    if (!isConfirmed) checkStates(payment, before);
    const now = ctx.clock.now();
    const after = checkoutAsStored(before, assignPayment(before, payment.id, now), now);
    const matched = after.payments.find((p) => p.id === payment.id) ?? payment;
    const view = await paymentDetail(ctx, matched);
    const { checkout } = before;
    await saveCheckout(ctx, before, after, "checkout.paid_by_hand", {
      statements: [
        ...await releaseStatements(ctx, payment, checkout.id, now),
        auditEntry(ctx, "payment.matched", payment.id, {
          checkout: checkout.id,
          was: payment.status,
          from: payment.checkout_id,
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

function checkStates(payment: Payment, { checkout }: Aggregate): void {
  const isMatchable = payment.status === "unmatched" ||
    (payment.attempt_id === null && (payment.status === "partial" || payment.status === "duplicate_payment"));
  if (!isMatchable) {
    throw new Problem("wrong_state", `The payment is ${payment.status}, so it can't be matched to another checkout.`);
  }
  if (payment.amount_promised >= payment.amount) {
    throw new Problem("wrong_state", "All of the payment is being given back. Match it if its refund fails.");
  }
  if (checkout.status === "succeeded") {
    throw new Problem(
      "wrong_state",
      "The checkout has been paid already. Match the payment to another one, or give it back with a refund.",
    );
  }
}

/** The statements that remove the payment from the checkout that it belonged to before. */
async function releaseStatements(ctx: Context, payment: Payment, to: string, now: number): Promise<Statement[]> {
  if (payment.checkout_id === null || payment.checkout_id === to) return [];
  const before = await loadCheckout(ctx, payment.checkout_id);
  if (before === null) return [];
  return await changeStatements(ctx, before, releasePayment(before, payment.id, now), "checkout.payment_moved");
}
