import type { Services } from "../../context/context.ts";
import { first, rows } from "../../db/query.ts";
import { cancelPending, type EndpointRow, selectEndpoint } from "../endpoints/store.ts";
import type { SignerCache } from "../endpoints/signer-cache.ts";
import { type EventRow, selectEvents } from "../events/store.ts";
import { attemptDelivery, type DeliveryResult, type Transport } from "./attempt.ts";
import type { Batcher } from "./batcher.ts";
import { messageBody } from "./message.ts";
import { recordResult } from "./record-result.ts";
import { pauseMs } from "./retry-plan.ts";
import type { Semaphore } from "./semaphore.ts";
import { claimDue, type ClaimedDelivery, releaseClaims } from "./store.ts";

const MAX_CONCURRENCY = 8; // requests to one endpoint at once; each success adds one until this limit
const INITIAL_CONCURRENCY = 2; // low, so that many endpoints that start to hang together leave requests for the others
const CLAIM_SIZE = 32; // deliveries that one claim takes
const LEASE_MS = 60_000;
const RECORDING_MARGIN_MS = 10_000; // of the lease, to record the result after the request

/** What sending deliveries needs of the services. */
export type DeliveryServices = Pick<
  Services,
  "config" | "clock" | "db" | "vault" | "log" | "jobs" | "outbound" | "telemetry"
>;

/** What the workers of all endpoints share. */
export interface WorkerDeps {
  readonly services: DeliveryServices;
  readonly transport: Transport;
  readonly signerCache: SignerCache;
  readonly resultBatcher: Batcher;
  /** Endpoints that fail have requests of their own, so that they never take those of endpoints that answer. */
  readonly semaphores: { readonly healthy: Semaphore; readonly failing: Semaphore };
  /** Aborted: no new request starts. */
  readonly closing: AbortSignal;
  /** Aborted: running requests are aborted too. */
  readonly stop: AbortSignal;
}

/** Sends one endpoint its due deliveries: several at once, or one at a time while the endpoint fails. */
export class EndpointWorker {
  #queue: { delivery: ClaimedDelivery; event: EventRow; leaseUntil: number }[] = [];
  readonly #sending = new Set<Promise<void>>();
  readonly #recording = new Set<Promise<void>>();
  #endpoint: EndpointRow | null = null;
  #isClaimRequested = true;
  #onRequest: () => void = () => {};
  /** Until when (ms) the endpoint asked not to be called. */
  pausedUntil = 0;
  #isFailing = false;
  #concurrency = INITIAL_CONCURRENCY;

  constructor(readonly deps: WorkerDeps, readonly endpointId: string) {}

  /** Asks the worker to claim again, since more deliveries may be due. */
  requestClaim(): void {
    this.#isClaimRequested = true;
    this.#onRequest();
  }

  /** Whether a claim was requested that {@link run} has not made. */
  get hasRequest(): boolean {
    return this.#isClaimRequested && !this.deps.closing.aborted;
  }

