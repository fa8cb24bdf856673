import type { DeliveryWorker } from "../../context/services.ts";
import type { Worker } from "../../jobs/jobs.ts";
import { transportOf, type Way } from "./attempt.ts";
import { type Batcher, createBatcher } from "./batcher.ts";
import { fanOut } from "./fan-out.ts";
import { Line, type Parts, type Shop } from "./endpoint-worker.ts";
import { Signers } from "../endpoints/signer-cache.ts";
import { Slots } from "./semaphore.ts";

const STEADY = 192; // requests at once to endpoints that answer
const FAILING = 64; // and to those that fail
const EVENTS_AT_ONCE = 100;
const ANNOUNCED_MOST = 10_000;

/**
 * Tells endpoints of events. The rows are the truth: it begins at once with what this process has just written, and
 * whatever it misses is found by the jobs of the rows. Works beside the pool of jobs, so that it never holds it up.
 */
export class Courier implements DeliveryWorker, Worker {
  readonly way: Way;
  readonly signers: Signers;
  readonly #outcomes: Batcher;
  readonly #services: Parts;
  readonly #slots = { steady: new Slots(STEADY), failing: new Slots(FAILING) };
  readonly #lease = crypto.randomUUID();
  readonly #closing = new AbortController();
  readonly #stop = new AbortController();
  readonly #lines = new Map<string, { line: Line; running: Promise<void> }>();
  readonly #paused = new Map<string, number>();
  #announced: string[] = [];
  #fanning: Promise<void> | null = null;
  #started = false;

  constructor(services: Parts) {
    this.way = transportOf(services);
    this.#outcomes = createBatcher(services.db);
    this.signers = new Signers(services.vault);
    this.#services = services;
  }

  start(): void {
    this.#started = true;
  }

  /** Events were stored that endpoints wait for. What is too much, or lost, is found by the jobs of the events. */
  announce(eventIds: readonly string[]): void {
    if (!this.#started || this.#announced.length >= ANNOUNCED_MOST) return;
    this.#announced.push(...eventIds);
    this.#fanning ??= this.#fanOut().finally(() => {
      this.#fanning = null;
    });
  }

  /** Something is due to an endpoint. */
  wake(endpointId: string): void {
    if (!this.#started || this.pausedUntil(endpointId) > this.#services.clock.now()) return;
    const running = this.#lines.get(endpointId);
    if (running !== undefined) return running.line.look();
    const line = new Line(this.#shop(), endpointId);
    this.#lines.set(endpointId, { line, running: this.#run(line) });
  }

  /** Until when (ms) an endpoint asked to be left alone; 0 when it did not. */
  pausedUntil(endpointId: string): number {
    return this.#lines.get(endpointId)?.line.pausedUntil ?? this.#paused.get(endpointId) ?? 0;
  }

  /** Begins nothing more, waits up to `graceMs` for what runs, cuts off the rest. */
  async stop(graceMs: number): Promise<void> {
    this.#started = false;
    this.#announced = [];
    this.#closing.abort();
    for (const slots of Object.values(this.#slots)) slots.close();
    const timer = setTimeout(() => this.#stop.abort(), graceMs);
    await this.idle();
    clearTimeout(timer);
    this.#stop.abort();
    this.way.outbound.close?.();
  }

  /** Resolves when nothing is under way here. */
  async idle(): Promise<void> {
    while (this.#fanning !== null || this.#lines.size > 0) {
      await Promise.all([this.#fanning, ...[...this.#lines.values()].map(({ running }) => running)]);
    }
  }

  async #fanOut(): Promise<void> {
    while (this.#announced.length > 0) {
      const ids = this.#announced.splice(0, EVENTS_AT_ONCE);
      try {
        for (const endpoint of await fanOut(this.#services, ids)) this.wake(endpoint);
      } catch (error) {
        this.#services.log.write("warn", "fan_out_failed", { events: ids.length, error: String(error) }); // their jobs follow
      }
    }
  }

  async #run(line: Line): Promise<void> {
    try {
      do await line.run(); while (line.wanted);
    } catch (error) {
      this.#services.log.write("warn", "deliveries_stopped", { endpoint: line.endpointId, error: String(error) });
    }
    const { endpointId, pausedUntil } = line;
    this.#lines.delete(endpointId);
    this.#paused.delete(endpointId);
    if (pausedUntil > this.#services.clock.now()) this.#paused.set(endpointId, pausedUntil);
  }

  #shop(): Shop {
    const { way, signers } = this;
    return {
      services: this.#services,
      way,
      signers,
      outcomes: this.#outcomes,
      slots: this.#slots,
      lease: this.#lease,
      closing: this.#closing.signal,
      stop: this.#stop.signal,
    };
  }
}
