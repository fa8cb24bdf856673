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

/** A migration as it lies on disk. */
export interface MigrationFile {
  /** Such as `0001_core`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** Shared state and wake-ups that are opened and closed together. */
export interface Store {
  readonly keyValue: KeyValue;
  readonly queue: Queue;
  /** Whether what is kept outlives the process, so that Daraja may be told that it is kept. */
  readonly durable: boolean;
  /** Drops what was not delivered, where the store doesn't outlive the process. */
  close(): void;
}

/** Answers a request. */
export type Handler = (request: Request) => Response | Promise<Response>;

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

/** One POST to a host that someone else named. */
export interface OutboundRequest {
  readonly url: URL;
  /** The IP address to connect to, whatever the URL's name resolves to by now. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Most bytes of the answer's body that are read. */
  readonly answerBytes: number;
  /** Ends it. Once the answer has begun it is answered as far as it came. */
  readonly signal: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The way out to hosts that others name. Follows no redirect, uses no proxy. */
export interface Outbound {
  /** Every address a name has now. Errors: {@link OutboundError} `name_not_found`. */
  resolve(hostname: string): Promise<readonly string[]>;
  /** Sends to the given address and no other; TLS is verified against the URL's name. Errors: {@link OutboundError}. */
  post(request: OutboundRequest): Promise<OutboundAnswer>;
  /** Closes connections that were kept for the next request. */
  close?(): void;
}

/** `unreachable`: nothing was sent. `broken`: it may have arrived, but no answer came. */
export type OutboundErrorCode = "name_not_found" | "unreachable" | "tls_failed" | "broken";

/** A call to another host failed. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  constructor(readonly code: OutboundErrorCode, message: string) {
    super(message);
  }
}
