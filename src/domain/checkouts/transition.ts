import type { Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Statement } from "../../db/database.ts";
import type { EventType } from "../../db/event-types.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { paymentView } from "./payment-view.ts";
import { releaseDaily } from "./limits.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import type { Aggregate, Attempt, Payment } from "./machine.ts";
import { firstCheckAt, nextCheckAt } from "./plan.ts";
import { insertAttempt, insertCheckout, insertPayment, updateAttempt, updateCheckout, updatePayment } from "./store.ts";
import { checkoutData } from "./view.ts";

/** A row as it was, undefined where it is new, and as it is. */
interface Change<T> {
  readonly was: T | undefined;
  readonly is: T;
}

/** The batch of a new checkout. */
export async function creationStatements(ctx: Context, state: Aggregate): Promise<Statement[]> {
  const { checkout } = state;
  const data = await checkoutData(ctx, state);
  return [
    insertCheckout(checkout),
    ...state.attempts.map((attempt) => insertAttempt(attempt)),
    event(ctx, "checkout.created", checkout.id, data),
    auditEntry(ctx, "checkout.created", checkout.id, {
      amount: checkout.amount,
      attempt: state.attempts[0]?.id ?? null,
    }),
    ctx.jobs.schedule("checkout", checkout.id, checkout.merchant_id, firstCheckAt(state, ctx.config.plans.scale)),
  ];
}

/**
 * What must be written to get from one state to the next: rows, the audit entry, events, and the job that looks again.
 * Refused with `conflict` if the checkout has moved since it was loaded. Empty where nothing changed.
 */
export async function changeStatements(
  ctx: Context,
  before: Aggregate,
  after: Aggregate,
  action: AuditAction,
): Promise<Statement[]> {
  const attempts = changes(before.attempts, after.attempts);
  const payments = changes(before.payments, after.payments);
  if (attempts.length === 0 && payments.length === 0 && !hasChanged(before.checkout, after.checkout)) return [];
  const { id, version } = before.checkout;
  const now = ctx.clock.now();
  const failed = attempts.filter(({ was, is }) =>
    is.status === "failed" && was !== undefined && was.status !== "failed"
  );
  return [
    updateCheckout({ ...after.checkout, updated_at: now, version: version + 1 }, id, version),
    abortIfUnchanged,
    ...oneSuccessAtATime(attempts).map((
      { was, is },
    ) => (was === undefined ? insertAttempt(is) : updateAttempt(is, is.id))),
    ...payments.flatMap(({ was, is }) => (was === undefined ? [insertPayment(is)] : moved(was, is))),
    ...failed.map(({ is }) => releaseDaily(is, after.checkout.amount)),
    ...failed.length === 0 ? [] : [event(ctx, "checkout.attempt_failed", id, await checkoutData(ctx, after))],
    ...await paymentEvents(ctx, payments),
    ...await endEvent(ctx, before, after),
    auditEntry(ctx, action, id, trace(after, attempts, payments)),
    ...(action === "attempt.accepted" ? [] : [follow(ctx, after)]), // its job was planned for this at creation
  ];
}

function changes<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): Change<T>[] {
  return after.map((is) => ({ was: before.find((b) => b.id === is.id), is }))
    .filter(({ was, is }) => was === undefined || hasChanged(was, is));
}

/** A payment may have gone to another checkout since, which the version of this one does not guard. */
const moved = (was: Payment, is: Payment): Statement[] => [
  updatePayment(is, is.id, was.checkout_id, was.status),
  abortIfUnchanged,
];

/** A checkout has one succeeded attempt at every moment, so one that hands that over is written first. */
const oneSuccessAtATime = (attempts: readonly Change<Attempt>[]): Change<Attempt>[] =>
  attempts.toSorted((a, b) => Number(a.is.status === "succeeded") - Number(b.is.status === "succeeded"));

async function paymentEvents(ctx: Context, payments: readonly Change<Payment>[]): Promise<Statement[]> {
  const list: Statement[] = [];
  for (const { was, is } of payments) {
    const view = await paymentView(ctx, is);
    const turned = (status: Payment["status"]) => is.status === status && was?.status !== status;
    if (was === undefined) list.push(event(ctx, "payment.received", is.id, view));
    if (turned("duplicate_payment")) list.push(event(ctx, "payment.duplicate", is.id, view));
    if (turned("matched") && was !== undefined) list.push(event(ctx, "payment.matched", is.id, view));
  }
  return list;
}

/** The event that tells of a new status; null: none. */
const statusEvents: Readonly<Record<Aggregate["checkout"]["status"], EventType | null>> = {
  open: null,
  pending: null,
  succeeded: "checkout.succeeded",
  expired: "checkout.expired",
  cancelled: "checkout.cancelled",
  review: "checkout.review",
};

async function endEvent(ctx: Context, before: Aggregate, after: Aggregate): Promise<Statement[]> {
  const { id, status } = after.checkout;
  const type = status === before.checkout.status ? null : statusEvents[status];
  return type === null ? [] : [event(ctx, type, id, await checkoutData(ctx, after))];
}

const trace = (
  after: Aggregate,
  attempts: readonly Change<Attempt>[],
  payments: readonly Change<Payment>[],
): Record<string, unknown> => ({
  status: after.checkout.status,
  attempts: attempts.map(({ is }) => ({
    id: is.id,
    status: is.status,
    evidence: is.evidence,
    result_code: is.result_code,
  })),
  payments: payments.map(({ is }) => ({ id: is.id, status: is.status, receipt: is.receipt })),
});

/** The job that looks at the checkout again, or none where there is nothing left to wait for. */
function follow(ctx: Context, after: Aggregate): Statement {
  const at = nextCheckAt(after, ctx.config.plans.scale);
  if (at === Infinity) return ctx.jobs.drop("checkout", after.checkout.id);
  return ctx.jobs.schedule("checkout", after.checkout.id, after.checkout.merchant_id, at);
}
