import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { type Query, rows, select, statement } from "../../db/query.ts";
import { deliveries, webhookEndpoints } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { DeliveryView, redeliverSince as since } from "./contract.ts";
import { lookBy } from "./store.ts";
import { type EndpointRow, own, takes } from "../endpoints/store.ts";
import { selectOwnEvent } from "../events/store.ts";
import { viewsOf } from "./list-deliveries.ts";

const MOST = 5_000;
const enabledOf = select(webhookEndpoints, "WHERE merchant_id = ? AND status = 'enabled' ORDER BY id");
const waiting = select(
  deliveries,
  "WHERE event_id = ? AND status = 'pending' AND endpoint_id IN (SELECT value FROM json_each(?)) ORDER BY endpoint_id",
);

interface Pair {
  readonly endpointId: string;
  readonly eventId: string;
}

/**
 * Statements: each endpoint is told of its event (again), now. What waited for a retry is pulled forward and begins its
 * plan anew; what is being sent at this moment is followed by another.
 */
function again(pairs: readonly Pair[], now: number): Statement[] {
  const asked = JSON.stringify(pairs.map(({ endpointId, eventId }) => [endpointId, eventId, newId("dlv")]));
  const ofPair = "d.endpoint_id = value ->> 0 AND d.event_id = value ->> 1";
  return [
    statement(
      `UPDATE deliveries SET run_at = ?, retry = 0, cause = 'redelivery' WHERE status = 'pending' AND lease IS NULL AND ` +
        `(endpoint_id, event_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
      now,
      asked,
    ),
    statement(
      `INSERT INTO deliveries (endpoint_id, id, event_id, cause, number, retry, status, run_at, created_at) ` +
        `SELECT value ->> 0, value ->> 2, value ->> 1, 'redelivery', ` +
        `(SELECT coalesce(max(d.number), 0) + 1 FROM deliveries d WHERE ${ofPair}), 0, 'pending', ?, ? FROM json_each(?) ` +
        `WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE ${ofPair} AND d.status = 'pending' AND d.lease IS NULL)`,
      now,
      now,
      asked,
    ),
  ];
}

/** Sends an event again, to every enabled endpoint that takes it. Errors: `not_found`, `wrong_state`. */
export async function redeliverEvent(ctx: Context, { id }: { id: string }): Promise<{ data: DeliveryView[] }> {
  requireScope(ctx, "webhooks:write");
  const [[event], endpoints] = await rows(ctx.db, selectOwnEvent(id, ctx.merchantId), enabledOf(ctx.merchantId));
  if (event === undefined) {
    throw new Problem("not_found", "There is no event with this id. GET /v1/events lists yours.");
  }
  const takers = endpoints.filter((endpoint) => takes(endpoint, event.type));
  if (takers.length === 0) {
    throw new Problem(
      "wrong_state",
      `No enabled webhook endpoint takes ${event.type}. Add one, or add the type to one.`,
    );
  }
  const now = ctx.clock.now();
  await commit(ctx, id, [
    ...again(takers.map((endpoint) => ({ endpointId: endpoint.id, eventId: id })), now),
    lookBy(takers.map((endpoint) => [endpoint.id, endpoint.merchant_id]), now, now),
    auditEntry(ctx, "event.redelivered", id, { endpoints: takers.map((endpoint) => endpoint.id) }),
  ]);
  const answer = await resumeRedelivery(ctx, { id });
  begin(ctx, takers, now);
  return answer;
}

/** What waits to be delivered of an event. */
export async function resumeRedelivery(ctx: Context, { id }: { id: string }): Promise<{ data: DeliveryView[] }> {
  const [endpoints] = await rows(ctx.db, enabledOf(ctx.merchantId));
  const [found] = await rows(ctx.db, waiting(id, JSON.stringify(endpoints.map((endpoint) => endpoint.id))));
  return { data: await viewsOf(ctx, found) };
}

/** Sends an endpoint all events since a time. Errors: `not_found`, `wrong_state`, `validation_failed`. */
export async function redeliverSince(
  ctx: Context,
  input: Input<typeof since>,
): Promise<{ endpoint: string; events: number }> {
  requireScope(ctx, "webhooks:write");
  const endpoint = await own(ctx, input.id);
  if (endpoint.status !== "enabled") {
    throw new Problem("wrong_state", "The endpoint is disabled. Enable it by PATCH first.");
  }
  const now = ctx.clock.now();
  const until = input.until ?? now;
  if (input.since > until) throw invalidField("/since", "must not be after until, which is now without it");
  const [ids] = await rows(ctx.db, eventsBetween(endpoint, input.since, until, input.undelivered_only));
  if (ids.length > MOST) {
    throw invalidField("/since", `more than ${MOST} events match; name until and go through the time in parts`);
  }
  const answer = { endpoint: endpoint.id, events: ids.length };
  const pairs = ids.map((eventId) => ({ endpointId: endpoint.id, eventId }));
  await commit(ctx, endpoint.id, [
    ...(pairs.length === 0 ? [] : [...again(pairs, now), lookBy([[endpoint.id, endpoint.merchant_id]], now, now)]),
    auditEntry(ctx, "webhook_endpoint.redelivered", endpoint.id, { since: input.since, until, events: ids.length }),
  ], { status: 202, body: answer });
  begin(ctx, [endpoint], now);
  return answer;
}

const eventsBetween = (endpoint: EndpointRow, from: number, to: number, undeliveredOnly: boolean): Query<string> => ({
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
    MOST + 1,
  ],
  map: ([id]) => String(id),
});

function begin(ctx: Context, endpoints: readonly EndpointRow[], now: number): void {
  for (const { id } of endpoints) ctx.deliveries.wake(id);
  ctx.jobs.wake(now); // where this process leaves it to the jobs
}
