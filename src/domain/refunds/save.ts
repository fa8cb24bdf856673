import { auditedResolution } from "../money-out/resolution-view.ts";
import { type Answer, commit, type Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Statement } from "../../db/database.ts";
import type { EventType } from "../../db/event-types.ts";
import { abortIfUnchanged, first } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { paymentView } from "../checkouts/payment-view.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import { asStored } from "../settlement/next-version.ts";
import { Evidence, type Refund } from "./machine/facts.ts";
import { nextStep } from "./plan.ts";
import {
  type Payment,
  recountRefunds,
  scheduleNextStep,
  selectWithHome,
  storeRefunded,
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
  const stored = asStored(before, after, now);
  const hasNewStatus = after.status !== before.status;
  const type = hasNewStatus ? statusEvents[after.status] : null;
  const moves = hasNewStatus && [before.status, after.status].includes("succeeded");
  const hasNewPromise = before.promised !== after.promised;
  const found = moves || hasNewPromise ? await first(ctx.db, selectWithHome(after.payment_id)) : null;
  const payment = found === null || !moves ? null : refundedBy(found.payment, found.home, after, now);
  const overRefunded = payment !== null && after.status === "succeeded" && isOverRefunded(payment) ? payment : null;
  const statements = [
    updateRefund(stored, before.id, before.version),
    abortIfUnchanged,
    ...(payment === null || found === null ? [] : storeRefunded(payment, found.payment.version)),
    ...(moves || hasNewPromise ? [recountRefunds(after.payment_id)] : []),
    ...settleCheckoutAgain(ctx, found?.payment ?? null, now),
    ...(type === null ? [] : [event(ctx, type, before.id, { ...await refundView(ctx, stored) })]),
    ...(payment === null
      ? []
      : [event(ctx, refundEventOf(payment, after), payment.id, await paymentView(ctx, payment))]),
    auditEntry(ctx, action, before.id, {
      status: after.status,
      evidence: after.evidence,
      requests: after.requests.map(({ state }) => state),
      result_code: after.result_code,
      receipt: after.receipt,
      ...(after.resolution === null ? {} : { resolution: auditedResolution(after.resolution) }),
    }),
    scheduleNextStep(ctx, stored),
  ];
  return { statements, overRefunded };
}

/** Statements: the job of the payment's checkout settles it again, by what is held now. */
export const settleCheckoutAgain = (ctx: Context, payment: Payment | null, now: number): Statement[] =>
  payment === null || payment.checkout_id === null
    ? []
    : [ctx.jobs.schedule("checkout", payment.checkout_id, payment.merchant_id, now)];

/**
 * The payment as it is stored once the refund has succeeded, or once that has proven wrong: `refunded` when all of it has
 * gone back, and no longer if not; `home` is what it is then.
 */
function refundedBy(
  payment: Payment,
  home: Payment["status"],
  { amount, status: ended }: Refund,
  now: number,
): Payment {
  const amount_refunded = payment.amount_refunded + (ended === "succeeded" ? amount : -amount);
  const isAllGone = amount_refunded >= payment.amount;
  const status = payment.status === "taken_back"
    ? payment.status
    : isAllGone
    ? "refunded"
    : payment.status === "refunded"
    ? home
    : payment.status;
  return asStored(payment, { ...payment, amount_refunded, status }, now);
}

/** Whether more has gone back than was paid. */
const isOverRefunded = ({ amount, amount_refunded, amount_taken_back }: Payment): boolean =>
  amount_refunded + amount_taken_back > amount;

const refundEventOf = (payment: Payment, { status }: Refund): EventType =>
  status === "succeeded" && isOverRefunded(payment) ? "payment.over_refunded" : "payment.refunded";

/** Stores a change, with `more.statements` in the same batch. Errors: `conflict` (as ConstraintError). */
export async function saveRefund(
  ctx: Context,
  before: Refund,
  after: Refund,
  action: AuditAction,
  more: { readonly statements?: readonly Statement[]; readonly answer?: Answer } = {},
): Promise<Refund> {
  const own: Context = { ...ctx, merchantId: before.merchant_id };
  const stored = asStored(before, after, ctx.clock.now());
  const { statements: changes, overRefunded } = await transition(own, before, stored, action);
  const statements = [...changes, ...(more.statements ?? [])];
  if (statements.length === 0 && more.answer === undefined) return before;
  await commit(ctx, before.id, statements, more.answer);
  if (changes.length === 0) return before;
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
