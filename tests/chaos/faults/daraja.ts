import { serve } from "../../../src/platform/deno.ts";
import type { Server } from "../../../src/platform/ports.ts";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import type { Random } from "../random.ts";
import { sleep, type Tally } from "../tally.ts";
import { freePort } from "../../support/child.ts";

type Fault = "slow" | "cut" | "cut_after" | "429" | "500" | "500_after" | "html" | "html_after" | "token_void" | "none";

const table: readonly (readonly [number, Fault])[] = [
  [4, "slow"],
  [1, "cut"],
  [2, "cut_after"],
  [1.5, "429"],
  [1, "500"],
  [1.5, "500_after"],
  [1, "html"],
  [1, "html_after"],
  [1, "token_void"],
  [86, "none"],
];

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });

const spike = () =>
  json(429, {
    fault: {
      faultstring: "Spike arrest violation. Allowed rate : 5pm",
      detail: { errorcode: "policies.ratelimit.SpikeArrestViolation" },
    },
  });
const internal = () => json(500, { requestId: "chaos", errorCode: "500.003.02", errorMessage: "System is busy" });
const page = () =>
  new Response("<html><body>502 Bad Gateway</body></html>", { status: 502, headers: { "content-type": "text/html" } });
/** Promises a body and sends none: the connection drops. */
const cut = () =>
  new Response(new ReadableStream({ start: (c) => c.close() }), { headers: { "content-length": "200" } });

/** Stands before the simulator and spoils what passes, before it is taken or after. */
export class DarajaProxy {
  readonly port = freePort();
  #server: Server | null = null;
  /** When (ms, the machine's clock) requests for money out arrived, each with its body. */
  readonly moneyOut: { readonly at: number; readonly body: string }[] = [];
  #active = false;
  #seen = 0;

  constructor(readonly random: Random, readonly faults: Tally) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  serve(simulator: Simulator): void {
    const log = { write: () => {} };
    this.#server = serve({ hostname: "127.0.0.1", port: this.port }, (r) => this.#pass(simulator, r), log);
  }

  start(): void {
    this.#active = true;
  }

  heal(): void {
    this.#active = false;
  }

  async close(): Promise<void> {
    await this.#server?.stop(1_000);
  }

  async #pass(simulator: Simulator, incoming: Request): Promise<Response> {
    const body = incoming.method === "GET" ? null : await incoming.text().catch(() => null);
    if (body === null && incoming.method !== "GET") return cut(); // who asked died in the middle
    if (/\/mpesa\/(b2c|b2b|b2pochi|reversal)\//.test(incoming.url)) {
      this.moneyOut.push({ at: Date.now(), body: body ?? "" });
    }
    // What arrived is taken, whether or not the asker lives to hear the answer.
    const request = new Request(incoming.url, { method: incoming.method, headers: incoming.headers, body });
    const draws = this.random.fork(this.#seen++);
    const fault = this.#active ? draws.weighted(table) : "none";
    if (fault === "none") return await simulator.app.fetch(request);
    this.faults.add(`daraja_${fault}`);
    switch (fault) {
      case "slow":
        await sleep(draws.int(50, 1_500));
        return await simulator.app.fetch(request);
      case "token_void":
        for (const shortcode of simulator.world.options.shortcodes) {
          const app = simulator.world.apps.authenticate(shortcode.consumerKey, shortcode.consumerSecret);
          if (app !== undefined) simulator.world.apps.issueToken(app); // another isolate asked for one
        }
        return await simulator.app.fetch(request);
      case "429":
        return spike();
      case "500":
        return internal();
      case "html":
        return page();
      case "cut":
        return cut();
      default: {
        const response = await simulator.app.fetch(request); // taken, and the answer is lost
        await response.body?.cancel();
        return fault === "cut_after" ? cut() : fault === "500_after" ? internal() : page();
      }
    }
  }
}
