/** What the core asks of its host. Times are ms since the epoch, durations ms. `deno.ts` is the first host. */

/** A source of time. */
export interface Clock {
  /** Now, in ms since the epoch. */
  now(): number;
}

/** A stored value and the version to compare when replacing it; `version` is null where nothing is stored. */
export interface Entry {
  readonly value: Uint8Array | null;
  readonly version: string | null;
}

/** Small shared state with compare-and-set: the Daraja token and its refresh lease, and the overflow inbox. */
export interface KeyValue {
  get(key: readonly string[]): Promise<Entry>;
  /** Stores unless `ifVersion` is given and the version has moved (null: only if absent). False when it has. */
  set(
    key: readonly string[],
    value: Uint8Array,
    options?: { readonly expiresInMs?: number; readonly ifVersion?: string | null },
  ): Promise<boolean>;
  delete(key: readonly string[]): Promise<void>;
  /** Keys under a prefix, at most `limit`. */
  list(
    prefix: readonly string[],
    limit: number,
  ): Promise<readonly { readonly key: readonly string[]; readonly value: Uint8Array }[]>;
}

/** A hint that work may be due; never the record of it. May be delivered late, twice or not at all. */
export interface Queue {
  enqueue(delayMs: number): Promise<void>;
  listen(handler: () => void): void;
}

/** Runs `tick` about once a minute until stopped. */
export interface Cron {
  every(name: string, intervalMs: number, tick: () => Promise<void>): { stop(): Promise<void> };
}

/** Where a host says what went wrong. */
export interface HostLog {
  write(level: "info" | "warn" | "error", event: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Shared state and wake-ups that are opened and closed together. */
export interface Store {
  readonly keyValue: KeyValue;
  readonly queue: Queue;
  /** Drops what was not delivered, where the store doesn't outlive the process. */
  close(): void;
}

/** Answers a request; `remoteAddress` is the peer's, so a proxy's where there is one. */
export type Handler = (request: Request, remoteAddress: string) => Response | Promise<Response>;

/** A server that listens. */
export interface Server {
  readonly hostname: string;
  /** The port it got, where 0 was asked for. */
  readonly port: number;
  /**
   * Takes no new requests and waits at most `graceMs` for those under way. False if some are still not answered: they
   * end with the process, which they would keep alive.
   */
  stop(graceMs: number): Promise<boolean>;
}
