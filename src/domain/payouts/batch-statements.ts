import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { audit, events, jobs, payouts } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { newJobRow } from "../../jobs/store.ts";
import { type Batch, insertBatch } from "./batches.ts";
import { insertMany } from "./bulk.ts";
import type { Payout } from "./machine/facts.ts";
import { nextStep } from "./plan.ts";
import { planSettings } from "./store.ts";
import { payoutData } from "./view.ts";

const SLICE = 100;
const insertPayouts = insertMany(payouts);
const insertEvents = insertMany(events);
const insertAudits = insertMany(audit);
const insertJobs = insertMany(jobs);

/** The statements that store a batch of payouts. Makes them slice by slice, so that only one slice's objects are in memory at a time. */
export async function batchStatements(ctx: Context, batch: Batch, members: readonly Payout[]): Promise<Statement[]> {
  const about = { total: batch.total, amount: batch.amount };
  const statements = [insertBatch(batch), auditEntry(ctx, "payout_batch.created", batch.id, about)];
  for (let start = 0; start < members.length; start += SLICE) {
    statements.push(...await insertMembers(ctx, members.slice(start, start + SLICE)));
  }
  return statements;
}

async function insertMembers(ctx: Context, members: readonly Payout[]): Promise<Statement[]> {
  const now = ctx.clock.now();
  const plan = planSettings(ctx);
  const { merchantId: merchant_id, actor, requestId: request_id } = ctx;
  const created = await Promise.all(members.map(async (member) => ({
    id: newId("evt"),
    merchant_id,
    type: "payout.created" as const,
    subject_id: member.id,
    data: { ...await payoutData(ctx, member) },
    created_at: now,
  })));
  const audited = members.map(({ id: subject_id, amount, status, batch_id }) => ({
    merchant_id,
    actor,
    action: "payout.created" as const,
    subject_id,
    request_id,
    data: { amount, status, batch: batch_id },
    at: now,
  }));
  return [
    insertPayouts(members),
    insertEvents(created),
    insertAudits(audited),
    insertJobs(
      members.map((member) =>
        newJobRow({
          kind: "payout",
          subjectId: member.id,
          merchantId: merchant_id,
          runAt: nextStep(member, plan, now).at,
          now,
        })
      ),
    ),
  ];
}
