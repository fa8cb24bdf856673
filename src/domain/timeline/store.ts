import type { Value } from "../../db/database.ts";
import { type Query, select } from "../../db/query.ts";
import { attempts } from "../../db/schema.ts";

/** A timeline has at most this many lines of each source. */
const MOST = 500;
const IN_IDS = "IN (SELECT value FROM json_each(?))";

const text = (value: Value | undefined): string | null => typeof value === "string" ? value : null;
const number = (value: Value | undefined): number | null => typeof value === "number" ? value : null;

export type AttemptRow = typeof attempts.$inferSelect;
export const selectAttempts: (checkoutId: string) => Query<AttemptRow> = select(
  attempts,
  `WHERE checkout_id = ? ORDER BY id LIMIT ${MOST}`,
);

export interface NoticeRow {
  readonly id: string;
  readonly kind: string;
  readonly status: "stored" | "applied" | "quarantined" | "unreadable";
  readonly problem: string | null;
  readonly copies: number;
  readonly received_at: number;
}

const NOTICE_COLUMNS = "id, kind, status, problem, copies, received_at";

/** The notices about any of the ids or the checkout's attempts, also those that told of a payment. */
export const selectNotices = (ids: string, checkoutId: string): Query<NoticeRow> => ({
  sql: `SELECT ${NOTICE_COLUMNS} FROM notices WHERE subject_id ${IN_IDS} UNION ` +
    `SELECT ${NOTICE_COLUMNS} FROM notices WHERE payment_id ${IN_IDS} UNION ` +
    `SELECT ${NOTICE_COLUMNS} FROM notices WHERE subject_id IN (SELECT id FROM attempts WHERE checkout_id = ?) ` +
    `ORDER BY id LIMIT ${MOST}`,
  args: [ids, ids, checkoutId],
  map: ([id, kind, status, problem, copies, receivedAt]) => ({
    id: String(id),
    kind: String(kind),
    status: status as NoticeRow["status"], // by the CHECK of the table
    problem: text(problem),
    copies: Number(copies),
    received_at: Number(receivedAt),
  }),
});

export interface AuditRow {
  readonly actor: string;
  readonly action: string;
  readonly subject_id: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export const selectAudit = (ids: string): Query<AuditRow> => ({
  sql: `SELECT actor, action, subject_id, data, at FROM audit WHERE subject_id ${IN_IDS} ORDER BY seq LIMIT ${MOST}`,
  args: [ids],
  map: ([actor, action, subject, data, at]) => ({
    actor: String(actor),
    action: String(action),
    subject_id: String(subject),
    data: JSON.parse(String(data)),
    at: Number(at),
  }),
});

export interface EventRow {
  readonly id: string;
  readonly type: string;
  readonly created_at: number;
  /** The last delivery; null where no endpoint takes the event. */
  readonly delivery: {
    readonly status: string;
    readonly response_status: number | null;
    readonly failure: string | null;
    readonly ended_at: number | null;
  } | null;
}

export const selectEvents = (merchantId: string, ids: string): Query<EventRow> => ({
  sql: "SELECT e.id, e.type, e.created_at, d.status, d.response_status, d.failure, d.ended_at FROM events e " +
    "LEFT JOIN deliveries d ON d.event_id = e.id AND d.id = " +
    "(SELECT id FROM deliveries WHERE event_id = e.id ORDER BY id DESC LIMIT 1) " +
    `WHERE e.merchant_id = ? AND e.subject_id ${IN_IDS} ORDER BY e.id LIMIT ${MOST}`,
  args: [merchantId, ids],
  map: ([id, type, createdAt, status, responseStatus, failure, endedAt]) => ({
    id: String(id),
    type: String(type),
    created_at: Number(createdAt),
    delivery: typeof status === "string"
      ? { status, response_status: number(responseStatus), failure: text(failure), ended_at: number(endedAt) }
      : null,
  }),
});

/** When the job of the subject runs next. */
export const selectNextRun = (kind: string, id: string): Query<number> => ({
  sql: "SELECT run_at FROM jobs WHERE kind = ? AND subject_id = ? AND status = 'queued'",
  args: [kind, id],
  map: ([runAt]) => Number(runAt),
});
