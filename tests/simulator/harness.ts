import { demoShortcodes } from "../../src/simulator/demo.ts";
import { createSimulator, type Simulator, type SimulatorOptions } from "../../src/simulator/simulator.ts";

/** One callback as its receiver gets it. */
export interface Received {
  readonly url: string;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any -- payloads are asserted on field by field
  readonly json: any;
  readonly raw: string;
}

/** The answer to a call. */
export interface Answered {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- as above
  readonly json: any;
  readonly text: string;
}

export const shop = demoShortcodes[0]!;
export const till = demoShortcodes[1]!;
export const other = demoShortcodes[2]!;
export const sandbox = demoShortcodes[3]!;
export const callbackUrl = "http://127.0.0.1:9/cb";

/** The usual delay of callbacks, in virtual ms. */
export const delayMs = 1_500;

type Json = Record<string, unknown>;

/** A clock that moves only when the test says so. */
class VirtualTime {
  now = Date.UTC(2026, 10, 22, 7, 0, 0);
  readonly #timers = new Set<{ at: number; run: () => void }>();

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Runs the next timer that is due by `end`, at its time. False when there is none. */
  runNext(end = Infinity): boolean {
    const [next] = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at);
    if (!next) return false;
    this.#timers.delete(next);
    this.now = next.at;
    next.run();
    return true;
  }
}

/** A simulator in this process. Its callbacks go to `received`, without a network. */
export class Harness {
  readonly received: Received[] = [];
  readonly simulator: Simulator;
  /** How the receiver answers; may throw, as a dead one does. */
  reply: (received: Received) => Response | Promise<Response> = () =>
    Response.json({ ResultCode: 0, ResultDesc: "Accepted" });
  readonly time = new VirtualTime();
  readonly #tokens = new Map<string, string>();
  #waiters: Array<() => void> = [];

  constructor(options: Partial<SimulatorOptions> = {}) {
    this.simulator = createSimulator({
      callbackDelayMs: delayMs,
      lateCallbackDelayMs: 90_000,
      shortcodes: demoShortcodes,
      now: () => this.time.now,
      timer: (ms, run) => this.time.after(ms, run),
      fetch: (request) => this.#receive(request),
      ...options,
    });
  }

  /** A request as it is, without token. */
  async send(path: string, init: RequestInit = {}): Promise<Answered> {
    const response = await this.simulator.app.request(path, init);
    const text = await response.text();
    return { status: response.status, text, json: text.startsWith("{") ? JSON.parse(text) : null };
  }

  async token(of = shop): Promise<string> {
    const known = this.#tokens.get(of.consumerKey);
    if (known) return known;
    const basic = btoa(`${of.consumerKey}:${of.consumerSecret}`);
    const answer = await this.send("/oauth/v1/generate?grant_type=client_credentials", {
      headers: { authorization: `Basic ${basic}` },
    });
    this.#tokens.set(of.consumerKey, answer.json.access_token);
    return answer.json.access_token;
  }

  /** A call of Daraja's with a good token. */
  async call(path: string, body: unknown, of = shop): Promise<Answered> {
    return await this.send(path, {
      method: "POST",
      headers: { authorization: `Bearer ${await this.token(of)}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  }

  async push(phone: string, changes: Json = {}, of = shop): Promise<Answered> {
    return await this.call("/mpesa/stkpush/v1/processrequest", { ...pushBody(phone, of), ...changes }, of);
  }

  async query(checkoutRequestId: string, of = shop): Promise<Answered> {
    return await this.call("/mpesa/stkpushquery/v1/query", {
      ...signature(of.storeNumber ?? of.number, of.passkey),
      CheckoutRequestID: checkoutRequestId,
    }, of);
  }

  async books(): Promise<Json[]> {
    return (await this.send("/_simulator/transactions")).json.data;
  }

  async requests(): Promise<Json[]> {
    return (await this.send("/_simulator/requests")).json.data;
  }

  /** Lets time pass until there are `count` callbacks to URLs that contain `part`; answers those. */
  async callbacks(count = 1, part = ""): Promise<Received[]> {
    for (;;) {
      const found = this.received.filter((received) => received.url.includes(part));
      if (found.length >= count) return found;
      const more = new Promise<void>((resolve) => this.#waiters.push(resolve));
      const due = this.time.runNext();
      const idle = this.simulator.world.tasks.idle().then(() => "idle");
      if (await Promise.race([more, idle]) === "idle" && !due) throw new Error(`no more callbacks: ${found.length}`);
    }
  }

  /** Lets time pass, and all that is due in it happen: one usual delay when not told. */
  async passTime(ms = delayMs): Promise<void> {
    const end = this.time.now + ms;
    while (this.time.runNext(end)) await this.simulator.world.tasks.idle();
    this.time.now = end;
  }

  async #receive(request: Request): Promise<Response> {
    const raw = await request.text();
    const received = { url: request.url, headers: request.headers, raw, json: JSON.parse(raw) };
    this.received.push(received);
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
    const aborted = new Promise<never>((_, reject) => {
      request.signal.addEventListener("abort", () => reject(request.signal.reason), { once: true });
    });
    return await Promise.race([this.reply(received), aborted]);
  }
}

/** Runs `test` with a simulator and closes it. */
export async function withSimulator(
  test: (harness: Harness) => Promise<void>,
  options: Partial<SimulatorOptions> = {},
): Promise<void> {
  const harness = new Harness(options);
  try {
    await test(harness);
  } finally {
    await harness.simulator.close();
  }
}

export function pushBody(phone: string, of = shop): Json {
  return {
    ...signature(of.storeNumber ?? of.number, of.passkey),
    TransactionType: of.kind === "till" ? "CustomerBuyGoodsOnline" : "CustomerPayBillOnline",
    Amount: 150,
    PartyA: phone,
    PartyB: of.number,
    PhoneNumber: phone,
    CallBackURL: callbackUrl,
    AccountReference: "INV-1",
    TransactionDesc: "Order",
  };
}

function signature(shortcode: string, passkey: string): Json {
  const timestamp = "20261122101530";
  return {
    BusinessShortCode: shortcode,
    Password: btoa(shortcode + passkey + timestamp),
    Timestamp: timestamp,
  };
}

/** A published payload from the fixtures. */
export async function sample(name: string): Promise<unknown> {
  const url = new URL(`../fixtures/daraja/${name}.json`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

/** The structure of a value: its keys, and the types of its values. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
}
