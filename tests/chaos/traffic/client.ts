import { type Client, seededSecrets } from "../../support/client.ts";
import { sleep } from "../tally.ts";

/** What came back in the end; status 0: no clear answer in all that time. */
export interface Reply {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- rows of the API, read field by field
  readonly body: any;
}

const none: Reply = { status: 0, body: null };
const CALL_MS = 8_000;
const TRIES = 40;

/** A storefront that does not give up: the same request with the same key, until there is an answer. */
export class Storefront {
  readonly #tokens = new Map<Client, string>();
  #stopped = false;
  #calls = 0;

  /** `bases`: the addresses of the API's processes. Each call goes to one of them, and is given up after `patienceMs`. */
  constructor(
    readonly bases: readonly string[],
    readonly fetch: typeof globalThis.fetch = globalThis.fetch,
    readonly patienceMs: number = CALL_MS,
  ) {}

  /** Lets every call end at its next try. */
  stop(): void {
    this.#stopped = true;
  }

  go(): void {
    this.#stopped = false;
  }

  /** One request, tried once. */
  async once(client: Client, method: string, path: string, body?: unknown, key?: string): Promise<Reply> {
    const token = await this.#token(client);
    if (token === null) return none;
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (key !== undefined) headers["idempotency-key"] = key;
    if (body !== undefined) headers["content-type"] = "application/json";
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const reply = await this.#send(path, init);
    if (reply.status === 401) this.#tokens.delete(client);
    return reply;
  }

  /** The same request until it is answered for good: neither cut, nor 5xx, nor "still running". */
  async insist(client: Client, method: string, path: string, body?: unknown, key?: string): Promise<Reply> {
    return await this.#insist(() => this.once(client, method, path, body, key));
  }

  async #insist(send: () => Promise<Reply>): Promise<Reply> {
    for (let tried = 0; tried < TRIES && !this.#stopped; tried++) {
      const reply = await send();
      const running = reply.status === 409 && reply.body?.code === "idempotency_in_progress";
      const again = reply.status === 0 || reply.status >= 500 || reply.status === 429 || reply.status === 401 ||
        running;
      if (!again) return reply;
      await sleep(Math.min(400, 50 * 2 ** tried));
    }
    return none;
  }

  /** Sends a file until it is answered for good. */
  async upload(client: Client, path: string, csv: string): Promise<Reply> {
    const key = crypto.randomUUID();
    return await this.#insist(() => this.#sendFile(client, path, csv, key));
  }

  async #sendFile(client: Client, path: string, csv: string, key: string): Promise<Reply> {
    const token = await this.#token(client);
    if (token === null) return none;
    const headers = { authorization: `Bearer ${token}`, "idempotency-key": key, "content-type": "text/csv" };
    const reply = await this.#send(path, { method: "POST", headers, body: csv });
    if (reply.status === 401) this.#tokens.delete(client);
    return reply;
  }

  async #token(client: Client): Promise<string | null> {
    const known = this.#tokens.get(client);
    if (known !== undefined) return known;
    const { status, body } = await this.#send("/oauth/token", {
      method: "POST",
      headers: {
        authorization: `Basic ${btoa(`${client}:${seededSecrets[client]}`)}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
    });
    if (status !== 200) return null;
    this.#tokens.set(client, body.access_token);
    return body.access_token;
  }

  async #send(path: string, init: RequestInit): Promise<Reply> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.patienceMs);
    const base = this.bases[this.#calls++ % this.bases.length] ?? "";
    try {
      const response = await (0, this.fetch)(base + path, { ...init, signal: abort.signal });
      const text = await response.text();
      return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
    } catch {
      return none;
    } finally {
      clearTimeout(timer);
    }
  }
}
