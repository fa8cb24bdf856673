import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { first, rows } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { attemptDelivery, createTransport } from "./attempt.ts";
import type { DeliveryView } from "./contract.ts";
import {
  type DeliveryRow,
  insertDelivery,
  pendingDelivery,
  scheduleDeliveriesJob,
  selectDelivery,
  selectOwnDelivery,
} from "./store.ts";
import { loadOwn, openSecrets } from "../endpoints/store.ts";
import { type EventRow, insertEvent, selectEvents } from "../events/store.ts";
import { messageBody } from "./message.ts";
import { recordResult } from "./record-result.ts";
import { createSigner } from "../endpoints/signature.ts";
import { deliveryView } from "./view.ts";

const LEASE_MS = 60_000;

/** Sends a test event once and answers its delivery. Errors: `not_found`. */
export async function testEndpoint(ctx: Context, { id }: { id: string }): Promise<DeliveryView> {
  requireScope(ctx, "webhooks:write");
  const endpoint = await loadOwn(ctx, id);
  const now = ctx.clock.now();
  const event: EventRow = {
    id: newId("evt"),
    merchant_id: ctx.merchantId,
    type: "webhook_endpoint.test",
    subject_id: id,
    data: { endpoint: id, message: "It works: this is what an event looks like." },
    created_at: now,
  };
  const leaseUntil = now + LEASE_MS;
  const row: DeliveryRow = {
    ...pendingDelivery({ endpoint_id: id, event_id: event.id, cause: "test" }, leaseUntil, now),
    lease: ctx.requestId,
  };
  await commit(ctx, row.id, [
    insertEvent(event),
    insertDelivery(row),
    scheduleDeliveriesJob([[id, ctx.merchantId]], leaseUntil, now), // in case this process dies before it sends
    auditEntry(ctx, "webhook_endpoint.tested", id, { delivery: row.id }),
  ]);
  const secrets = await openSecrets(ctx.vault, endpoint, now);
  const message = {
    url: endpoint.url,
    eventId: event.id,
    body: messageBody(event),
    secrets,
    sign: createSigner(secrets),
  };
  await recordResult(ctx, endpoint, row, await attemptDelivery(createTransport(ctx), message));
  const stored = await first(ctx.db, selectDelivery(id, row.id));
  return deliveryView(stored ?? row, event);
}

/** The delivery of an earlier request with the same Idempotency-Key. Errors: `not_found`. */
export async function resumeTest(ctx: Context, { id }: { id: string }): Promise<DeliveryView> {
  const row = await first(ctx.db, selectOwnDelivery(id, ctx.merchantId));
  const [[event]] = await rows(ctx.db, selectEvents(JSON.stringify([row?.event_id ?? ""])));
  if (row === null || event === undefined) throw new Problem("not_found", "There is no delivery with this id.");
  return deliveryView(row, event);
}
