import type { Event, Malipo } from "../../client/mod.ts";

/** How far back each look goes: a commit may become visible after a later one. */
const OVERLAP_MS = 10_000;
const MOST_REMEMBERED = 10_000;

/** Where a feed begins: at an event, or at a time (ms since the epoch). */
export type Start = { readonly event: Event } | { readonly at: number };

/** The events of a merchant, each once, the oldest first. */
export class EventFeed {
  readonly #malipo: Malipo;
  readonly #merchant: string | undefined;
  readonly #first: string;
  readonly #seen = new Set<string>();
  #from: number;

  constructor(malipo: Malipo, start: Start, merchant?: string) {
    this.#malipo = malipo;
    this.#merchant = merchant;
    this.#first = "event" in start ? start.event.id : "";
    this.#from = "event" in start ? Date.parse(start.event.created_at) : start.at;
  }

  /** The events since the last call. */
  async next(signal?: AbortSignal): Promise<readonly Event[]> {
    const created_from = new Date(this.#from).toISOString();
    const query = { limit: 100, created_from, ...this.#merchant === undefined ? {} : { merchant: this.#merchant } };
    const fresh: Event[] = [];
    for await (const event of this.#malipo.events.list(query, signal === undefined ? {} : { signal })) {
      if (event.id >= this.#first && !this.#seen.has(event.id)) fresh.push(event);
    }
    for (const { id, created_at } of fresh) {
      this.#seen.add(id);
      this.#from = Math.max(this.#from, Date.parse(created_at) - OVERLAP_MS);
    }
    for (const id of this.#seen) {
      if (this.#seen.size <= MOST_REMEMBERED) break;
      this.#seen.delete(id);
    }
    return fresh.sort((a, b) => a.id < b.id ? -1 : 1);
  }
}
