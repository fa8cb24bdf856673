import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { deliveries, webhookEndpoints } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { DeliveryView, redeliverSince as contract } from "./contract.ts";
import { scheduleDeliveriesJob } from "./store.ts";
import { type EndpointRow, isSubscribed, loadOwn } from "../endpoints/store.ts";
import { selectOwnEvent } from "../events/store.ts";
import { deliveryViews } from "./list-deliveries.ts";

const MAX_EVENTS = 5_000;
const selectEnabledOf = select(webhookEndpoints, "WHERE merchant_id = ? AND status = 'enabled' ORDER BY id");
const selectPendingOf = select(
  deliveries,
  "WHERE event_id = ? AND status = 'pending' AND endpoint_id IN (SELECT value FROM json_each(?)) ORDER BY endpoint_id",
);

interface Pair {
  readonly endpointId: string;
  readonly eventId: string;
}

/**
 * Statements: each endpoint gets its event (again), now. A delivery that waits for a retry is due now and starts its
 * retry plan again. A delivery that is being sent at this moment is followed by another one.
 */
function redeliveryStatements(pairs: readonly Pair[], now: number): Statement[] {
  const pairsJson = JSON.stringify(pairs.map(({ endpointId, eventId }) => [endpointId, eventId, newId("dlv")]));
  const ofPair = "d.endpoint_id = value ->> 0 AND d.event_id = value ->> 1";
  return [
    statement(
      `UPDATE deliveries SET version = version + 1, run_at = ?, retry = 0, cause = 'redelivery' WHERE status = 'pending' AND lease IS NULL AND ` +
        `(endpoint_id, event_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
      now,
      pairsJson,
    ),
    statement(
      `INSERT INTO deliveries (endpoint_id, id, event_id, cause, number, retry, status, run_at, created_at) ` +
        `SELECT value ->> 0, value ->> 2, value ->> 1, 'redelivery', ` +
        `(SELECT coalesce(max(d.number), 0) + 1 FROM deliveries d WHERE ${ofPair}), 0, 'pending', ?, ? FROM json_each(?) ` +
        `WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE ${ofPair} AND d.status = 'pending' AND d.lease IS NULL)`,
      now,
      now,
      pairsJson,
    ),
  ];
}

/** Sends an event again, to every enabled endpoint that subscribes to its type. Errors: `not_found`, `wrong_state`. */
export async function redeliverEvent(ctx: Context, { id }: { id: string }): Promise<{ data: DeliveryView[] }> {
  requireScope(ctx, "webhooks:write");
  const [[event], endpoints] = await rows(ctx.db, selectOwnEvent(id, ctx.merchantId), selectEnabledOf(ctx.merchantId));
  if (event === undefined) {
    throw new Problem("not_found", "There is no event with this id. GET /v1/events lists yours.");
  }
  const subscribed = endpoints.filter((endpoint) => isSubscribed(endpoint, event.type));
  if (subscribed.length === 0) {
    throw new Problem(
      "wrong_state",
      `No enabled webhook endpoint subscribes to ${event.type}. Create one, or add the type to an endpoint.`,
    );
  }
  const now = ctx.clock.now();
  await commit(ctx, id, [
    ...redeliveryStatements(subscribed.map((endpoint) => ({ endpointId: endpoint.id, eventId: id })), now),
    scheduleDeliveriesJob(subscribed.map((endpoint) => [endpoint.id, endpoint.merchant_id]), now, now),
    auditEntry(ctx, "event.redelivered", id, { endpoints: subscribed.map((endpoint) => endpoint.id) }),
  ]);
  const answer = await resumeRedelivery(ctx, { id });
  wakeWorkers(ctx, subscribed, now);
  return answer;
}

/** The pending deliveries of an event: the answer to a repeated request with the same Idempotency-Key. */
export async function resumeRedelivery(ctx: Context, { id }: { id: string }): Promise<{ data: DeliveryView[] }> {
  const [endpoints] = await rows(ctx.db, selectEnabledOf(ctx.merchantId));
  const [found] = await rows(ctx.db, selectPendingOf(id, JSON.stringify(endpoints.map((endpoint) => endpoint.id))));
  return { data: await deliveryViews(ctx, found) };
}

/** Sends an endpoint all events since a time. Errors: `not_found`, `wrong_state`, `validation_failed`. */
export async function redeliverSince(
  ctx: Context,
  input: Input<typeof contract>,
): Promise<{ endpoint: string; events: number }> {
  requireScope(ctx, "webhooks:write");
  const endpoint = await loadOwn(ctx, input.id);
  if (endpoint.status !== "enabled") {
    throw new Problem("wrong_state", "The endpoint is disabled. Enable it with PATCH first.");
  }
  const now = ctx.clock.now();
  const until = input.until ?? now;
  if (input.since > until) throw invalidField("/since", "must not be after until, which is now if it is left out");
  const [ids] = await rows(ctx.db, selectEventIdsBetween(endpoint, input.since, until, input.undelivered_only));
  if (ids.length > MAX_EVENTS) {
    throw invalidField(
      "/since",
      `more than ${MAX_EVENTS} events match; send until too, and go through the time in parts`,
    );
  }
  const answer = { endpoint: endpoint.id, events: ids.length };
  const pairs = ids.map((eventId) => ({ endpointId: endpoint.id, eventId }));
  await commit(ctx, endpoint.id, [
    ...(pairs.length === 0
      ? []
      : [...redeliveryStatements(pairs, now), scheduleDeliveriesJob([[endpoint.id, endpoint.merchant_id]], now, now)]),
    auditEntry(ctx, "webhook_endpoint.redelivered", endpoint.id, { since: input.since, until, events: ids.length }),
  ], { status: 202, body: answer });
  wakeWorkers(ctx, [endpoint], now);
  return answer;
}

const selectEventIdsBetween = (
  endpoint: EndpointRow,
  from: number,
  to: number,
  undeliveredOnly: boolean,
): Query<string> => ({
  sql: "SELECT id FROM events WHERE merchant_id = ? AND created_at >= ? AND created_at <= ? " +
    "AND type <> 'webhook_endpoint.test' AND (? OR type IN (SELECT value FROM json_each(?))) " +
    "AND (NOT ? OR NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.event_id = events.id AND d.endpoint_id = ? AND d.status = 'succeeded')) " +
    "ORDER BY created_at, id LIMIT ?",
  args: [
    endpoint.merchant_id,
    from,
    to,
    endpoint.events.includes("*") ? 1 : 0,
    JSON.stringify(endpoint.events),
    undeliveredOnly ? 1 : 0,
    endpoint.id,
    MAX_EVENTS + 1,
  ],
  map: ([id]) => String(id),
});

function wakeWorkers(ctx: Context, endpoints: readonly EndpointRow[], now: number): void {
  for (const { id } of endpoints) ctx.deliveries.wake(id);
  ctx.jobs.wake(now); // the jobs send what this process does not
}
