import type { DeliveryWorker } from "../../context/services.ts";
import type { Worker } from "../../jobs/jobs.ts";
import { createTransport, type Transport } from "./attempt.ts";
import { type Batcher, createBatcher } from "./batcher.ts";
import { fanOut } from "./fan-out.ts";
import { type DeliveryServices, EndpointWorker, type WorkerDeps } from "./endpoint-worker.ts";
import { SignerCache } from "../endpoints/signer-cache.ts";
import { Semaphore } from "./semaphore.ts";

const HEALTHY_REQUESTS = 192; // at once, to endpoints that answer
const FAILING_REQUESTS = 64; // at once, to endpoints that fail
const EVENTS_PER_FAN_OUT = 100;
const MAX_QUEUED_EVENTS = 10_000;

/**
 * Sends events to webhook endpoints, with one {@link EndpointWorker} for each endpoint that has something due. It starts
 * at once with the events that this process has stored. The rows are the truth: jobs find whatever it misses. It runs
 * beside the job pool, so slow endpoints never hold up the jobs.
 */
export class Dispatcher implements DeliveryWorker, Worker {
  readonly transport: Transport;
  readonly signerCache: SignerCache;
  readonly #resultBatcher: Batcher;
  readonly #services: DeliveryServices;
  readonly #semaphores = { healthy: new Semaphore(HEALTHY_REQUESTS), failing: new Semaphore(FAILING_REQUESTS) };
  readonly #closing = new AbortController();
  readonly #stop = new AbortController();
  readonly #workers = new Map<string, { worker: EndpointWorker; running: Promise<void> }>();
  readonly #pausedUntil = new Map<string, number>();
  #queuedEvents: string[] = [];
  #fanOutRun: Promise<void> | null = null;
  #isStarted = false;

  constructor(services: DeliveryServices) {
    this.transport = createTransport(services);
    this.#resultBatcher = createBatcher(services.db);
    this.signerCache = new SignerCache(services.vault);
    this.#services = services;
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Queues stored events for fan-out. Events that do not fit into the queue, or are lost with it, are left to their jobs. */
  enqueue(eventIds: readonly string[]): void {
    if (!this.#isStarted || this.#queuedEvents.length >= MAX_QUEUED_EVENTS) return;
    this.#queuedEvents.push(...eventIds);
    this.#fanOutRun ??= this.#fanOutQueued().finally(() => {
      this.#fanOutRun = null;
    });
  }

  wake(endpointId: string): void {
    if (!this.#isStarted || this.pausedUntil(endpointId) > this.#services.clock.now()) return;
    const known = this.#workers.get(endpointId);
    if (known !== undefined) return known.worker.requestClaim();
    const worker = new EndpointWorker(this.#workerDeps(), endpointId);
    this.#workers.set(endpointId, { worker, running: this.#runWorker(worker) });
  }

  pausedUntil(endpointId: string): number {
    return this.#workers.get(endpointId)?.worker.pausedUntil ?? this.#pausedUntil.get(endpointId) ?? 0;
  }

  /** Starts nothing more, waits up to `graceMs` for running requests, then aborts the rest. */
  async stop(graceMs: number): Promise<void> {
    this.#isStarted = false;
    this.#queuedEvents = [];
    this.#closing.abort();
    for (const semaphore of Object.values(this.#semaphores)) semaphore.close();
    const timer = setTimeout(() => this.#stop.abort(), graceMs);
    await this.idle();
    clearTimeout(timer);
    this.#stop.abort();
    this.transport.outbound.close?.();
  }

  /** Resolves when no fan-out and no worker is running. */
  async idle(): Promise<void> {
    while (this.#fanOutRun !== null || this.#workers.size > 0) {
      await Promise.all([this.#fanOutRun, ...[...this.#workers.values()].map(({ running }) => running)]);
    }
  }

  async #fanOutQueued(): Promise<void> {
    while (this.#queuedEvents.length > 0) {
      const ids = this.#queuedEvents.splice(0, EVENTS_PER_FAN_OUT);
      try {
        for (const endpointId of await fanOut(this.#services, ids)) this.wake(endpointId);
      } catch (error) {
        // The jobs of these events do the fan-out later.
        this.#services.log.write("warn", "fan_out_failed", { events: ids.length, error: String(error) });
      }
    }
  }

  async #runWorker(worker: EndpointWorker): Promise<void> {
    const { endpointId } = worker;
    try {
      do await worker.run(); while (worker.hasRequest);
    } catch (error) {
      this.#services.log.write("warn", "deliveries_stopped", { endpoint: endpointId, error: String(error) });
    }
    this.#workers.delete(endpointId);
    this.#pausedUntil.delete(endpointId);
    if (worker.pausedUntil > this.#services.clock.now()) this.#pausedUntil.set(endpointId, worker.pausedUntil);
  }

  #workerDeps(): WorkerDeps {
    return {
      services: this.#services,
      transport: this.transport,
      signerCache: this.signerCache,
      resultBatcher: this.#resultBatcher,
      semaphores: this.#semaphores,
      closing: this.#closing.signal,
      stop: this.#stop.signal,
    };
  }
}
