import type { InferSelectModel } from "drizzle-orm";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { columnNames, insert, type Query, select, statement } from "../../db/query.ts";
import { deliveries } from "../../db/schema.ts";
import type { DeliveryResult } from "./attempt.ts";

export type DeliveryRow = InferSelectModel<typeof deliveries>;

const ALL_COLUMNS = columnNames(deliveries);
export const insertDelivery = insert(deliveries);
export const selectDelivery = select(deliveries, "WHERE endpoint_id = ? AND id = ?");
export const selectOwnDelivery = select(
  deliveries,
  "WHERE id = ? AND endpoint_id IN (SELECT id FROM webhook_endpoints WHERE merchant_id = ?)",
);

/** A first attempt that is due at `runAt` (ms). */
export const pendingDelivery = (
  key: Pick<DeliveryRow, "endpoint_id" | "event_id" | "cause">,
  runAt: number,
  now: number,
): DeliveryRow => ({
  ...key,
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
  version: 1,
});

/** Statement: inserts many first attempts. A row that exists already stays as it is. */
export const insertFirstAttempts = (rows: readonly DeliveryRow[]): Statement =>
  statement(
    `INSERT INTO deliveries (endpoint_id, id, event_id, cause, number, retry, status, run_at, created_at) ` +
      `SELECT value ->> 0, value ->> 1, value ->> 2, 'event', 1, 0, 'pending', value ->> 3, value ->> 3 ` +
      `FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`,
    JSON.stringify(rows.map((row) => [row.endpoint_id, row.id, row.event_id, row.created_at])),
  );

/**
 * Statement: inserts the attempt after the failed one `failedId`, unless its failure did not count ({@link endDelivery}), the
 * next one exists, or the endpoint is not enabled any more.
 */
export const insertNextAttempt = (row: DeliveryRow, failedId: string): Statement => {
  const { args } = insertDelivery(row);
  const marks = args.map(() => "?").join(", ");
  return statement(
    `INSERT INTO deliveries (${ALL_COLUMNS}) SELECT ${marks} ` +
      `WHERE EXISTS (SELECT 1 FROM webhook_endpoints WHERE id = ? AND status = 'enabled') ` +
      `AND EXISTS (SELECT 1 FROM deliveries WHERE endpoint_id = ? AND id = ? AND status = 'failed') ON CONFLICT DO NOTHING`,
    ...args,
    row.endpoint_id,
    row.endpoint_id,
    failedId,
  );
};

/** Statement: each endpoint (pairs of endpoint id and merchant id) has a deliveries job that runs at `runAt` (ms) or earlier. */
export const scheduleDeliveriesJob = (
  endpoints: readonly (readonly [string, string])[],
  runAt: number,
  now: number,
): Statement =>
  statement(
    `INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at) ` +
      `SELECT value ->> 0, 'deliveries', value ->> 1, value ->> 2, 'queued', ?, 0, ?, ? FROM json_each(?) WHERE true ` +
      `ON CONFLICT (kind, subject_id) DO UPDATE SET version = jobs.version + 1, run_at = excluded.run_at, status = 'queued' ` +
      `WHERE jobs.run_at > excluded.run_at OR jobs.status = 'dead'`,
    runAt,
    now,
    now,
    JSON.stringify(endpoints.map(([id, merchant]) => [newId("job"), id, merchant])),
  );

/** A due attempt that a claim of this process has leased. */
export type ClaimedDelivery = Pick<DeliveryRow, "id" | "event_id" | "cause" | "number" | "retry" | "lease">;

/** Query: leases up to `limit` due attempts of an endpoint until `leaseUntil` (ms), the oldest first. */
export const claimDue = (
  endpointId: string,
  lease: string,
  now: number,
  leaseUntil: number,
  limit: number,
): Query<ClaimedDelivery> => ({
  sql: `UPDATE deliveries SET version = version + 1, lease = ?, run_at = ? WHERE endpoint_id = ? AND id IN ` +
    `(SELECT id FROM deliveries WHERE endpoint_id = ? AND status = 'pending' AND run_at <= ? ORDER BY run_at, id LIMIT ?) ` +
    `RETURNING id, event_id, cause, number, retry`,
  args: [lease, leaseUntil, endpointId, endpointId, now, limit],
  map: ([id, event, cause, number, retry]) => ({
    id: String(id),
    event_id: String(event),
    cause: String(cause) as DeliveryRow["cause"], // the column's CHECK allows no other value
    number: Number(number),
    retry: Number(retry),
    lease,
  }),
});

/** Statement: ends the lease of attempts that were not started, so that they are due now. */
export const releaseClaims = (endpointId: string, claimed: readonly ClaimedDelivery[], now: number): Statement =>
  statement(
    `UPDATE deliveries SET version = version + 1, lease = NULL, run_at = ? WHERE endpoint_id = ? AND status = 'pending' ` +
      `AND (id, lease) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    now,
    endpointId,
    JSON.stringify(claimed.map(({ id, lease }) => [id, lease])),
  );

/**
 * Statement: stores the result of a pending attempt. `nextAt` (ms) is when the next attempt is due. A failure counts only
 * while its claim holds the lease; a success counts in any case, because the endpoint has the event.
 */
export const endDelivery = (
  endpointId: string,
  { id, lease }: Pick<ClaimedDelivery, "id" | "lease">,
  url: string,
  result: DeliveryResult,
  nextAt: number | null,
): Statement =>
  statement(
    `UPDATE deliveries SET version = version + 1, status = ?, lease = NULL, url = ?, failure = ?, response_status = ?, response_body = ?, ` +
      `started_at = ?, duration_ms = ?, next_at = ?, ended_at = ? WHERE endpoint_id = ? AND id = ? AND status = 'pending' ` +
      `AND (lease = ? OR ? IS NULL)`,
    result.failure === null ? "succeeded" : "failed",
    url,
    result.failure,
    result.status,
    result.response,
    result.startedAt,
    result.durationMs,
    nextAt,
    result.startedAt + result.durationMs,
    endpointId,
    id,
    lease,
    result.failure,
  );

/** Query: when (ms) the endpoint's next pending attempt is due or its lease ends; null where none is pending. */
export const selectNextDueAt = (endpointId: string): Query<number | null> => ({
  sql: "SELECT min(run_at) FROM deliveries WHERE endpoint_id = ? AND status = 'pending'",
  args: [endpointId],
  map: ([at]) => (at === null || at === undefined ? null : Number(at)),
});
