import { loadConfig } from "../../../src/config/config.ts";
import { createCapabilities } from "../../../src/crypto/capability.ts";
import { ascending, paced, quantile } from "./arrivals.ts";
import { callbackCall, createCall, headersOf, idsOf } from "./bodies.ts";
import { asked, tell } from "./generator.ts";
import { Pool, type Reply } from "./pool.ts";
import type { Subject } from "./stands.ts";
import { type Call, wire } from "./tape.ts";

/** Lives at a fixed rate, each with a callback of our own right after its create. */
export interface Settling {
  readonly subject: Subject;
  readonly urls: readonly string[];
  readonly tokens: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  /** One in so many is asked after until it has succeeded: those reads are load too. */
  readonly sampleEvery: number;
  /** The number of the first. */
  readonly from: number;
}

export interface Settled {
  readonly lives: number;
  readonly failed: number;
  readonly samples: number;
  readonly ackP50: number;
  readonly ackP99: number;
  /** ms from when the acknowledgement was read until a GET said `succeeded`. */
  readonly settledP50: number;
  readonly settledP99: number;
}

const CONNECTIONS = 64;
const READERS = 16;
const GIVE_UP_MS = 10_000;
const utf8 = new TextEncoder();
const is2xx = ({ status }: Reply) => status >= 200 && status < 300;

class Api {
  readonly #pool: Pool;
  readonly #readers: Pool;
  readonly #host: string;
  constructor(url: string, readonly token: string) {
    this.#pool = new Pool(url, CONNECTIONS);
    this.#readers = new Pool(url, READERS);
    this.#host = new URL(url).host;
  }

  async warm(): Promise<void> {
    await Promise.all([this.#pool.warm(), this.#readers.warm()]);
  }

  send(call: Call): Promise<Reply> {
    return this.#pool.send(utf8.encode(wire(this.#host, call)));
  }

  get(id: string): Promise<Reply> {
    const call: Call = { method: "GET", path: `/v1/checkouts/${id}`, headers: headersOf(this.token) };
    return this.#readers.send(utf8.encode(wire(this.#host, call)));
  }
}

async function settling({ subject, urls, tokens, perSecond, seconds, sampleEvery, from }: Settling): Promise<Settled> {
  const loaded = loadConfig({ APP_ENV: "test" }, "start");
  if (!loaded.ok) throw new Error("a test needs no settings");
  const capabilities = await createCapabilities(loaded.config.keys.callback);
  const path = (id: string) => `/notify/${subject === "floor" ? `stk.${id}` : capabilities.mint("stk", id)}`;
  const apis = urls.map((url, i) => new Api(url, tokens[i] ?? ""));
  await Promise.all(apis.map((api) => api.warm()));
  const [acks, settled]: [number[], number[]] = [[], []];
  let failed = 0;
  const live = async (n: number) => {
    const api = apis[n % apis.length] as Api; // there is one for each remainder
    const made = await api.send(createCall(api.token, n));
    const id = /"id":"(chk_\w+)"/.exec(made.body)?.[1];
    const attempt = /"id":"(att_\w+)"/.exec(made.body)?.[1];
    if (!is2xx(made) || id === undefined || attempt === undefined) return void failed++;
    const sent = performance.now();
    const acked = await api.send(callbackCall(path(attempt), n, idsOf(n)));
    const at = performance.now();
    acks.push(at - sent);
    if (!is2xx(acked)) return void failed++;
    if (n % sampleEvery !== 0) return;
    while (!(await api.get(id)).body.startsWith(`{"id":"${id}","status":"succeeded"`)) {
      if (performance.now() - at > GIVE_UP_MS) return void failed++;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    settled.push(performance.now() - at);
  };
  const flying: Promise<void>[] = [];
  await paced(perSecond, seconds, (n) => flying.push(live(from + n)));
  await Promise.all(flying);
  const [sortedAcks, sortedSettled] = [ascending(acks), ascending(settled)];
  return {
    lives: flying.length,
    failed,
    samples: settled.length,
    ackP50: quantile(sortedAcks, 0.5),
    ackP99: quantile(sortedAcks, 0.99),
    settledP50: quantile(sortedSettled, 0.5),
    settledP99: quantile(sortedSettled, 0.99),
  };
}

if (import.meta.main) tell(await settling(await asked()));
