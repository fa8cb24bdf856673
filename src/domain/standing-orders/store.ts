import { type Answer, commit, type Context } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import type { Database, Statement } from "../../db/database.ts";
import type { EventType } from "../../db/event-types.ts";
import { abortIfUnchanged, first, insert, select, update } from "../../db/query.ts";
import { standingOrders } from "../../db/schema.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { hasChanged } from "../settlement/has-changed.ts";
import { asStored } from "../settlement/next-version.ts";
import type { StandingOrder } from "./machine.ts";
import { standingOrderView } from "./view.ts";

const ANSWER_TIMEOUT_MS = 10 * 60_000;

const selectOrder = select(standingOrders, "WHERE id = ?");
export const insertOrder: (row: StandingOrder) => Statement = insert(standingOrders);
const updateOrder = update(
  standingOrders,
  [
    "status",
    "evidence",
    "response_ref_id",
    "receipt",
    "failure",
    "result_code",
    "result_description",
    "accepted_at",
    "ended_at",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);

export const loadStandingOrder = ({ db }: { readonly db: Database }, id: string): Promise<StandingOrder | null> =>
  first(db, selectOrder(id));

/** When (ms) the wait for the customer's answer ends. */
export const answerDueAt = (ctx: Context, order: StandingOrder): number =>
  order.created_at + ANSWER_TIMEOUT_MS * ctx.config.plans.scale;

/** The event that tells of a new status. A standing order never goes back to pending. */
const statusEvents: Readonly<Record<StandingOrder["status"], EventType | null>> = {
  pending: null,
  active: "standing_order.active",
  failed: "standing_order.failed",
  unknown: "standing_order.unknown",
};

/** Stores a change: row, event and audit entry. Errors: `conflict` (as ConstraintError). */
export async function saveStandingOrder(
  ctx: Context,
  before: StandingOrder,
  after: StandingOrder,
  action: AuditAction,
  more: { readonly statements?: readonly Statement[]; readonly answer?: Answer } = {},
): Promise<void> {
  const own: Context = { ...ctx, merchantId: before.merchant_id };
  const stored = asStored(before, after, ctx.clock.now());
  const { status, evidence, result_code } = after;
  const type = status === before.status ? null : statusEvents[status];
  const changes = !hasChanged(before, after) ? [] : [
    updateOrder(stored, before.id, before.version),
    abortIfUnchanged,
    ...(type === null ? [] : [event(own, type, before.id, { ...await standingOrderView(own, stored) })]),
    auditEntry(own, action, before.id, { status, evidence, result_code }),
  ];
  const statements = [...changes, ...(more.statements ?? [])];
  if (statements.length > 0 || more.answer !== undefined) await commit(ctx, before.id, statements, more.answer);
}
