import type { Context, Services } from "../context.ts";
import type { Statement } from "../db/database.ts";
import { columnNames, elseConflict, insert, rows, select, update } from "../db/query.ts";
import { attempts, checkouts, payments } from "../db/schema.ts";
import { auditEntry, event } from "../db/trail.ts";
import { paymentView } from "../payments/view.ts";
import { giveBack } from "./limits.ts";
import type { Aggregate, Attempt, Payment } from "./machine.ts";
import { firstLook, nextLook } from "./plan.ts";
import { checkoutData } from "./view.ts";

const selectCheckout = select(checkouts, "WHERE id = ?");
const selectAttempts = select(attempts, "WHERE checkout_id = ? ORDER BY id");
const selectPayments = select(payments, "WHERE checkout_id = ? ORDER BY id");
const UNION_RECEIPT = `UNION SELECT ${columnNames(payments)} FROM payments WHERE receipt = ? ORDER BY 1`;
const selectPaymentsAndReceipt = select(payments, `WHERE checkout_id = ? ${UNION_RECEIPT}`);
const selectByAttempt = select(checkouts, "WHERE id = (SELECT checkout_id FROM attempts WHERE id = ?)");
const selectSiblings = select(
  attempts,
  "WHERE checkout_id = (SELECT checkout_id FROM attempts WHERE id = ?) ORDER BY id",
);
const selectTheirPayments = select(
  payments,
  `WHERE checkout_id = (SELECT checkout_id FROM attempts WHERE id = ?) ${UNION_RECEIPT}`,
);

const insertCheckout = insert(checkouts);
const insertAttempt = insert(attempts);
const insertPayment = insert(payments);
const updateCheckout = update(
  checkouts,
  ["status", "cancelled_at", "expired_at", "updated_at", "version"],
  "WHERE id = ? AND version = ?",
);
const updateAttempt = update(
  attempts,
  [
    "status",
    "evidence",
    "request_ids",
    "failure",
    "result_code",
    "result_description",
    "polls",
    "accepted_at",
    "ended_at",
  ],
  "WHERE id = ?",
);
const updatePayment = update(
  payments,
  ["checkout_id", "attempt_id", "receipt", "status", "phone", "payer_name", "paid_at", "updated_at"],
  "WHERE id = ?",
);

/** A checkout with its attempts and payments, and the payment of `receipt` wherever it belongs, in one round trip. */
export async function load(services: Services, id: string, receipt?: string): Promise<Aggregate | null> {
  const found = receipt === undefined
    ? await rows(services.db, selectCheckout(id), selectAttempts(id), selectPayments(id))
    : await rows(services.db, selectCheckout(id), selectAttempts(id), selectPaymentsAndReceipt(id, receipt));
  const [[checkout], own, paid] = found;
  return checkout === undefined ? null : { checkout, attempts: own, payments: paid };
}

/** The same, by the id of one of its attempts. */
export async function loadByAttempt(
  services: Services,
  attemptId: string,
  receipt: string | null,
): Promise<Aggregate | null> {
  const [[checkout], own, paid] = await rows(
    services.db,
    selectByAttempt(attemptId),
    selectSiblings(attemptId),
    selectTheirPayments(attemptId, receipt),
  );
  return checkout === undefined ? null : { checkout, attempts: own, payments: paid };
}

/** The rows of a new checkout. */
export async function creation(ctx: Context, state: Aggregate): Promise<Statement[]> {
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
    ctx.jobs.schedule("checkout", checkout.id, checkout.merchant_id, firstLook(state, ctx.config.plans.scale)),
  ];
}

/**
 * What must be written to get from one state to the next: rows, the audit entry, events, and the job that looks again.
 * Refused with `conflict` if the checkout has moved since it was loaded. Empty where nothing changed.
 */
