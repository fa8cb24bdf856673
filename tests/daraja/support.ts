/** A fake Daraja on a free port, a shared store in memory and a clock that stands still. */

import { createDaraja, type Daraja, type DarajaApp, type DarajaDeps, type StkPush } from "../../src/daraja/daraja.ts";
import type { Clock, Entry, KeyValue } from "../../src/platform/ports.ts";

export const APP: DarajaApp = { consumerKey: "consumer-key-1234", consumerSecret: "consumer-secret-5678" };

export const PUSH: StkPush = {
  businessShortcode: "600000",
  partyB: "600000",
  transactionType: "paybill",
  passkey: "passkey",
  amount: 150_000,
  phone: "254708374149",
  callbackUrl: "https://pay.example.co.ke/notify/6d61/ab12",
  accountReference: "ORDER 12",
  description: "Shoes",
};

export const STK_ACK = {
  MerchantRequestID: "2654-4b64-97ff-b827b542881d3130",
  CheckoutRequestID: "ws_CO_1007202409152617172396192",
  ResponseCode: "0",
  ResponseDescription: "Success. Request accepted for processing",
  CustomerMessage: "Success. Request accepted for processing",
};

export const ASYNC_ACK = {
  ConversationID: "AG_20240706_20106e9209f64bebd05b",
  OriginatorConversationID: "payout-1",
  ResponseCode: "0",
  ResponseDescription: "Accept the service request successfully.",
};

export interface StillClock extends Clock {
  at: number;
}

export function stillClock(at = Date.UTC(2026, 10, 22, 9, 0, 0)): StillClock {
  const clock = { at, now: () => clock.at };
  return clock;
}

/** Compare-and-set in memory; keys never expire by themselves. */
export function memoryKeyValue(): KeyValue & { readonly entries: Map<string, Entry> } {
  const entries = new Map<string, Entry>();
  let version = 0;
  return {
    entries,
    get: (key) => Promise.resolve(entries.get(key.join("/")) ?? { value: null, version: null }),
    set(key, value, options = {}) {
      const held = entries.get(key.join("/"))?.version ?? null;
      if (options.ifVersion !== undefined && options.ifVersion !== held) return Promise.resolve(false);
      version += 1;
      entries.set(key.join("/"), { value, version: String(version) });
      return Promise.resolve(true);
    },
    delete(key) {
      entries.delete(key.join("/"));
      return Promise.resolve();
    },
    list: () => Promise.resolve([]),
  };
}

/** Changes the bytes, so that a test sees whether the cipher was used. */
export const cipher: DarajaDeps["cipher"] = {
  seal: (bytes) => Promise.resolve(bytes.map((byte) => byte ^ 0xff)),
  open: (bytes) => Promise.resolve(bytes.map((byte) => byte ^ 0xff)),
};

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

export interface FakeDaraja extends AsyncDisposable {
  readonly baseUrl: string;
  readonly asked: Asked[];
  /** How many times a path was asked. */
  count(path: string): number;
}

export type Answerer = (asked: Asked, nth: number) => Response | Promise<Response>;

/** Answers OAuth with a new token each time, and everything else by `answer`. */
export function fakeDaraja(answer: Answerer, oauth: Answerer = issueToken): FakeDaraja {
  const asked: Asked[] = [];
  const count = (path: string): number => asked.filter((one) => one.path.includes(path)).length;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname: path, search } = new URL(request.url);
    const text = await request.text();
    const body = text === "" ? {} : JSON.parse(text);
    const one = { method: request.method, path: path + search, headers: request.headers, body };
    asked.push(one);
    return await (path.startsWith("/oauth/") ? oauth : answer)(one, count(path));
  });
  return {
    baseUrl: `http://127.0.0.1:${server.addr.port}`,
    asked,
    count,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

export function tokenNumber(nth: number): string {
  return `token${String(nth).padStart(23, "0")}`;
}

export function issueToken(_asked: Asked, nth: number): Response {
  return Response.json({ access_token: tokenNumber(nth), expires_in: "3599" });
}

export interface Built {
  readonly daraja: Daraja;
  readonly clock: StillClock;
  readonly kv: ReturnType<typeof memoryKeyValue>;
  readonly logged: Record<string, unknown>[];
}

export function build(baseUrl: string, over: Partial<DarajaDeps> = {}): Built {
  const clock = stillClock();
  const kv = memoryKeyValue();
  const logged: Record<string, unknown>[] = [];
  const log = (event: string, fields: Record<string, unknown>): void => void logged.push({ event, ...fields });
  const daraja = createDaraja({ baseUrl, fetch, clock, kv, cipher, queriesPerMinute: null, log, ...over });
  return { daraja, clock, kv, logged };
}

export interface RawServer extends AsyncDisposable {
  readonly baseUrl: string;
  /** Whole requests read, by the path they asked for. */
  readonly requests: string[];
}

/** A TCP server. `reply` gets each whole request and returns bytes, or null to break the connection. */
export function rawServer(reply: (request: string, nth: number) => string | null): RawServer {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const requests: string[] = [];
  const connections = new Set<Deno.Conn>();
  const serving = (async () => {
    const running: Promise<void>[] = [];
    for await (const connection of listener) {
      connections.add(connection);
      running.push(converse(connection, requests, reply).finally(() => hangUp(connection)));
    }
    await Promise.all(running);
  })();
  return {
    baseUrl: `http://127.0.0.1:${listener.addr.port}`,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      connections.forEach(hangUp);
      await serving;
    },
  };
}

async function converse(
  connection: Deno.Conn,
  requests: string[],
  reply: (request: string, nth: number) => string | null,
): Promise<void> {
  for (;;) {
    const request = await readRequest(connection);
    if (request === null) return;
    requests.push(request);
    const bytes = reply(request, requests.length);
    if (bytes === null) return;
    await connection.write(new TextEncoder().encode(bytes));
  }
}

async function readRequest(connection: Deno.Conn): Promise<string | null> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const read = await connection.read(buffer).catch(() => null);
    if (read === null) return null;
    text += new TextDecoder().decode(buffer.subarray(0, read));
    const head = text.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (head >= 0 && text.length >= head + 4 + length) return text;
  }
}

function hangUp(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // closed already
  }
}

export function rawJson(json: unknown, status = "200 OK"): string {
  const body = JSON.stringify(json);
  return `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const FIXTURES = new URL("../fixtures/daraja/", import.meta.url);

export function fixture(name: string): string {
  return Deno.readTextFileSync(new URL(name, FIXTURES));
}

/** The rows of `samples.tsv`: file, kind and the note about the file. */
export function samples(): readonly { readonly file: string; readonly kind: string; readonly notes: string }[] {
  return fixture("samples.tsv").trim().split("\n").slice(1).map((line) => {
    const [file = "", kind = "", , , notes = ""] = line.split("\t");
    return { file, kind, notes };
  });
}
