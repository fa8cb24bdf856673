import { type Answer, commit, type Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Statement } from "../../db/database.ts";
import type { EventType } from "../../db/event-types.ts";
import { abortIfUnchanged, first } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { paymentView } from "../checkouts/payment-view.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import { Evidence, type Refund } from "./machine/facts.ts";
import { nextStep } from "./plan.ts";
import {
  abortIfRefunded,
  followRefunds,
  type Payment,
  recountRefunds,
  scheduleNextStep,
  selectPayment,
  updateRefund,
} from "./store.ts";
import { refundView } from "./view.ts";

/** The event that tells of a new status; null: none. */
const statusEvents: Readonly<Record<Refund["status"], EventType | null>> = {
  queued: null,
  submitted: "refund.submitted",
  in_doubt: "refund.in_doubt",
  succeeded: "refund.succeeded",
  failed: "refund.failed",
};

interface Transition {
  readonly statements: readonly Statement[];
  /** The payment of which more has gone back now than was paid; null: none. */
  readonly overRefunded: Payment | null;
}

/**
 * Statements that store a change: the row, what of the payment is reserved and given back, the payment, events, audit
 * entry and job. A trigger posts what settled to the ledger. Their batch fails with `conflict` if the refund was changed
 * since it was loaded.
 */
async function transition(ctx: Context, before: Refund, after: Refund, action: AuditAction): Promise<Transition> {
  if (!hasChanged(before, after)) return { statements: [], overRefunded: null };
  const now = ctx.clock.now();
  const stored = { ...after, updated_at: now, version: before.version + 1 };
  const hasNewStatus = after.status !== before.status;
  const type = hasNewStatus ? statusEvents[after.status] : null;
  const moves = hasNewStatus && [before.status, after.status].includes("succeeded");
  const hasNewPromise = before.promised !== after.promised;
  const held = moves || hasNewPromise ? await first(ctx.db, selectPayment(after.payment_id)) : null;
  const payment = moves ? held : null;
  const overRefunded = payment === null || after.status !== "succeeded" ? null : overRefundedBy(payment, after);
  const statements = [
    updateRefund(stored, before.id, before.version),
    abortIfUnchanged,
    ...(payment === null ? [] : [abortIfRefunded(payment)]),
    ...(moves || hasNewPromise ? [recountRefunds(after.payment_id)] : []),
    ...(moves ? followRefunds(after.payment_id, now) : []),
    ...settleCheckoutAgain(ctx, held, now),
    ...(type === null ? [] : [event(ctx, type, before.id, { ...await refundView(ctx, stored) })]),
    ...(overRefunded === null
      ? []
      : [event(ctx, "payment.over_refunded", overRefunded.id, { ...await paymentView(ctx, overRefunded) })]),
    auditEntry(ctx, action, before.id, {
      status: after.status,
      evidence: after.evidence,
      requests: after.requests.map(({ state }) => state),
      result_code: after.result_code,
      receipt: after.receipt,
      ...(after.resolution === null ? {} : { resolution: after.resolution }),
    }),
    scheduleNextStep(ctx, stored),
  ];
  return { statements, overRefunded };
}

/** Statements: the job of the payment's checkout settles it again, by what is held now. */
const settleCheckoutAgain = (ctx: Context, payment: Payment | null, now: number): Statement[] =>
  payment === null || payment.checkout_id === null
    ? []
    : [ctx.jobs.schedule("checkout", payment.checkout_id, payment.merchant_id, now)];

/** The payment as it is once the refund has succeeded, if more has gone back then than was paid. */
function overRefundedBy(payment: Payment, { amount }: Refund): Payment | null {
  const refunded = payment.amount_refunded + amount;
  if (refunded + payment.amount_taken_back <= payment.amount) return null;
  const status = payment.status === "taken_back" ? payment.status : "refunded";
  return { ...payment, amount_refunded: refunded, status };
}

/** Stores a change, with `more.statements` in the same batch. Errors: `conflict` (as ConstraintError). */
export async function saveRefund(
  ctx: Context,
  before: Refund,
  after: Refund,
  action: AuditAction,
  more: { readonly statements?: readonly Statement[]; readonly answer?: Answer } = {},
): Promise<Refund> {
  const own: Context = { ...ctx, merchantId: before.merchant_id };
  const { statements: changes, overRefunded } = await transition(own, before, after, action);
  const statements = [...changes, ...(more.statements ?? [])];
  if (statements.length === 0 && more.answer === undefined) return before;
  await commit(ctx, before.id, statements, more.answer);
  if (changes.length === 0) return before;
  const stored = { ...after, updated_at: ctx.clock.now(), version: before.version + 1 };
  const { at } = nextStep(stored, ctx.config.plans.scale);
  if (at !== Infinity) ctx.jobs.wake(at);
  if (before.promised !== after.promised || before.status !== after.status) ctx.jobs.wake(ctx.clock.now());
  writeAlerts(ctx, before, stored, overRefunded);
  return stored;
}

/** Writes an alert for what a person has to know about. */
function writeAlerts(ctx: Context, before: Refund, after: Refund, overRefunded: Payment | null): void {
  const about = { refund: after.id, merchant: after.merchant_id, status: after.status };
  if (before.status === "failed" && after.status === "succeeded") {
    ctx.log.write("alert", "refund_paid_after_failure", { ...about, amount: after.amount, failure: before.failure });
  }
  if (overRefunded !== null) {
    const { id, amount, amount_refunded } = overRefunded;
    ctx.log.write("alert", "payment_over_refunded", { ...about, payment: id, amount, amount_refunded });
  }
  if (!after.needs_person || before.needs_person) return;
  const twice = (after.evidence & Evidence.twice) !== 0;
  ctx.log.write("alert", twice ? "refund_paid_twice" : "refund_needs_person", {
    ...about,
    mismatch: (after.evidence & Evidence.mismatch) !== 0,
    resolved: after.resolution?.outcome ?? null,
  });
}
