/** What the service needs from its host. Times are in ms since the epoch, durations in ms. `deno.ts` is the first host. */

/** A source of time. */
export interface Clock {
  /** Now, in ms since the epoch. */
  now(): number;
}

/** A stored value, and its version for compare-and-set. Both are null when nothing is stored. */
export interface Entry {
  readonly value: Uint8Array | null;
  readonly version: string | null;
}

/** Small shared state with compare-and-set: the token of Daraja with the lease for its refresh, and the spilled notices. */
export interface KeyValue {
  get(key: readonly string[]): Promise<Entry>;
  /** Stores a value. With `ifVersion`, only if the stored version is this one (null: if nothing is stored); else returns false. */
  set(
    key: readonly string[],
    value: Uint8Array,
    options?: { readonly expiresInMs?: number; readonly ifVersion?: string | null },
  ): Promise<boolean>;
  delete(key: readonly string[]): Promise<void>;
  /** The entries whose keys begin with a prefix, at most `limit`. */
  list(
    prefix: readonly string[],
    limit: number,
  ): Promise<readonly { readonly key: readonly string[]; readonly value: Uint8Array }[]>;
}

/** Wake-ups: hints that jobs may be due. The rows of the jobs are the record. A wake-up may come late, twice or never. */
export interface Queue {
  enqueue(delayMs: number): Promise<void>;
  listen(handler: () => void): void;
}

/** Runs `tick` at the given interval until it is stopped. */
export interface Cron {
  every(name: string, intervalMs: number, tick: () => Promise<void>): { stop(): Promise<void> };
}

/** The files of a migration. */
export interface MigrationFile {
  /** Such as `0001_core`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** Shared state and wake-ups, which are opened and closed together. */
export interface Store {
  readonly keyValue: KeyValue;
  readonly queue: Queue;
  /** Whether values survive the end of the process, so that a notice that is kept here may be acknowledged to Daraja. */
  readonly durable: boolean;
  /** Closes both. In a store that is not durable, the wake-ups that were not delivered are lost. */
  close(): void;
}

/** Where a request came from. */
export interface RequestInfo {
  /** The address at the other end of the connection; undefined where the host does not say. */
  readonly peer: string | undefined;
}

/** Answers a request. */
export type Handler = (request: Request, info: RequestInfo) => Response | Promise<Response>;

/** A listening HTTP server. */
export interface Server {
  readonly hostname: string;
  /** The port that it listens on, also when 0 was asked for. */
  readonly port: number;
  /**
   * Accepts no more requests, and waits at most `graceMs` for those under way. Returns false when some are still not
   * answered. They would keep the process alive, so the caller must end it.
   */
  stop(graceMs: number): Promise<boolean>;
}

/** A POST to a host that a merchant has named. */
export interface OutboundRequest {
  readonly url: URL;
  /** The IP address to connect to. The name in the URL is not resolved again. */
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The most bytes of the response body that are returned. */
  readonly answerBytes: number;
  /** Aborts the request. When the response has begun, the part that has come is returned. */
  readonly signal: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** HTTP requests to hosts that merchants name. It follows no redirect and uses no proxy. */
export interface Outbound {
  /** All addresses that a name has now. Errors: {@link OutboundError} `name_not_found`. */
  resolve(hostname: string): Promise<readonly string[]>;
  /** Sends to the given address only. The TLS certificate must be valid for the name in the URL. Errors: {@link OutboundError}. */
  post(request: OutboundRequest): Promise<OutboundAnswer>;
  /** Closes the idle connections. */
  close?(): void;
}

/** An e-mail in plain text. */
export interface Mail {
  readonly from: string;
  /** Addresses, separated by commas. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends e-mail. It throws when the server did not take the message; then the message may still have been taken. */
export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** `unreachable`: nothing was sent. `broken`: the request may have arrived, but no response came. */
export type OutboundErrorCode = "name_not_found" | "unreachable" | "tls_failed" | "broken";

/** A request to another host failed. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  constructor(readonly code: OutboundErrorCode, message: string) {
    super(message);
  }
}
