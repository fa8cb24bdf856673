import type { Buffer } from "node:buffer";
import { lookup } from "node:dns/promises";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { type Outbound, type OutboundAnswer, OutboundError, type OutboundRequest } from "../ports.ts";
import { Agents, type SharedAgent } from "./agents.ts";

const MAX_READ_BYTES = 65_536; // of a response; a longer one is cut, and its connection is closed

/**
 * Requests by node:http, because `fetch` can't connect to a given address. TLS is set up here and not by node:https, which
 * would need `--allow-sys`. It trusts the same certificates as the runtime (`DENO_CERT` included).
 */
export function createDenoOutbound(): Outbound {
  const agents = new Agents();
  return {
    async resolve(hostname) {
      try {
        return (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);
      } catch {
        throw new OutboundError("name_not_found", "the name has no address");
      }
    },
    async post(request) {
      for (;;) {
        const agent = acquire(agents, request);
        try {
          return await new Exchange(request, agent).answer;
        } catch (error) {
          if (!(error instanceof StaleConnection)) throw error; // the server had closed the connection before it got the request
        } finally {
          agent.release();
        }
      }
    },
    close: () => agents.close(),
  };
}

function acquire(agents: Agents, { url, address }: OutboundRequest): SharedAgent {
  const secure = url.protocol === "https:";
  const isAddress = /^[\d.]+$|^\[/.test(url.hostname);
  return agents.acquire({
    address,
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    secure,
    servername: secure && !isAddress ? url.hostname.replace(/\.$/, "") : null,
  });
}

/** The connection that was to be used again had been closed by the server. */
class StaleConnection extends Error {}

/** One request and its response. */
class Exchange {
  readonly answer: Promise<OutboundAnswer>;
  readonly #what: OutboundRequest;
  readonly #request: ClientRequest;
  readonly #chunks: Uint8Array[] = [];
  readonly #aborted = () => this.#cut();
  #resolve!: (answer: OutboundAnswer) => void; // set by the promise at once
  #reject!: (error: Error) => void;
  #message: IncomingMessage | null = null;
  #size = 0;

  constructor(what: OutboundRequest, { agent }: SharedAgent) {
    this.#what = what;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { url, address, headers, body, signal } = what;
    const length = String(new TextEncoder().encode(body).length);
    this.#request = httpRequest({
      method: "POST",
      host: address,
      port: url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port),
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host, "content-length": length },
      agent,
    });
    this.#request.on("error", (error: Error & { code?: string }) => this.#failed(error));
    this.#request.on("response", (message: IncomingMessage) => this.#read(message));
    this.#request.on("upgrade", (message: IncomingMessage) => {
      this.#message = message;
      this.#cut();
    });
    signal.addEventListener("abort", this.#aborted);
    if (signal.aborted) this.#cut();
    else this.#request.end(body);
  }

  #read(message: IncomingMessage): void {
    this.#message = message;
    message.on("data", (chunk: Buffer) => {
      if (this.#size < this.#what.answerBytes) this.#chunks.push(chunk);
      this.#size += chunk.length;
      if (this.#size > MAX_READ_BYTES) this.#cut();
    });
    message.on("end", () => this.#end());
    message.on("error", () => this.#cut());
    message.on("aborted", () => this.#cut());
  }

  #failed(error: Error & { code?: string }): void {
    const stale = this.#message === null && this.#request.reusedSocket && !this.#what.signal.aborted;
    if (stale && /ECONNRESET|EPIPE|ENOTCONN|ECONNABORTED/.test(`${error.code} ${error.message}`)) {
      this.#end(new StaleConnection());
    } else this.#end(toOutboundError(error));
  }

  /** Ends the exchange now. When a response has begun, its part that has come is the answer. */
  #cut(): void {
    this.#end(new OutboundError("broken", "the connection ended without an answer"));
    this.#request.destroy();
  }

  #end(error?: Error): void {
    this.#what.signal.removeEventListener("abort", this.#aborted);
    const message = this.#message;
    if (message === null) return this.#reject(error ?? new OutboundError("broken", "there was no answer"));
    const body = concatenate(this.#chunks, this.#what.answerBytes);
    this.#resolve({ status: message.statusCode ?? 0, headers: headersOf(message), body });
  }
}

const UNCONNECTED = new Set(["ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

function toOutboundError(error: Error & { code?: string }): OutboundError {
  const code = error.code ?? "";
  if (UNCONNECTED.has(code)) return new OutboundError("unreachable", "no connection could be made");
  if (/CERT|TLS|SSL|SIGNATURE/i.test(code) || /certificate|altnames|handshake|tls|ssl/i.test(error.message)) {
    return new OutboundError("tls_failed", "TLS failed: the certificate is not valid for this name, or is not trusted");
  }
  return new OutboundError("broken", "the connection broke before an answer came");
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value ?? ""]),
  );

function concatenate(chunks: readonly Uint8Array[], maxBytes: number): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all.subarray(0, maxBytes);
}
