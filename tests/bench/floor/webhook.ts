import { createHmac } from "node:crypto";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { newId, time } from "./ids.ts";
import type { Parts } from "./parts.ts";
import { of } from "./rows.ts";
import type { Store } from "./store.ts";

const LEASE_MS = 60_000;
const BACKSTOP_MS = 10_000;
const secret = "floor".padEnd(32, "0");

const insertEndpoint = of(
  "INSERT INTO webhook_endpoints (id, merchant_id, url, events, status, secret, created_at, updated_at, version) " +
    "VALUES (?, ?, ?, '[\"*\"]', 'enabled', ?, ?, ?, 1)",
);
const selectEndpoint = of("SELECT id, url FROM webhook_endpoints WHERE merchant_id = ? AND status = 'enabled'");
const selectEvent = of("SELECT json_array(type, subject_id, data, created_at) FROM events WHERE id = ?");
const insertDelivery = of(
  "INSERT INTO deliveries (endpoint_id, id, event_id, cause, number, retry, status, run_at, created_at) " +
    "VALUES (?, ?, ?, 'event', 1, 0, 'pending', ?, ?)",
);
const lookLater = of(
  "INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at) " +
    "VALUES (?, 'deliveries', ?, ?, 'queued', ?, 0, ?, ?) ON CONFLICT (kind, subject_id) DO UPDATE SET " +
    "run_at = excluded.run_at WHERE jobs.run_at > excluded.run_at",
);
const endEventJob = of("DELETE FROM jobs WHERE kind = 'event' AND subject_id = ?");
const lease = of("UPDATE deliveries SET lease = 'floor', run_at = ? WHERE endpoint_id = ? AND id = ?");
const end = of(
  "UPDATE deliveries SET status = 'succeeded', lease = NULL, url = ?, response_status = ?, started_at = ?, " +
    "duration_ms = ?, ended_at = ? WHERE endpoint_id = ? AND id = ?",
);

/** Makes the endpoint that is told of every event; from then on the schema's trigger makes a job for each. */
export async function addEndpoint(store: Store, url: string): Promise<void> {
  const now = Date.now();
  await store.commit([insertEndpoint(newId("whe"), DEMO_MERCHANT, url, new TextEncoder().encode(secret), now, now)]);
}

/**
 * Tells the endpoint of one event: a delivery (a commit), its lease (another), one signed request by plain fetch, its
 * end (a third). The product makes the same rows for each, but for many deliveries at once where many are due.
 */
export async function tell({ store, send }: Pick<Parts, "store" | "send">, eventId: string): Promise<void> {
  const [endpoints] = await store.read([selectEndpoint(DEMO_MERCHANT)]);
  const [endpoint, url] = (endpoints?.[0] ?? []).map(String);
  if (endpoint === undefined || url === undefined) throw new Error("nobody waits for events");
  const [id, now] = [newId("dlv"), Date.now()];
  await store.commit([
    insertDelivery(endpoint, id, eventId, now, now),
    lookLater(newId("job"), endpoint, DEMO_MERCHANT, now + BACKSTOP_MS, now, now),
    endEventJob(eventId),
  ]);
  await store.commit([lease(now + LEASE_MS, endpoint, id)]);
  const [found] = await store.read([selectEvent(eventId)]);
  const [type, subject, data, createdAt]: [string, string, string, number] = JSON.parse(String(found?.[0]?.[0]));
  const at = time(createdAt);
  const body = JSON.stringify({ id: eventId, type, timestamp: at, subject, data: JSON.parse(data), created_at: at });
  const started = Date.now();
  const stamp = String(Math.floor(started / 1000));
  const signature = createHmac("sha256", secret).update(`${eventId}.${stamp}.${body}`).digest("base64");
  const response = await send(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": eventId,
      "webhook-timestamp": stamp,
      "webhook-signature": `v1,${signature}`,
    },
    body,
  });
  await response.body?.cancel();
  const ended = Date.now();
  await store.commit([end(url, response.status, started, ended - started, ended, endpoint, id)]);
}
