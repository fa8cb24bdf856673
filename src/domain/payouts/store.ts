import type { Context, Services } from "../../context/context.ts";
import type { Database, Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, select, update } from "../../db/query.ts";
import { payouts } from "../../db/schema.ts";
import type { ReceiptHolder } from "../money-out/receipts.ts";
import { pausesOf } from "../money-out/send-money.ts";
import { type Payee, selectPayeeOfPayout } from "../payees/store.ts";
import type { Payout } from "./machine/facts.ts";
import { nextStep, type Plan } from "./plan.ts";

const selectPayout = select(payouts, "WHERE id = ?");
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
    "answered",
    "needs_person",
    "approvals",
    "payee_name",
    "name_confirmed_by",
    "name_confirmed_at",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

export const loadPayout = (services: { readonly db: Database }, id: string): Promise<Payout | null> =>
  first(services.db, selectPayout(id));

const selectPausesOfPayout = (id: string): Query<string> => ({
  sql: pausesOf("(SELECT merchant_id FROM payouts WHERE id = ?1)"),
  args: [id],
  map: ([scope]) => String(scope),
});

/** What a payout's job needs to know before it acts. */
export interface DuePayout {
  readonly payout: Payout;
  readonly paused: boolean;
  /** What the payee book says; null: nothing. */
  readonly payee: Payee | null;
}

/** A payout, whether it is paused, and its payee, in one round trip. */
export async function loadDue(services: Services, id: string): Promise<DuePayout | null> {
  const [[payout], pauses, [payee]] = await rows(
    services.db,
    selectPayout(id),
    selectPausesOfPayout(id),
    selectPayeeOfPayout(id),
  );
  return payout === undefined ? null : { payout, paused: pauses.length > 0, payee: payee ?? null };
}

/** A payout and its payee, in one round trip. */
export async function loadWithPayee(
  services: { readonly db: Database },
  id: string,
): Promise<{ readonly payout: Payout; readonly payee: Payee | null } | null> {
  const [[payout], [payee]] = await rows(services.db, selectPayout(id), selectPayeeOfPayout(id));
  return payout === undefined ? null : { payout, payee: payee ?? null };
}

/** A payout and the refund that it carries have the same receipt. */
export const receiptHolder = ({ id, merchant_id, refund_id }: Payout): ReceiptHolder => ({
  merchantId: merchant_id,
  ids: refund_id === null ? [id] : [id, refund_id],
});

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
