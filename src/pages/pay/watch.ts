import type { Services } from "../../context/context.ts";
import { statement } from "../../db/query.ts";

/** What watchers are told of a checkout. */
export interface Seen {
  readonly version: number;
  readonly status: string;
}

/** `null` says that the watch is over: the service stops. */
type Listener = (seen: Seen | null) => void;

const LOOK_MS = 1_000;
const WATCHERS = 1_000;
const WATCHERS_OF_ONE = 8;
const STATES = "SELECT id, version, status FROM checkouts WHERE id IN (SELECT value FROM json_each(?))";

/**
 * Looks at the watched checkouts once a second, all in one read, since the change may come from any other process. Reads
 * nothing while nobody watches.
 */
export class Watch {
  /** Listeners by checkout, each with the version that it knows. */
  readonly #watched = new Map<string, Map<Listener, number>>();
  #watchers = 0;
  #looking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  constructor(readonly services: Pick<Services, "db">, readonly accepting: () => boolean) {}

  /** Tells what comes after a version. Answers how to stop, or null where too many watch already. */
  add(id: string, version: number, listener: Listener): (() => void) | null {
    const listeners = this.#watched.get(id) ?? new Map<Listener, number>();
    if (this.#watchers >= WATCHERS || listeners.size >= WATCHERS_OF_ONE) return null;
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
      await this.#look().catch(() => {}); // the store does not answer: the next look finds what this one did not
      this.#looking = false;
      this.#schedule();
    }, LOOK_MS);
  }

  async #look(): Promise<void> {
    if (!this.accepting()) return this.#end();
    const ids = JSON.stringify([...this.#watched.keys()]);
    const [result] = await this.services.db.read([statement(STATES, ids)]);
    for (const [id, version, status] of result?.rows ?? []) {
      const seen: Seen = { version: Number(version), status: String(status) };
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
