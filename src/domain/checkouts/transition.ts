import type { Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Statement } from "../../db/database.ts";
import type { EventType } from "../../db/event-types.ts";
import { abortIfUnchanged, statement } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { DuplicatePolicy } from "../merchants/rules-contract.ts";
import { checkoutAsStored } from "./as-stored.ts";
import { creationEvents, insertGuarded } from "./duplicates.ts";
import { paymentView } from "./payment-view.ts";
import { releaseDaily } from "./limits.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import { type Aggregate, type Attempt, differenceOf, type Payment } from "./machine.ts";
import { mergeEvents, mergeStatements } from "./merge.ts";
import { firstCheckAt, nextCheckAt } from "./plan.ts";
import { placeLater, placeSpareLater } from "./pool.ts";
import {
  abortIfPromised,
  insertAttempt,
  insertPayment,
  updateAttempt,
  updateCheckout,
  updatePayment,
} from "./store.ts";
import { checkoutData } from "./view.ts";

/** A row that a step changed. `before` is undefined where the row is new. */
interface Change<T> {
  readonly before: T | undefined;
  readonly after: T;
}

/** The statements that store a new checkout: rows, events, audit entry and job. */
export async function creationStatements(
  ctx: Context,
  state: Aggregate,
  policy: DuplicatePolicy,
): Promise<Statement[]> {
  const { checkout } = state;
  const data = await checkoutData(ctx, state);
  return [
    ...insertGuarded(policy, checkout),
    ...state.attempts.map((attempt) => insertAttempt(attempt)),
    ...creationEvents(ctx, policy, data),
    auditEntry(ctx, "checkout.created", checkout.id, {
      amount: checkout.amount,
      attempt: state.attempts[0]?.id ?? null,
    }),
    ctx.jobs.schedule("checkout", checkout.id, checkout.merchant_id, firstCheckAt(state, ctx.config.plans.scale)),
  ];
}

/**
 * The statements that store a step from one state to the next: rows, audit entry, events and the next run of the job.
 * They abort with `conflict` if another write changed the checkout after it was loaded. Empty where nothing changed.
 * `keepJob`: the job was scheduled for the new state before, so it is left as it is.
 */
export async function changeStatements(
  ctx: Context,
  before: Aggregate,
  decided: Aggregate,
  action: AuditAction,
  keepJob = false,
): Promise<Statement[]> {
  const now = ctx.clock.now();
  const after = checkoutAsStored(before, decided, now);
  if (!hasChanged(before.checkout, after.checkout)) return [];
  const attempts = changes(before.attempts, after.attempts);
  const payments = changes(before.payments, after.payments);
  const { id, version } = before.checkout;
  const failed = attempts.filter((change) =>
    change.after.status === "failed" && change.before !== undefined && change.before.status !== "failed"
  );
  return [
    updateCheckout(after.checkout, id, version),
    abortIfUnchanged,
    ...succeededLast(attempts).map(attemptStatement),
    ...payments.flatMap(({ before: was }) => (was === undefined ? [] : [abortIfPromised(was)])),
    ...mergeStatements(after, now),
    ...freedFirst(payments).flatMap(paymentStatements),
    ...failed.map((change) => releaseDaily(change.after, change.after.amount ?? after.checkout.amount)),
    ...failed.length === 0 ? [] : [event(ctx, "checkout.attempt_failed", id, await checkoutData(ctx, after))],
    ...await paymentEvents(ctx, payments, after),
    ...await mergeEvents(ctx, after, after.payments),
    ...await partEvents(ctx, before, payments, after),
    ...await statusEvent(ctx, before, after),
    auditEntry(ctx, action, id, auditData(after, attempts, payments)),
    ...mayHaveDifference(before, after) ? [ctx.jobs.schedule("difference", id, after.checkout.merchant_id, now)] : [],
    ...hasSurplusOfAccount(after) ? [scheduleAccount(ctx, after)] : [],
    ...keepJob ? [] : [scheduleJob(ctx, after)],
    ...placeSpareLater(ctx, payments.map((change) => change.after)),
    placeLater(ctx, after),
  ];
}

/** More than was asked is there, or less is there than when that was last computed. */
const mayHaveDifference = (before: Aggregate, after: Aggregate): boolean =>
  differenceOf(after) !== null || (after.checkout.overpayment === "refund_difference" &&
    after.checkout.amount_received < before.checkout.amount_received);

/** More than was asked is there, and a part of it may be an account's, which gets it back. */
export const hasSurplusOfAccount = ({ checkout }: Aggregate): boolean =>
  checkout.status === "succeeded" && checkout.amount_allocated > 0 && checkout.amount_received > checkout.amount;

const scheduleAccount = (ctx: Context, { checkout: { id, merchant_id } }: Aggregate): Statement =>
  ctx.jobs.scheduleFound("account", statement(SELECT_ACCOUNT, id), merchant_id, ctx.clock.now());
const SELECT_ACCOUNT = "SELECT account_id AS id FROM account_applications WHERE checkout_id = ? GROUP BY account_id " +
  "HAVING sum(amount) > 0 LIMIT 1";

function changes<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): Change<T>[] {
  return after.map((row) => ({ before: before.find(({ id }) => id === row.id), after: row }))
    .filter((change) => change.before === undefined || hasChanged(change.before, change.after));
}

const attemptStatement = ({ before, after }: Change<Attempt>): Statement =>
  before === undefined ? insertAttempt(after) : updateAttempt(after, after.id);

/**
 * An update aborts the batch if the payment was changed after it was loaded: it may belong to another checkout by now, and
 * the version of this checkout does not guard that.
 */
