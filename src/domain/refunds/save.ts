import { type Answer, commit, type Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Statement } from "../../db/database.ts";
import type { EventType } from "../../db/event-types.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import { Evidence, type Refund } from "./machine/facts.ts";
import { needsPerson } from "./machine/status.ts";
import { nextStep } from "./plan.ts";
import { adjustReserved, markRefunded, scheduleNextStep, updateRefund } from "./store.ts";
import { refundView } from "./view.ts";

/** The event that tells of a new status; null: none. */
const statusEvents: Readonly<Record<Refund["status"], EventType | null>> = {
  queued: null,
  submitted: "refund.submitted",
  in_doubt: "refund.in_doubt",
  succeeded: "refund.succeeded",
  failed: "refund.failed",
};

/**
 * Statements that store a change: the row, the part of the payment that is reserved, the payment, event, audit entry and
 * job. A trigger posts what settled to the ledger. Their batch fails with `conflict` if the refund was changed since it was
 * loaded.
 */
async function transition(ctx: Context, before: Refund, after: Refund, action: AuditAction): Promise<Statement[]> {
  if (!hasChanged(before, after)) return [];
  const now = ctx.clock.now();
  const stored = { ...after, updated_at: now, version: before.version + 1 };
  const hasNewStatus = after.status !== before.status;
  const type = hasNewStatus ? statusEvents[after.status] : null;
  return [
    updateRefund(stored, before.id, before.version),
    abortIfUnchanged,
    ...(before.promised === after.promised ? [] : [adjustReserved(after)]),
    ...(hasNewStatus && after.status === "succeeded" ? markRefunded(after, now) : []),
    ...(type === null ? [] : [event(ctx, type, before.id, { ...await refundView(ctx, stored) })]),
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
  const changes = await transition(own, before, after, action);
  const statements = [...changes, ...(more.statements ?? [])];
  if (statements.length === 0 && more.answer === undefined) return before;
  await commit(ctx, before.id, statements, more.answer);
  if (changes.length === 0) return before;
  const stored = { ...after, updated_at: ctx.clock.now(), version: before.version + 1 };
  const { at } = nextStep(stored, ctx.config.plans.scale);
  if (at !== Infinity) ctx.jobs.wake(at);
  alertIfPersonNeeded(ctx, before, stored);
  return stored;
}

/** Writes an alert when a person has to look at the refund from now on. */
function alertIfPersonNeeded(ctx: Context, before: Refund, after: Refund): void {
  if (!needsPerson(after) || needsPerson(before)) return;
  const twice = (after.evidence & Evidence.twice) !== 0;
  ctx.log.write("alert", twice ? "refund_paid_twice" : "refund_needs_person", {
    refund: after.id,
    merchant: after.merchant_id,
    status: after.status,
    mismatch: (after.evidence & Evidence.mismatch) !== 0,
  });
}
