import type { Services } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { abortIfUnchanged, statement } from "../../db/query.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { Tried } from "./attempt.ts";
import { type Claimed, ended, insertNext, lookBy, pending } from "./store.ts";
import { cancelPending, disabled, type EndpointRow, updateEndpoint } from "../endpoints/store.ts";
import { delayAfter, isGivenUp } from "./retry-plan.ts";
import { endpointView } from "../endpoints/view.ts";

/** What a try has changed. */
export interface Recorded {
  /** When the next try comes (ms), if one does. */
  readonly nextAt: number | null;
  /** Whether the endpoint was switched off for it. */
  readonly disabled: boolean;
}

type Parts = Pick<Services, "db" | "clock" | "config" | "log" | "jobs">;

/** What stores an outcome that stands alone: the database, or what writes many at once. */
export type Store = (statements: readonly Statement[]) => Promise<unknown>;

/**
 * Writes down what became of a try, in one batch with the try that follows it, the endpoint's health and, where it is
 * given up or says 410, its end. A test has no second try and says nothing of the endpoint's health but 410.
 */
export async function record(
  services: Parts,
  endpoint: EndpointRow,
  delivery: Claimed,
  tried: Tried,
  store: Store = (statements) => services.db.write(statements),
): Promise<Recorded> {
  const reason = endpoint.status === "enabled" ? reasonToDisable(services, endpoint, delivery, tried) : null;
  if (reason !== null) {
    const off = disabled(endpoint, reason, services.clock.now());
    try {
      await services.db.write([
        ...ending(services, off, reason),
        ended(endpoint.id, delivery.id, endpoint.url, tried, null),
      ]);
      services.log.write("alert", "webhook_endpoint_disabled", {
        endpoint: endpoint.id,
        merchant: endpoint.merchant_id,
        reason,
      });
      return { nextAt: null, disabled: true };
    } catch (error) {
      if (!(error instanceof ConstraintError) || error.rule !== "conflict") throw error; // it has changed meanwhile
    }
  }
  const delay = tried.failure === null || delivery.cause === "test"
    ? null
    : delayAfter(delivery.retry, services.config.plans.scale, tried.retryAfterMs);
  const nextAt = delay === null ? null : Math.round(services.clock.now() + delay);
  await store([
    ended(endpoint.id, delivery.id, endpoint.url, tried, nextAt),
    ...(nextAt === null ? [] : next(services, endpoint, delivery, nextAt)),
    ...(delivery.cause === "test" ? [] : health(endpoint, tried)),
  ]);
  if (nextAt !== null) services.jobs.wake(nextAt);
  return { nextAt, disabled: false };
}

function reasonToDisable(
  { clock, config }: Parts,
  endpoint: EndpointRow,
  delivery: Claimed,
  tried: Tried,
): "gone" | "failing" | null {
  if (tried.failure === "gone") return "gone";
  if (tried.failure === null || delivery.cause === "test") return null;
  return isGivenUp(endpoint.failing_since, clock.now(), config.plans.scale) ? "failing" : null;
}

/** The endpoint's end: the row, what still waited for it, the trail, and an event that other endpoints may hear. */
function ending({ clock }: Parts, off: EndpointRow, reason: string): Statement[] {
  const author = { merchantId: off.merchant_id, actor: "system", requestId: off.id, clock };
  return [
    updateEndpoint(off),
    abortIfUnchanged,
    cancelPending(off.id, clock.now()),
    auditEntry(author, "webhook_endpoint.disabled", off.id, { reason }),
    event(author, "webhook_endpoint.disabled", off.id, { ...endpointView(off, clock.now()) }),
  ];
}

function next({ clock }: Parts, endpoint: EndpointRow, delivery: Claimed, at: number): Statement[] {
  const { event_id, cause, number, retry } = delivery;
  const row = pending({ endpoint_id: endpoint.id, event_id, cause }, at, clock.now());
  return [
    insertNext({ ...row, number: number + 1, retry: retry + 1 }),
    lookBy([[endpoint.id, endpoint.merchant_id]], at, clock.now()),
  ];
}

/** Since when nothing has come through: set by the first failure, cleared by the first success. */
function health(endpoint: EndpointRow, tried: Tried): Statement[] {
  if (tried.failure === null) {
    if (endpoint.failing_since === null) return [];
    return [statement("UPDATE webhook_endpoints SET failing_since = NULL WHERE id = ?", endpoint.id)];
  }
  if (endpoint.failing_since !== null) return [];
  const sql = "UPDATE webhook_endpoints SET failing_since = ? WHERE id = ? AND failing_since IS NULL";
  return [statement(sql, tried.startedAt, endpoint.id)];
}