const paymentStatements = ({ before, after }: Change<Payment>): Statement[] =>
  before === undefined ? [insertPayment(after)] : [updatePayment(after, after.id, before.version), abortIfUnchanged];

/** A payment that leaves its attempt is written before the one that takes its place. */
const freedFirst = (payments: readonly Change<Payment>[]): Change<Payment>[] =>
  payments.toSorted((a, b) => Number(a.after.checkout_id !== null) - Number(b.after.checkout_id !== null));

/** A unique index allows one succeeded attempt, also within a batch: the attempt that was succeeded is written first. */
const succeededLast = (attempts: readonly Change<Attempt>[]): Change<Attempt>[] =>
  attempts.toSorted((a, b) => Number(a.after.status === "succeeded") - Number(b.after.status === "succeeded"));

/** Each stored change of a payment has an event, so that a shop that follows the events knows what GET answers. */
async function paymentEvents(
  ctx: Context,
  payments: readonly Change<Payment>[],
  { merged = [] }: Aggregate,
): Promise<Statement[]> {
  const list: Statement[] = [];
  for (const { before, after } of payments) {
    const told = list.length;
    const view = await paymentView(ctx, after);
    const becomes = (status: Payment["status"]) => after.status === status && before?.status !== status;
    if (before === undefined) list.push(event(ctx, "payment.received", after.id, view));
    if (after.amount_taken_back > (before?.amount_taken_back ?? 0)) {
      list.push(event(ctx, "payment.taken_back", after.id, view));
    }
    if (becomes("duplicate_payment")) list.push(event(ctx, "payment.duplicate", after.id, view));
    const isMoved = after.status === "matched" && before !== undefined && before.checkout_id !== after.checkout_id;
    if (isMoved || (becomes("matched") && before !== undefined)) {
      list.push(event(ctx, "payment.matched", after.id, view));
    }
    const isTold = list.length > told || merged.some(({ into }) => into === after.id);
    if (!isTold) list.push(event(ctx, "payment.updated", after.id, view));
  }
  return list;
}

/** One event for each part that now counts towards the checkout, and did not before. */
async function partEvents(
  ctx: Context,
  before: Aggregate,
  payments: readonly Change<Payment>[],
  after: Aggregate,
): Promise<Statement[]> {
  const own = payments.filter((change) => countsAsPart(after, change.after) && !isToldPart(after, change.before));
  const parts = [...own, ...(after.checkout.amount_allocated > before.checkout.amount_allocated ? [null] : [])];
  if (parts.length === 0) return [];
  const data = await checkoutData(ctx, after);
  return parts.map(() => event(ctx, "checkout.part_received", after.checkout.id, data));
}

const countsAsPart = ({ checkout }: Aggregate, { checkout_id, amount, status }: Payment): boolean =>
  checkout_id === checkout.id && amount < checkout.amount && (status === "partial" || status === "matched");

const isToldPart = ({ checkout }: Aggregate, before: Payment | undefined): boolean =>
  before?.checkout_id === checkout.id && before.status !== "duplicate_payment";

/** The event of each new status; null where merchants get no event. */
const statusEvents: Readonly<Record<Aggregate["checkout"]["status"], EventType | null>> = {
  open: null,
  pending: null,
  succeeded: "checkout.succeeded",
  expired: "checkout.expired",
  cancelled: "checkout.cancelled",
  review: "checkout.review",
};

async function statusEvent(ctx: Context, before: Aggregate, after: Aggregate): Promise<Statement[]> {
  const { id, status } = after.checkout;
  if (status === before.checkout.status) return await updateEvent(ctx, before, after);
  const type = statusEvents[status] ?? (before.checkout.status === "succeeded" ? "checkout.reopened" : null);
  return type === null ? [] : [event(ctx, type, id, await checkoutData(ctx, after))];
}

/**
 * The event of a checkout that shows something new and has the same status. Prompts under way are not told one by one, and
 * parts have an event of their own.
 */
async function updateEvent(ctx: Context, before: Aggregate, after: Aggregate): Promise<Statement[]> {
  const { id, status } = after.checkout;
  const isLess = after.checkout.amount_received < before.checkout.amount_received;
  if ((status === "open" || status === "pending") && !isLess) return [];
  const data = await checkoutData(ctx, after);
  const isSame = shownOf(await checkoutData(ctx, before)) === shownOf(data);
  return isSame ? [] : [event(ctx, "checkout.updated", id, data)];
}

/** What a checkout shows, without what grows with each change. */
const shownOf = (data: Awaited<ReturnType<typeof checkoutData>>): string =>
  JSON.stringify({
    ...data,
    updated_at: null,
    version: null,
    attempts: data.attempts.map((attempt) => ({ ...attempt, version: null })),
  });

/** What the audit trail keeps of a step. */
const auditData = (
  after: Aggregate,
  attempts: readonly Change<Attempt>[],
  payments: readonly Change<Payment>[],
): Record<string, unknown> => ({
  status: after.checkout.status,
  attempts: attempts.map((change) => {
    const { id, status, evidence, result_code } = change.after;
    return { id, status, evidence, result_code };
  }),
  payments: payments.map((change) => {
    const { id, status, receipt } = change.after;
    return { id, status, receipt };
  }),
});

/** Schedules the job for the next check of the checkout, or deletes it where nothing is left to wait for. */
function scheduleJob(ctx: Context, after: Aggregate): Statement {
  const runAt = nextCheckAt(after, ctx.config.plans.scale);
  if (runAt === Infinity) return ctx.jobs.drop("checkout", after.checkout.id);
  return ctx.jobs.schedule("checkout", after.checkout.id, after.checkout.merchant_id, runAt);
}
