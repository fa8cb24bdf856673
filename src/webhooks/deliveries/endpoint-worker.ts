import type { Services } from "../../context/context.ts";
import { first, rows } from "../../db/query.ts";
import { attempt, type Tried, type Way } from "./attempt.ts";
import type { Batcher } from "./batcher.ts";
import { claim, type Claimed, giveBack } from "./store.ts";
import { type EventRow, selectEvents } from "../events/store.ts";
import { cancelPending, type EndpointRow, selectEndpoint } from "../endpoints/store.ts";
import { messageOf } from "./message.ts";
import { pauseOf } from "./retry-plan.ts";
import { record } from "./record-result.ts";
import type { Signers } from "../endpoints/signer-cache.ts";
import type { Slots } from "./semaphore.ts";

const WIDTH = 8; // requests to one endpoint at once, reached one success at a time
const FIRST_WIDTH = 2; // so that many that begin to hang together don't take every slot
const CLAIM = 32; // deliveries taken on ahead
const LEASE_MS = 60_000;
const MARGIN_MS = 10_000; // of the lease, for what comes after the request

/** What telling takes of the services. */
export type Parts = Pick<Services, "config" | "clock" | "db" | "vault" | "log" | "jobs" | "outbound">;

/** What all lines share. */
export interface Shop {
  readonly services: Parts;
  readonly way: Way;
  readonly signers: Signers;
  readonly outcomes: Batcher;
  /** For endpoints that answer, and for those that don't: these can't take the others' place. */
  readonly slots: { readonly steady: Slots; readonly failing: Slots };
  /** This process's mark on what it has taken on. */
  readonly lease: string;
  /** Nothing more is begun. */
  readonly closing: AbortSignal;
  /** What runs is cut off. */
  readonly stop: AbortSignal;
}

/** Everything that waits to be told to one endpoint, told a few at a time; one at a time while the endpoint fails. */
export class Line {
  #queue: { delivery: Claimed; event: EventRow; until: number }[] = [];
  readonly #sending = new Set<Promise<void>>();
  readonly #storing = new Set<Promise<void>>();
  #endpoint: EndpointRow | null = null;
  #more = true;
  /** Until when (ms) the endpoint asked to be left alone. */
  pausedUntil = 0;
  #failing = false;
  #width = FIRST_WIDTH;

  constructor(readonly shop: Shop, readonly endpointId: string) {}

  /** There may be more to tell than there was. */
  look(): void {
    this.#more = true;
  }

  /** Whether it was told to look again since it came to rest. */
  get wanted(): boolean {
    return this.#more && !this.shop.closing.aborted;
  }

