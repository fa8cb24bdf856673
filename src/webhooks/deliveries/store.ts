import type { InferSelectModel } from "drizzle-orm";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { columnNames, insert, type Query, select, statement } from "../../db/query.ts";
import { deliveries } from "../../db/schema.ts";
import type { Tried } from "./attempt.ts";

export type DeliveryRow = InferSelectModel<typeof deliveries>;

/** What the job that looks after an endpoint's deliveries is called; its subject is the endpoint. */
export const DELIVERIES_JOB = "deliveries";

const all = columnNames(deliveries);
export const insertDelivery = insert(deliveries);
export const selectDelivery = select(deliveries, "WHERE endpoint_id = ? AND id = ?");
export const selectOwnDelivery = select(
  deliveries,
  "WHERE id = ? AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE merchant_id = ?)",
);

/** An attempt that is to be made at `runAt` (ms). */
export const pending = (
  what: Pick<DeliveryRow, "endpoint_id" | "event_id" | "cause">,
  runAt: number,
  now: number,
): DeliveryRow => ({
  ...what,
  id: newId("dlv"),
  number: 1,
  retry: 0,
  status: "pending",
  run_at: runAt,
  lease: null,
  url: null,
  failure: null,
  response_status: null,
  response_body: null,
  started_at: null,
  duration_ms: null,
  next_at: null,
  created_at: now,
  ended_at: null,
});

/** First attempts, many in one statement; one that is there already stays. */
export const insertFirst = (rows: readonly DeliveryRow[]): Statement =>
  statement(
    `INSERT INTO deliveries (endpoint_id, id, event_id, cause, number, retry, status, run_at, created_at) ` +
      `SELECT value ->> 0, value ->> 1, value ->> 2, 'event', 1, 0, 'pending', value ->> 3, value ->> 3 ` +
      `FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    JSON.stringify(rows.map((row) => [row.endpoint_id, row.id, row.event_id, row.created_at])),
  );

/** The attempt after one that failed; none if it is there already or the endpoint takes nothing any more. */
export const insertNext = (row: DeliveryRow): Statement => {
  const { args } = insertDelivery(row);
  const marks = args.map(() => "?").join(", ");
  return statement(
    `INSERT INTO deliveries (${all}) SELECT ${marks} ` +
      `WHERE EXISTS (SELECT 1 FROM webhook_endpoints WHERE id = ? AND status = 'enabled') ON CONFLICT DO NOTHING`,
    ...args,
    row.endpoint_id,
  );
};

/** Each endpoint (by id, with its merchant) has a job that looks after it by `runAt` (ms) at the latest. */
export const lookBy = (endpoints: readonly (readonly [string, string])[], runAt: number, now: number): Statement =>
  statement(
    `INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at) ` +
      `SELECT value ->> 0, '${DELIVERIES_JOB}', value ->> 1, value ->> 2, 'queued', ?, 0, ?, ? FROM json_each(?) WHERE true ` +
      `ON CONFLICT (kind, subject_id) DO UPDATE SET run_at = excluded.run_at, status = 'queued' ` +
      `WHERE jobs.run_at > excluded.run_at OR jobs.status = 'dead'`,
    runAt,
    now,
    now,
    JSON.stringify(endpoints.map(([id, merchant]) => [newId("job"), id, merchant])),
  );

/** An attempt that this process has taken on until its lease ends. */
export type Claimed = Pick<DeliveryRow, "id" | "event_id" | "cause" | "number" | "retry">;

/** Takes on what an endpoint is owed by now, oldest first. */
export const claim = (endpointId: string, lease: string, now: number, until: number, most: number): Query<Claimed> => ({
  sql: `UPDATE deliveries SET lease = ?, run_at = ? WHERE endpoint_id = ? AND id IN ` +
    `(SELECT id FROM deliveries WHERE endpoint_id = ? AND status = 'pending' AND run_at <= ? ORDER BY run_at, id LIMIT ?) ` +
    `RETURNING id, event_id, cause, number, retry`,
  args: [lease, until, endpointId, endpointId, now, most],
  map: ([id, event, cause, number, retry]) => ({
    id: String(id),
    event_id: String(event),
    cause: String(cause) as DeliveryRow["cause"], // its CHECK allows no other
    number: Number(number),
    retry: Number(retry),
  }),
});

/** Gives back what was taken on and not begun. */
export const giveBack = (endpointId: string, lease: string, ids: readonly string[], now: number): Statement =>
  statement(
    `UPDATE deliveries SET lease = NULL, run_at = ? WHERE endpoint_id = ? AND status = 'pending' AND lease = ? ` +
      `AND id IN (SELECT value FROM json_each(?))`,
    now,
    endpointId,
    lease,
    JSON.stringify(ids),
  );

/** What became of an attempt; it is told once. `nextAt` (ms) is when the next one comes. */
export const ended = (endpointId: string, id: string, url: string, tried: Tried, nextAt: number | null): Statement =>
  statement(
    `UPDATE deliveries SET status = ?, lease = NULL, url = ?, failure = ?, response_status = ?, response_body = ?, ` +
      `started_at = ?, duration_ms = ?, next_at = ?, ended_at = ? WHERE endpoint_id = ? AND id = ? AND status = 'pending'`,
    tried.failure === null ? "succeeded" : "failed",
    url,
    tried.failure,
    tried.status,
    tried.response,
    tried.startedAt,
    tried.durationMs,
    nextAt,
    tried.startedAt + tried.durationMs,
    endpointId,
    id,
  );

/** When an endpoint is next owed something, or a lease on it ends. */
export const nextDue = (endpointId: string): Query<number | null> => ({
  sql: "SELECT min(run_at) FROM deliveries WHERE endpoint_id = ? AND status = 'pending'",
  args: [endpointId],
  map: ([at]) => (at === null || at === undefined ? null : Number(at)),
});