export async function transition(
  ctx: Context,
  before: Aggregate,
  after: Aggregate,
  action: string,
): Promise<Statement[]> {
  const now = ctx.clock.now();
  const changedAttempts = after.attempts.filter((a) => before.attempts.every((b) => b !== a));
  const changedPayments = after.payments.filter((p) => before.payments.every((b) => b !== p));
  const moved = before.checkout.status !== after.checkout.status ||
    before.checkout.expired_at !== after.checkout.expired_at ||
    before.checkout.cancelled_at !== after.checkout.cancelled_at;
  if (changedAttempts.length === 0 && changedPayments.length === 0 && !moved) return [];
  const { id, version } = before.checkout;
  const isNew = (attempt: Attempt) => before.attempts.every((b) => b.id !== attempt.id);
  return [
    updateCheckout({ ...after.checkout, updated_at: now, version: version + 1 }, id, version),
    elseConflict,
    ...changedAttempts.map((attempt) => (isNew(attempt) ? insertAttempt(attempt) : updateAttempt(attempt, attempt.id))),
    ...changedPayments.map((payment) => paymentRow(before, payment)),
    ...changedAttempts.filter((a) => a.status === "failed" && !isNew(a)).map((a) => giveBack(a, after.checkout.amount)),
    ...await happenings(ctx, before, after, changedAttempts, changedPayments),
    auditEntry(ctx, action, id, trace(after, changedAttempts, changedPayments)),
    ...(action === "attempt.accepted" ? [] : [follow(ctx, after)]), // its job was planned for this at creation
  ];
}

const paymentRow = (before: Aggregate, payment: Payment): Statement =>
  before.payments.some((p) => p.id === payment.id) ? updatePayment(payment, payment.id) : insertPayment(payment);

async function happenings(
  ctx: Context,
  before: Aggregate,
  after: Aggregate,
  changedAttempts: readonly Attempt[],
  changedPayments: readonly Payment[],
): Promise<Statement[]> {
  const list: Statement[] = [];
  const { checkout } = after;
  const data = await checkoutData(ctx, after);
  for (const attempt of changedAttempts) {
    const was = before.attempts.find((b) => b.id === attempt.id)?.status ?? "pending";
    if (attempt.status === "failed" && was !== "failed") {
      list.push(event(ctx, "checkout.attempt_failed", checkout.id, data));
    }
  }
  for (const payment of changedPayments) {
    const was = before.payments.find((b) => b.id === payment.id);
    const shown = await paymentView(ctx, payment);
    if (was === undefined) list.push(event(ctx, "payment.received", payment.id, shown));
    if (payment.status === "duplicate_payment" && was?.status !== "duplicate_payment") {
      list.push(event(ctx, "payment.duplicate", payment.id, shown));
    }
    if (payment.status === "matched" && was?.status === "unmatched") {
      list.push(event(ctx, "payment.matched", payment.id, shown));
    }
  }
  const told = ["succeeded", "expired", "cancelled", "review"] as const;
  const ended = told.find((status) => status === checkout.status && status !== before.checkout.status);
  if (ended !== undefined) list.push(event(ctx, `checkout.${ended}`, checkout.id, data));
  return list;
}

const trace = (
  after: Aggregate,
  changedAttempts: readonly Attempt[],
  changedPayments: readonly Payment[],
): Record<string, unknown> => ({
  status: after.checkout.status,
  attempts: changedAttempts.map((a) => ({
    id: a.id,
    status: a.status,
    evidence: a.evidence,
    result_code: a.result_code,
  })),
  payments: changedPayments.map((p) => ({ id: p.id, status: p.status, receipt: p.receipt })),
});

/** The job that looks at the checkout again, or none where there is nothing left to wait for. */
function follow(ctx: Context, after: Aggregate): Statement {
  const at = nextLook(after, ctx.config.plans.scale);
  if (at === Infinity) return ctx.jobs.drop("checkout", after.checkout.id);
  return ctx.jobs.schedule("checkout", after.checkout.id, after.checkout.merchant_id, at);
}