  /** Runs until nothing is due. */
  async run(): Promise<void> {
    try {
      while (!this.shop.closing.aborted) {
        if (this.#queue.length === 0 && this.#more) await this.#takeOn();
        if (this.#queue.length > 0 && this.#sending.size < (this.#failing ? 1 : this.#width)) await this.#begin();
        else if (this.#sending.size > 0) await Promise.race(this.#sending);
        else if (!this.#more) return;
      }
    } finally {
      await Promise.allSettled([...this.#sending, ...this.#storing]);
      await this.#putBack(this.#queue.splice(0).map(({ delivery }) => delivery.id));
    }
  }

  async #takeOn(): Promise<void> {
    this.#more = false;
    const { services: { db, clock }, outcomes, lease } = this.shop;
    const now = clock.now();
    if (now < this.pausedUntil) return;
    this.#endpoint = await first(db, selectEndpoint(this.endpointId));
    if (this.#endpoint?.status !== "enabled") {
      await db.write([cancelPending(this.endpointId, now)]);
      return;
    }
    this.#failing = this.#endpoint.failing_since !== null;
    const most = this.#failing ? 1 : CLAIM;
    const until = now + LEASE_MS;
    const query = claim(this.endpointId, lease, now, until, most);
    const [result] = await outcomes.push([query]);
    const claimed = (result?.rows ?? []).map(query.map).sort((a, b) => (a.id < b.id ? -1 : 1));
    if (claimed.length === 0) return;
    const [events] = await rows(db, selectEvents(JSON.stringify(claimed.map(({ event_id }) => event_id))));
    const byId = new Map(events.map((event) => [event.id, event]));
    for (const delivery of claimed) {
      const event = byId.get(delivery.event_id);
      if (event !== undefined) this.#queue.push({ delivery, event, until });
    }
    this.#more = claimed.length === most;
  }

  async #begin(): Promise<void> {
    const slots = this.#failing ? this.shop.slots.failing : this.shop.slots.steady;
    if (!await slots.take()) return; // closing
    const [next] = this.#queue;
    const endpoint = this.#endpoint;
    const least = this.shop.way.timeoutMs + MARGIN_MS;
    if (next === undefined || endpoint === null || next.until - this.shop.services.clock.now() < least) {
      slots.give();
      return await this.#reconsider();
    }
    this.#queue.shift();
    const sending: Promise<void> = this.#tell(endpoint, next.delivery, next.event).finally(() => {
      slots.give();
      this.#sending.delete(sending);
    });
    this.#sending.add(sending);
  }

  async #tell(endpoint: EndpointRow, delivery: Claimed, event: EventRow): Promise<void> {
    const { services, way, signers, stop } = this.shop;
    const signing = await signers.of(endpoint, services.clock.now());
    const message = { url: endpoint.url, eventId: event.id, body: messageOf(event), ...signing };
    const tried = await attempt(way, message, stop);
    if (stop.aborted && tried.failure === "broken") return await this.#putBack([delivery.id]); // cut off by us
    const storing: Promise<void> = this.#store(endpoint, delivery, tried).finally(() => this.#storing.delete(storing));
    this.#storing.add(storing);
    if (tried.failure !== null) return await storing; // what comes next hangs on it
    this.#failing = false;
    this.#width = Math.min(WIDTH, this.#width + 1);
  }

  async #store(endpoint: EndpointRow, delivery: Claimed, tried: Tried): Promise<void> {
    const { services, outcomes } = this.shop;
    try {
      const { disabled } = await record(services, endpoint, delivery, tried, (rows) => outcomes.push(rows));
      this.#note(endpoint, delivery, tried);
      if (tried.failure !== null) await this.#heed(tried, disabled);
    } catch (error) {
      services.log.write("warn", "delivery_not_recorded", { delivery: delivery.id, error: String(error) }); // told again
    }
  }

  /** After a failure the rest waits for what the row then says of the endpoint. */
  async #heed(tried: Tried, disabled: boolean): Promise<void> {
    const { clock, config } = this.shop.services;
    this.#failing = true;
    this.#width = FIRST_WIDTH;
    if (tried.retryAfterMs !== null) {
      this.pausedUntil = Math.max(this.pausedUntil, clock.now() + pauseOf(config.plans.scale, tried.retryAfterMs));
    }
    await this.#reconsider();
    if (disabled) this.look();
  }

  /** What was taken on ahead waits for what the endpoint's row says now. */
  async #reconsider(): Promise<void> {
    const rest = this.#queue.splice(0);
    if (rest.length === 0) return;
    await this.#putBack(rest.map(({ delivery }) => delivery.id));
    this.#more = true;
  }

  async #putBack(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { services: { db, clock }, lease } = this.shop;
    await db.write([giveBack(this.endpointId, lease, ids, clock.now())]);
  }

  #note(endpoint: EndpointRow, delivery: Claimed, tried: Tried): void {
    this.shop.services.log.write("info", "delivery", {
      delivery: delivery.id,
      endpoint: endpoint.id,
      merchant: endpoint.merchant_id,
      told: delivery.event_id,
      attempt: delivery.number,
      status: tried.status,
      failure: tried.failure,
      ms: tried.durationMs,
    });
  }
}
