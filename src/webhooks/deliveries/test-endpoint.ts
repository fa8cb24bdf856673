import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { first, rows } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { attempt, transportOf } from "./attempt.ts";
import type { DeliveryView } from "./contract.ts";
import { type DeliveryRow, insertDelivery, lookBy, pending, selectDelivery, selectOwnDelivery } from "./store.ts";
import { openSecrets, own } from "../endpoints/store.ts";
import { type EventRow, insertEvent, selectEvents } from "../events/store.ts";
import { messageOf } from "./message.ts";
import { record } from "./record-result.ts";
import { signer } from "../endpoints/signature.ts";
import { deliveryView } from "./view.ts";

const LEASE_MS = 60_000;

/** Sends a test event, once, and answers what came of it. Errors: `not_found`. */
export async function testEndpoint(ctx: Context, { id }: { id: string }): Promise<DeliveryView> {
  requireScope(ctx, "webhooks:write");
  const endpoint = await own(ctx, id);
  const now = ctx.clock.now();
  const event: EventRow = {
    id: newId("evt"),
    merchant_id: ctx.merchantId,
    type: "webhook_endpoint.test",
    subject_id: id,
    data: { endpoint: id, message: "It works: this is what an event looks like." },
    created_at: now,
  };
  const due = now + LEASE_MS;
  const row: DeliveryRow = {
    ...pending({ endpoint_id: id, event_id: event.id, cause: "test" }, due, now),
    lease: ctx.requestId,
  };
  await commit(ctx, row.id, [
    insertEvent(event),
    insertDelivery(row),
    lookBy([[id, ctx.merchantId]], due, now), // should this process die before it is sent
    auditEntry(ctx, "webhook_endpoint.tested", id, { delivery: row.id }),
  ]);
  const secrets = await openSecrets(ctx.vault, endpoint, now);
  const message = { url: endpoint.url, eventId: event.id, body: messageOf(event), secrets, sign: signer(secrets) };
  await record(ctx, endpoint, row, await attempt(transportOf(ctx), message));
  const stored = await first(ctx.db, selectDelivery(id, row.id));
  return deliveryView(stored ?? row, event);
}

/** The delivery that an earlier request with the same Idempotency-Key made. */
export async function resumeTest(ctx: Context, { id }: { id: string }): Promise<DeliveryView> {
  const row = await first(ctx.db, selectOwnDelivery(id, ctx.merchantId));
  const [[event]] = await rows(ctx.db, selectEvents(JSON.stringify([row?.event_id ?? ""])));
  if (row === null || event === undefined) throw new Problem("not_found", "There is no delivery with this id.");
  return deliveryView(row, event);
}
