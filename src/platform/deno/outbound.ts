import type { Buffer } from "node:buffer";
import { lookup } from "node:dns/promises";
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { type Outbound, type OutboundAnswer, OutboundError, type OutboundRequest } from "../ports.ts";
import { Agents, type SharedAgent } from "./agents.ts";

const REST_BYTES = 65_536; // of an answer that is read to keep the connection

/**
 * The way out by node:http, since `fetch` can't be told which address to connect to. TLS is made here and not by
 * node:https, which would want `--allow-sys`; it trusts what the runtime trusts (`DENO_CERT` too).
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
    async post(what) {
      for (;;) {
        const kept = enter(agents, what);
        try {
          return await new Exchange(what, kept).answer;
        } catch (error) {
          if (!(error instanceof Stale)) throw error; // the other end had hung up before it could see the request
        } finally {
          kept.release();
        }
      }
    },
    close: () => agents.close(),
  };
}

function enter(agents: Agents, { url, address }: OutboundRequest): SharedAgent {
  const secure = url.protocol === "https:";
  const isAddress = /^[\d.]+$|^\[/.test(url.hostname);
  return agents.acquire({
    address,
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    secure,
    servername: secure && !isAddress ? url.hostname.replace(/\.$/, "") : null,
  });
}

/** A kept connection turned out to be closed. */
class Stale extends Error {}

/** One request and its answer. */
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
      if (this.#size > REST_BYTES) this.#cut();
    });
    message.on("end", () => this.#end());
    message.on("error", () => this.#cut());
    message.on("aborted", () => this.#cut());
  }

  #failed(error: Error & { code?: string }): void {
    const stale = this.#message === null && this.#request.reusedSocket && !this.#what.signal.aborted;
    if (stale && /ECONNRESET|EPIPE|ENOTCONN|ECONNABORTED/.test(`${error.code} ${error.message}`)) {
      this.#end(new Stale());
    } else this.#end(translated(error));
  }

  /** Ends it here; what has come of an answer is the answer. */
  #cut(): void {
    this.#end(new OutboundError("broken", "the connection ended without an answer"));
    this.#request.destroy();
  }

  #end(error?: Error): void {
    this.#what.signal.removeEventListener("abort", this.#aborted);
    const message = this.#message;
    if (message === null) return this.#reject(error ?? new OutboundError("broken", "there was no answer"));
    const body = joined(this.#chunks, this.#what.answerBytes);
    this.#resolve({ status: message.statusCode ?? 0, headers: headersOf(message), body });
  }
}

const unconnected = new Set(["ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "EADDRNOTAVAIL", "EAFNOSUPPORT"]);

function translated(error: Error & { code?: string }): OutboundError {
  const code = error.code ?? "";
  if (unconnected.has(code)) return new OutboundError("unreachable", "no connection could be made");
  if (/CERT|TLS|SSL|SIGNATURE/i.test(code) || /certificate|altnames|handshake|tls|ssl/i.test(error.message)) {
    return new OutboundError("tls_failed", "TLS failed: the certificate is not valid for this name, or is not trusted");
  }
  return new OutboundError("broken", "the connection broke before an answer came");
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value ?? ""]),
  );

function joined(chunks: readonly Uint8Array[], most: number): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all.subarray(0, most);
}
