import type { Services } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { abortIfUnchanged, first, statement } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { asDisabled, cancelPending, type EndpointRow, selectEndpoint, updateEndpointRow } from "../endpoints/store.ts";
import { endpointView } from "../endpoints/view.ts";
import type { DeliveryResult } from "./attempt.ts";
import { hasFailedTooLong, retryDelayMs } from "./retry-plan.ts";
import {
  type ClaimedDelivery,
  endDelivery,
  insertNextAttempt,
  pendingDelivery,
  scheduleDeliveriesJob,
} from "./store.ts";

/** What the result of an attempt has changed. */
export interface RecordedResult {
  /** When the next attempt is due (ms); null where there is none. */
  readonly nextAt: number | null;
  /** Whether the endpoint was disabled because of this result. */
  readonly isDisabled: boolean;
}

type RecordServices = Pick<Services, "db" | "clock" | "config" | "log" | "jobs">;

/** Stores the statements of one result: directly, or in one write with those of other results. */
export type StoreResult = (statements: readonly Statement[]) => Promise<unknown>;

/**
 * Records the result of an attempt in one batch. The batch also creates the next attempt and updates the endpoint's
 * health, or disables an endpoint that answered 410 or has failed too long. A test event has no next attempt, and only
 * an answer of 410 to it changes the endpoint.
 */
export async function recordResult(
  services: RecordServices,
  endpoint: EndpointRow,
  delivery: ClaimedDelivery,
  result: DeliveryResult,
  store: StoreResult = (statements) => services.db.write(statements),
): Promise<RecordedResult> {
  const reason = endpoint.status === "enabled" ? reasonToDisable(services, endpoint, delivery, result) : null;
  if (reason !== null && await disableEndpoint(services, endpoint, delivery, result, reason)) {
    return { nextAt: null, isDisabled: true };
  }
  const delayMs = result.failure === null || delivery.cause === "test"
    ? null
    : retryDelayMs(delivery.retry, services.config.plans.scale, result.retryAfterMs);
  const nextAt = delayMs === null ? null : Math.round(services.clock.now() + delayMs);
  await store([
    endDelivery(endpoint.id, delivery, endpoint.url, result, nextAt),
    ...(nextAt === null ? [] : nextAttemptStatements(services, endpoint, delivery, nextAt)),
    ...(delivery.cause === "test" ? [] : healthStatements(endpoint, delivery, result)),
  ]);
  if (nextAt !== null) services.jobs.wake(nextAt);
  return { nextAt, isDisabled: false };
}

type DisableReason = "gone" | "failing";

function reasonToDisable(
  { clock, config }: RecordServices,
  endpoint: EndpointRow,
  delivery: ClaimedDelivery,
  result: DeliveryResult,
): DisableReason | null {
  if (result.failure === "gone") return "gone";
  if (result.failure === null || delivery.cause === "test") return null;
  return hasFailedTooLong(endpoint.failing_since, clock.now(), config.plans.scale) ? "failing" : null;
}

const MAX_TRIES = 4;

/**
 * Disables the endpoint, with an event that the merchant's other endpoints receive. Another result may have changed the
 * endpoint's health meanwhile: then it is read again. Answers false if a person has changed it, or if somebody else has
 * the delivery now; then nothing is stored.
 */
async function disableEndpoint(
  services: RecordServices,
  known: EndpointRow,
  delivery: ClaimedDelivery,
  result: DeliveryResult,
  reason: DisableReason,
): Promise<boolean> {
  let endpoint: EndpointRow | null = known;
  for (let tries = 1; tries <= MAX_TRIES && endpoint !== null; tries++) {
    if (await tryToDisable(services, endpoint, delivery, result, reason)) return true;
    endpoint = await first(services.db, selectEndpoint(known.id));
    if (endpoint?.status !== "enabled" || endpoint.updated_at !== known.updated_at) return false;
  }
  return false;
}

async function tryToDisable(
  services: RecordServices,
  endpoint: EndpointRow,
  delivery: ClaimedDelivery,
  result: DeliveryResult,
  reason: DisableReason,
): Promise<boolean> {
  const { db, clock, log } = services;
  const now = clock.now();
  const disabled = asDisabled(endpoint, reason, now);
  const author = { merchantId: disabled.merchant_id, actor: "system", requestId: disabled.id, clock };
  try {
    await db.write([
      endDelivery(endpoint.id, delivery, endpoint.url, result, null),
      abortIfUnchanged,
      updateEndpointRow(disabled),
      abortIfUnchanged,
      cancelPending(disabled.id, now),
      auditEntry(author, "webhook_endpoint.disabled", disabled.id, { reason }),
      event(author, "webhook_endpoint.disabled", disabled.id, { ...endpointView(disabled, now) }),
    ]);
  } catch (error) {
    if (error instanceof ConstraintError && error.rule === "conflict") return false;
    throw error;
  }
  log.write("alert", "webhook_endpoint_disabled", { endpoint: endpoint.id, merchant: endpoint.merchant_id, reason });
  return true;
}

function nextAttemptStatements(
  { clock }: RecordServices,
  endpoint: EndpointRow,
  delivery: ClaimedDelivery,
  nextAt: number,
): Statement[] {
  const { event_id, cause, number, retry } = delivery;
  const row = pendingDelivery({ endpoint_id: endpoint.id, event_id, cause }, nextAt, clock.now());
  return [
    insertNextAttempt({ ...row, number: number + 1, retry: retry + 1 }, delivery.id),
    scheduleDeliveriesJob([[endpoint.id, endpoint.merchant_id]], nextAt, clock.now()),
  ];
}

const CLEAR_FAILING = "UPDATE webhook_endpoints SET failing_since = NULL, version = version + 1 " +
  "WHERE id = ? AND failing_since IS NOT NULL";
const SET_FAILING = "UPDATE webhook_endpoints SET failing_since = ?1, version = version + 1 " +
  "WHERE id = ?2 AND failing_since IS NULL AND EXISTS " +
  "(SELECT 1 FROM deliveries WHERE endpoint_id = ?2 AND id = ?3 AND status = 'failed' AND started_at = ?1)";

/** `failing_since` is set by the first failure and cleared by the next success. A failure that did not count sets nothing. */
function healthStatements(endpoint: EndpointRow, { id }: ClaimedDelivery, result: DeliveryResult): Statement[] {
  if (result.failure === null) {
    return endpoint.failing_since === null ? [] : [statement(CLEAR_FAILING, endpoint.id)];
  }
  return endpoint.failing_since === null ? [statement(SET_FAILING, result.startedAt, endpoint.id, id)] : [];
}
