import type { Context, Services } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, select, statement, update } from "../../db/query.ts";
import { payoutPauses, payouts } from "../../db/schema.ts";
import type { Payout } from "./machine/facts.ts";
import { nextStep, type Plan } from "./plan.ts";

export type Pause = typeof payoutPauses.$inferSelect;

const selectPayout = select(payouts, "WHERE id = ?");
const selectPauses = select(
  payoutPauses,
  "WHERE scope = '*' OR scope = (SELECT merchant_id FROM payouts WHERE id = ?)",
);
const selectOtherByReceipt: (receipt: string, id: string) => Query<Payout> = select(
  payouts,
  "WHERE receipt = ? AND id <> ?",
);

export const insertPayout: (row: Payout) => Statement = insert(payouts);
export const updatePayout: (row: Payout, id: string, version: number) => Statement = update(
  payouts,
  [
    "status",
    "decided_by",
    "decided_at",
    "reason",
    "evidence",
    "sends",
    "unsent",
    "missed",
    "polls",
    "held",
    "conversation_id",
    "daraja_originator_id",
    "receipt",
    "fee",
    "failure",
    "result_code",
    "result_description",
    "resolution",
    "send_after",
    "first_sent_at",
    "sent_at",
    "accepted_at",
    "in_doubt_at",
    "paid_at",
    "ended_at",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

export const loadPayout = (services: { readonly db: Database }, id: string): Promise<Payout | null> =>
  first(services.db, selectPayout(id));

/** A payout and whether it is paused, in one round trip. */
export async function loadWithPause(
  services: Services,
  id: string,
): Promise<{ readonly payout: Payout; readonly paused: boolean } | null> {
  const [[payout], pauses] = await rows(services.db, selectPayout(id), selectPauses(id));
  return payout === undefined ? null : { payout, paused: pauses.length > 0 };
}

/** Whether the receipt belongs to another payout already. */
export const isReceiptOfOther = async (services: Services, receipt: string | null, id: string): Promise<boolean> =>
  receipt !== null && await first(services.db, selectOtherByReceipt(receipt, id)) !== null;

/** The settings of this service's plan. */
export const planSettings = ({ config }: Pick<Services, "config">, paused = false): Plan => ({
  scale: config.plans.scale,
  approvalExpiresMs: config.limits.payouts.approvalExpiresMs,
  idempotent: config.daraja.b2cVersion === "v3",
  paused,
});

/**
 * Statement: the payout's job runs when its state says so, or there is none any more. A run that holds the job loses it;
 * the payout's version keeps two runs apart.
 */
export function scheduleNextStep(ctx: Context, after: Payout): Statement {
  const { at } = nextStep(after, planSettings(ctx), ctx.clock.now());
  return at === Infinity
    ? ctx.jobs.drop("payout", after.id)
    : ctx.jobs.replace("payout", after.id, after.merchant_id, at);
}

const OPEN = "('queued', 'in_doubt')";

/** Statement: runs the jobs of payouts that waited for the end of a pause now. Null: of all merchants. */
export const wakePausedPayouts = (merchantId: string | null, now: number): Statement =>
  merchantId === null
    ? statement(
      `UPDATE jobs SET run_at = min(run_at, ?) WHERE kind = 'payout' AND status = 'queued' AND subject_id IN ` +
        `(SELECT id FROM payouts WHERE status IN ${OPEN})`,
      now,
    )
    : statement(
      `UPDATE jobs SET run_at = min(run_at, ?) WHERE kind = 'payout' AND status = 'queued' AND subject_id IN ` +
        `(SELECT id FROM payouts WHERE merchant_id = ? AND status IN ${OPEN})`,
      now,
      merchantId,
    );

/** Statement: makes the batch fail with `conflict` while payouts of this merchant, or all, are paused. */
export const abortIfPaused = (payout: Payout): Statement =>
  statement(
    "INSERT INTO guards (failed) SELECT 'conflict' FROM payout_pauses WHERE scope IN ('*', ?)",
    payout.merchant_id,
  );