  /** Runs until nothing is due. */
  async run(): Promise<void> {
    try {
      while (!this.deps.closing.aborted) {
        const concurrency = this.#isFailing ? 1 : this.#concurrency;
        if (this.#queue.length === 0 && this.#isClaimRequested) await this.#claimDue();
        if (this.#queue.length > 0 && this.#sending.size < concurrency) await this.#startNext();
        else if (this.#sending.size > 0) await this.#somethingEnded();
        else if (!this.#isClaimRequested) return;
      }
    } finally {
      await Promise.allSettled([...this.#sending, ...this.#recording]);
      await this.#release(this.#queue.splice(0).map(({ delivery }) => delivery));
    }
  }

  /** Resolves when a request has ended. With nothing to send, a new request of {@link requestClaim} ends the wait too. */
  async #somethingEnded(): Promise<void> {
    const requested = new Promise<void>((resolve) => {
      if (this.#queue.length === 0) this.#onRequest = resolve;
    });
    await Promise.race([...this.#sending, requested]);
    this.#onRequest = () => {};
  }

  async #claimDue(): Promise<void> {
    this.#isClaimRequested = false;
    const { services: { db, clock }, resultBatcher } = this.deps;
    const now = clock.now();
    const lease = crypto.randomUUID(); // one for each claim, so that a late result is told from one of a later claim
    if (now < this.pausedUntil) return;
    this.#endpoint = await first(db, selectEndpoint(this.endpointId));
    if (this.#endpoint?.status !== "enabled") {
      await db.write([cancelPending(this.endpointId, now)]);
      return;
    }
    this.#isFailing = this.#endpoint.failing_since !== null;
    const limit = this.#isFailing ? 1 : CLAIM_SIZE;
    const leaseUntil = now + LEASE_MS;
    const query = claimDue(this.endpointId, lease, now, leaseUntil, limit);
    const [result] = await resultBatcher.push([query]);
    const claimed = (result?.rows ?? []).map(query.map).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (claimed.length === 0) return;
    const [events] = await rows(db, selectEvents(JSON.stringify(claimed.map(({ event_id }) => event_id))));
    const eventsById = new Map(events.map((event) => [event.id, event]));
    for (const delivery of claimed) {
      const event = eventsById.get(delivery.event_id);
      if (event !== undefined) this.#queue.push({ delivery: { ...delivery, lease }, event, leaseUntil });
    }
    this.#isClaimRequested = claimed.length === limit;
  }

  async #startNext(): Promise<void> {
    const { services: { clock }, semaphores, transport } = this.deps;
    const semaphore = this.#isFailing ? semaphores.failing : semaphores.healthy;
    if (!await semaphore.acquire()) return; // the service is closing
    const [next] = this.#queue;
    const endpoint = this.#endpoint;
    const neededMs = transport.timeoutMs + RECORDING_MARGIN_MS;
    if (next === undefined || endpoint === null || next.leaseUntil - clock.now() < neededMs) {
      semaphore.release();
      return await this.#releaseQueue();
    }
    this.#queue.shift();
    const sending: Promise<void> = this.#send(endpoint, next.delivery, next.event).finally(() => {
      semaphore.release();
      this.#sending.delete(sending);
    });
    this.#sending.add(sending);
  }

  async #send(endpoint: EndpointRow, delivery: ClaimedDelivery, event: EventRow): Promise<void> {
    const { services, transport, signerCache, stop } = this.deps;
    const signing = await signerCache.get(endpoint, services.clock.now());
    const message = { url: endpoint.url, eventId: event.id, body: messageBody(event), ...signing };
    const result = await this.#attempt(delivery, event, () => attemptDelivery(transport, message, stop));
    if (stop.aborted && result.failure === "broken") return await this.#release([delivery]); // we aborted it
    const recording: Promise<void> = this.#recordResult(endpoint, delivery, result)
      .finally(() => this.#recording.delete(recording));
    this.#recording.add(recording);
    if (result.failure !== null) return await recording; // a failure changes how the next one is sent
    this.#isFailing = false;
    this.#concurrency = Math.min(MAX_CONCURRENCY, this.#concurrency + 1);
  }

  /** One attempt, as a span of the trace that stored the event. */
  async #attempt(
    { id, number }: ClaimedDelivery,
    event: EventRow,
    attempt: () => Promise<DeliveryResult>,
  ): Promise<DeliveryResult> {
    const { telemetry } = this.deps.services;
    if (telemetry === null) return await attempt();
    const attributes = {
      "malipo.event.id": event.id,
      "malipo.event.type": event.type,
      "malipo.delivery.id": id,
      "malipo.delivery.attempt": number,
      "malipo.endpoint": this.endpointId,
    };
    const parent = await telemetry.stored(event.id);
    return await telemetry.span(`webhook ${event.type}`, { kind: "producer", attributes, parent }, async (span) => {
      const result = await attempt();
      if (result.status !== null) span.set({ "http.response.status_code": result.status });
      if (result.failure !== null) span.fail(result.failure);
      return result;
    });
  }

  async #recordResult(endpoint: EndpointRow, delivery: ClaimedDelivery, result: DeliveryResult): Promise<void> {
    const { services, resultBatcher } = this.deps;
    try {
      const store = (statements: Parameters<Batcher["push"]>[0]) => resultBatcher.push(statements);
      const { isDisabled } = await recordResult(services, endpoint, delivery, result, store);
      this.#logResult(endpoint, delivery, result);
      if (result.failure !== null) await this.#handleFailure(result, isDisabled);
    } catch (error) {
      // The lease of the delivery ends, so it is sent again.
      services.log.write("warn", "delivery_not_recorded", { delivery: delivery.id, error: String(error) });
    }
  }

  /** Slows down, and releases the queue, so that the next claim reads the endpoint's new state. */
  async #handleFailure(result: DeliveryResult, isDisabled: boolean): Promise<void> {
    const { clock, config } = this.deps.services;
    this.#isFailing = true;
    this.#concurrency = INITIAL_CONCURRENCY;
    if (result.retryAfterMs !== null) {
      this.pausedUntil = Math.max(this.pausedUntil, clock.now() + pauseMs(config.plans.scale, result.retryAfterMs));
    }
    await this.#releaseQueue();
    if (isDisabled) this.requestClaim();
  }

  /** Releases the deliveries that are claimed but not started, and requests a new claim. */
  async #releaseQueue(): Promise<void> {
    const rest = this.#queue.splice(0);
    if (rest.length === 0) return;
    await this.#release(rest.map(({ delivery }) => delivery));
    this.#isClaimRequested = true;
  }

  async #release(claimed: readonly ClaimedDelivery[]): Promise<void> {
    if (claimed.length === 0) return;
    const { db, clock } = this.deps.services;
    await db.write([releaseClaims(this.endpointId, claimed, clock.now())]);
  }

  #logResult(endpoint: EndpointRow, delivery: ClaimedDelivery, result: DeliveryResult): void {
    this.deps.services.log.write("info", "delivery", {
      delivery: delivery.id,
      endpoint: endpoint.id,
      merchant: endpoint.merchant_id,
      event_id: delivery.event_id,
      attempt: delivery.number,
      status: result.status,
      failure: result.failure,
      ms: result.durationMs,
    });
  }
}
