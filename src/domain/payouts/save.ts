import { type Answer, commit, type Context, type Fields } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Statement } from "../../db/database.ts";
import type { EventType } from "../../db/event-types.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { adjustReserved } from "./limits.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import { asStored } from "../settlement/next-version.ts";
import { Evidence, type Payout } from "./machine/facts.ts";
import { hasEnded, isHeldForName } from "./machine/status.ts";
import { nextStep } from "./plan.ts";
import { planSettings, scheduleNextStep, updatePayout } from "./store.ts";
import { payoutData } from "./view.ts";

/**
 * Statements that store a change: the row, the limits' counters, audit entry, events and job. Their batch fails with
 * `conflict` if the payout was changed since it was loaded. Empty where nothing changed.
 */
export async function transition(
  ctx: Context,
  before: Payout,
  after: Payout,
  action: AuditAction,
  audit: Fields = {},
): Promise<Statement[]> {
  if (!hasChanged(before, after)) return [];
  const own: Context = { ...ctx, merchantId: before.merchant_id };
  const { id, version } = before;
  const stored = asStored(before, after, ctx.clock.now());
  return [
    updatePayout(stored, id, version),
    abortIfUnchanged,
    ...(before.held === after.held ? [] : adjustReserved(after, after.held)),
    ...await eventsOf(own, before, stored),
    auditEntry(own, action, id, {
      status: after.status,
      evidence: after.evidence,
      sends: after.sends,
      result_code: after.result_code,
      receipt: after.receipt,
      ...audit,
    }),
    scheduleNextStep(ctx, stored),
    ...(refundToUpdate(before, after) === null ? [] : [scheduleRefundJob(ctx, after)]),
  ];
}

/** The refund that this payout carries, if its state must follow this change; null: none. */
const refundToUpdate = (before: Payout, after: Payout): string | null =>
  before.status === after.status ? null : after.refund_id;

/** Statement: the refund's job copies the state of its payout now. */
const scheduleRefundJob = (ctx: Context, { refund_id, merchant_id }: Payout): Statement =>
  ctx.jobs.schedule("refund", refund_id ?? "", merchant_id, ctx.clock.now());

/** The event of a new status. Null: it has none, or the evidence decides. */
const statusEvents: Readonly<Record<Payout["status"], EventType | null>> = {
  awaiting_approval: null,
  queued: null,
  submitted: null,
  in_doubt: "payout.in_doubt",
  succeeded: "payout.succeeded",
  failed: "payout.failed",
  rejected: "payout.rejected",
  cancelled: "payout.cancelled",
};

async function eventsOf(ctx: Context, before: Payout, after: Payout): Promise<Statement[]> {
  const isNew = (bit: number) => (after.evidence & ~before.evidence & bit) !== 0;
  const types: EventType[] = [];
  if (isNew(Evidence.approved)) types.push("payout.approved");
  if (isHeldForName(after) && !isHeldForName(before)) types.push("payout.held");
  if (isHeldForName(before) && isNew(Evidence.nameConfirmed)) types.push("payout.released");
  if (isNew(Evidence.accepted) && after.status === "submitted") types.push("payout.submitted");
  const type = after.status === before.status ? null : statusEvents[after.status];
  if (type !== null) types.push(type);
  if (types.length === 0) return [];
  const data = await payoutData(ctx, after);
  return types.map((type) => event(ctx, type, after.id, { ...data }));
}

/** Stores a change, with `more.statements` in the same batch. Errors: `conflict` (as ConstraintError). */
export async function savePayout(
  ctx: Context,
  before: Payout,
  after: Payout,
  action: AuditAction,
  more: { readonly statements?: readonly Statement[]; readonly answer?: Answer; readonly audit?: Fields } = {},
): Promise<Payout> {
  const stored = asStored(before, after, ctx.clock.now());
  const changes = await transition(ctx, before, stored, action, more.audit);
  const statements = [...changes, ...(more.statements ?? [])];
  if (statements.length === 0 && more.answer === undefined) return before;
  await commit(ctx, before.id, statements, more.answer);
  if (changes.length === 0) return before;
  const { at } = nextStep(stored, planSettings(ctx), ctx.clock.now());
  if (at !== Infinity) ctx.jobs.wake(at);
  if (refundToUpdate(before, after) !== null) ctx.jobs.wake(ctx.clock.now());
  writeAlerts(ctx, before, stored);
  return stored;
}

/** Writes an alert for what a person has to know about. */
function writeAlerts(ctx: Context, before: Payout, after: Payout): void {
  const about = { payout: after.id, merchant: after.merchant_id, status: after.status };
  const becamePaid = after.status === "succeeded" && before.status !== "succeeded";
  if (becamePaid && hasEnded(before.status)) {
    ctx.log.write("alert", "payout_paid_after_failure", { ...about, amount: after.amount, was: before.status });
  }
  if (becamePaid && after.sends === 0) ctx.log.write("alert", "payout_paid_unsent", { ...about, amount: after.amount });
  if (!after.needs_person || before.needs_person || isHeldForName(after)) return; // a rule of alerts tells of held ones
  const has = (bit: number) => (after.evidence & bit) !== 0;
  const name = has(Evidence.twice)
    ? "payout_paid_twice"
    : has(Evidence.altered)
    ? "payout_altered"
    : "payout_needs_person";
  ctx.log.write("alert", name, {
    ...about,
    mismatch: has(Evidence.mismatch),
    resolved: after.resolution?.outcome ?? null,
  });
}
