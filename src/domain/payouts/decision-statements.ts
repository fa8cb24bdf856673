import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { audit, events, jobs, payouts } from "../../db/schema.ts";
import { newJobRow, TAKE_LEASE } from "../../jobs/store.ts";
import { insertMany, updateMany } from "./bulk.ts";
import type { Payout } from "./machine/facts.ts";
import { nextStep } from "./plan.ts";
import { releaseMany } from "./release.ts";
import { planSettings } from "./store.ts";
import { payoutView } from "./view.ts";

const SLICE = 100;
const insertEvents = insertMany(events);
const insertAudits = insertMany(audit);
const replaceJobs = insertMany(jobs, TAKE_LEASE);
const updatePayouts = updateMany(payouts, [
  "status",
  "decided_by",
  "decided_at",
  "reason",
  "evidence",
  "held",
  "ended_at",
  "needs_person",
  "approvals",
  "updated_at",
  "version",
]);

export interface Change {
  readonly before: Payout;
  readonly after: Payout;
}

/**
 * The statements that store one decision about many payouts of a merchant, slice by slice. Their batch fails with
 * `conflict` if one of the payouts was changed since it was read.
 */
export async function decisionStatements(ctx: Context, changes: readonly Change[]): Promise<Statement[]> {
  const statements: Statement[] = [];
  for (let start = 0; start < changes.length; start += SLICE) {
    statements.push(...await decideSlice(ctx, changes.slice(start, start + SLICE)));
  }
  const refunds = changes.flatMap(({ before, after }) => before.status === after.status ? [] : after.refund_id ?? []);
  for (const id of refunds) statements.push(ctx.jobs.schedule("refund", id, ctx.merchantId, ctx.clock.now()));
  const released = changes.filter(({ before, after }) => before.held && !after.held).map(({ after }) => after);
  return released.length === 0 ? statements : [...statements, releaseMany(released)];
}

/** The event of a decision, and its action in the audit trail. */
function nameOf({ status }: Payout): "payout.approved" | "payout.rejected" | "payout.cancelled" {
  return status === "rejected" || status === "cancelled" ? `payout.${status}` : "payout.approved";
}

async function decideSlice(ctx: Context, changes: readonly Change[]): Promise<Statement[]> {
  const now = ctx.clock.now();
  const { actor, merchantId: merchant_id, requestId: request_id } = ctx;
  const told = await Promise.all(changes.map(async ({ after }) => ({
    id: newId("evt"),
    merchant_id,
    type: nameOf(after),
    subject_id: after.id,
    data: { ...await payoutView(ctx, after) },
    created_at: now,
  })));
  const audited = changes.map(({ after }) => ({
    merchant_id,
    actor,
    action: nameOf(after),
    subject_id: after.id,
    request_id,
    data: { status: after.status, evidence: after.evidence, batch: after.batch_id },
    at: now,
  }));
  return [
    ...updatePayouts(changes.map(({ before, after }) => ({ row: after, version: before.version }))),
    insertEvents(told),
    insertAudits(audited),
    ...jobsOf(ctx, changes, now),
  ];
}

function jobsOf(ctx: Context, changes: readonly Change[], now: number): Statement[] {
  const plan = planSettings(ctx);
  const steps = changes.map(({ after }) => ({ after, at: nextStep(after, plan, now).at }));
  const due = steps.filter(({ at }) => at !== Infinity).map(({ after, at }) =>
    newJobRow({ kind: "payout", subjectId: after.id, merchantId: after.merchant_id, runAt: at, now })
  );
  const ended = steps.filter(({ at }) => at === Infinity).map(({ after }) => after.id);
  return [
    ...(due.length === 0 ? [] : [replaceJobs(due)]),
    ...(ended.length === 0 ? [] : [
      statement(
        "DELETE FROM jobs WHERE kind = 'payout' AND subject_id IN (SELECT value FROM json_each(?))",
        JSON.stringify(ended),
      ),
    ]),
  ];
}
