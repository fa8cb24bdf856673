import type { Services } from "../../context/context.ts";
import { statement } from "../../db/query.ts";

/** The part of a checkout that listeners get. */
export interface CheckoutStatus {
  readonly version: number;
  readonly status: string;
}

/** Gets each new status; `null` when the service stops. */
type Listener = (seen: CheckoutStatus | null) => void;

const POLL_MS = 1_000;
const MAX_LISTENERS = 1_000;
const MAX_LISTENERS_PER_CHECKOUT = 8;
const SELECT_STATUS = "SELECT id, version, status FROM checkouts WHERE id IN (SELECT value FROM json_each(?))";

/**
 * Reads the status of all watched checkouts once a second, with one query, because any process may change them. Reads
 * nothing while there is no listener.
 */
export class StatusWatcher {
  /** Listeners by checkout id, each with the version that it got last. */
  readonly #watched = new Map<string, Map<Listener, number>>();
  #watchers = 0;
  #looking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  constructor(readonly services: Pick<Services, "db">, readonly accepting: () => boolean) {}

  /** Adds a listener for versions other than `version`. Answers a function that removes it, or null if there are too many. */
  add(id: string, version: number, listener: Listener): (() => void) | null {
    const listeners = this.#watched.get(id) ?? new Map<Listener, number>();
    if (this.#watchers >= MAX_LISTENERS || listeners.size >= MAX_LISTENERS_PER_CHECKOUT) return null;
    this.#watched.set(id, listeners.set(listener, version));
    this.#watchers++;
    this.#schedule();
    return () => this.#remove(id, listener);
  }

  #remove(id: string, listener: Listener): void {
    const listeners = this.#watched.get(id);
    if (!listeners?.delete(listener)) return;
    this.#watchers--;
    if (listeners.size === 0) this.#watched.delete(id);
    if (this.#watchers > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    if (this.#watchers === 0 || this.#looking || this.#timer !== undefined) return;
    this.#timer = setTimeout(async () => {
      this.#timer = undefined;
      this.#looking = true;
      await this.#look().catch(() => {}); // the database does not answer; the next poll repeats the query
      this.#looking = false;
      this.#schedule();
    }, POLL_MS);
  }

  async #look(): Promise<void> {
    if (!this.accepting()) return this.#end();
    const ids = JSON.stringify([...this.#watched.keys()]);
    const [result] = await this.services.db.read([statement(SELECT_STATUS, ids)]);
    for (const [id, version, status] of result?.rows ?? []) {
      const seen: CheckoutStatus = { version: Number(version), status: String(status) };
      const listeners = this.#watched.get(String(id));
      for (const [listener, known] of [...listeners ?? []]) {
        if (known === seen.version) continue;
        listeners?.set(listener, seen.version);
        listener(seen);
      }
    }
  }

  #end(): void {
    for (const listeners of [...this.#watched.values()]) {
      for (const listener of [...listeners.keys()]) listener(null);
    }
  }
}
