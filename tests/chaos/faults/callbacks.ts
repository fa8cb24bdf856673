import type { Random } from "../random.ts";
import { sleep, type Tally } from "../tally.ts";

/** One callback of the simulator, and what became of it. */
export interface Delivery {
  readonly at: number;
  /** The capability in its address. */
  readonly capability: string;
  readonly body: string;
  /** `dropped` on the way, or the API's status; null when it could not be reached. */
  outcome: "dropped" | "held" | number | null;
}

type Fault = "drop" | "duplicate" | "delay" | "reorder" | "none";

const table: readonly (readonly [number, Fault])[] = [
  [5, "drop"],
  [8, "duplicate"],
  [8, "delay"],
  [7, "reorder"],
  [72, "none"],
];

const LONGEST_HOLD_MS = 1_000;
const MOST_TRIES = 100;

/**
 * The way of callbacks to the API. A callback whose loss nothing could make good comes through whole: the only witness
 * of its kind of scenario.
 */
export class CallbackProxy {
  readonly deliveries: Delivery[] = [];
  /** Told of each callback that reached the API, while it is on its way. */
  onPassing: (body: string) => void = () => {};
  /** Whether the body's loss could be made good by asking. */
  spares: (body: string) => boolean = () => true;
  #active = false;
  #seen = 0;
  readonly #spread: Random;
  readonly #held: (() => void)[] = [];

  constructor(readonly random: Random, readonly faults: Tally, readonly ports: readonly number[]) {
    this.#spread = random.fork("balancer");
  }

  start(): void {
    this.#active = true;
  }

  /** Ends the faults; what was held goes out. */
  heal(): void {
    this.#active = false;
    for (const release of this.#held.splice(0)) release();
  }

  /** Whether Daraja was told that a notice at this address, holding `text`, was kept. */
  wasAccepted(capability: string, text = ""): boolean {
    return this.deliveries.some((d) => d.capability === capability && d.outcome === 200 && d.body.includes(text));
  }

  async send(request: Request): Promise<Response> {
    const body = await request.text();
    const { method, headers, signal } = request;
    const url = this.#balanced(request.url);
    const forward = () => this.#forward(new Request(url, { method, headers, body, signal }), body);
    if (!this.spares(body)) return await this.#insist(url, headers, body);
    const draws = this.random.fork(this.#seen++);
    const fault = this.#active ? draws.weighted(table) : "none";
    if (fault !== "none") this.faults.add(`callback_${fault}`);
    switch (fault) {
      case "drop":
        this.#note(url, body).outcome = "dropped";
        throw new Error("dropped");
      case "duplicate": {
        const copies = Array.from({ length: draws.int(1, 3) }, async () => {
          await sleep(draws.int(0, 400));
          const copy = await forward().catch(() => null);
          await copy?.body?.cancel();
        });
        const [first] = await Promise.allSettled([forward(), ...copies]);
        if (first?.status !== "fulfilled") throw new Error("unreachable");
        return first.value;
      }
      case "delay":
        await sleep(draws.int(200, 2_000));
        break;
      case "reorder":
        await this.#untilAnotherPassed();
    }
    return await forward();
  }

  /** The address at one of the API's processes: a balancer that does not know which of them lives. */
  #balanced(url: string): string {
    const balanced = new URL(url);
    balanced.port = String(this.#spread.pick(this.ports));
    return balanced.href;
  }

  async #insist(url: string, headers: Headers, body: string): Promise<Response> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const signal = AbortSignal.timeout(5_000);
      const request = new Request(this.#balanced(url), { method: "POST", headers, body, signal });
      const response = await this.#forward(request, body).catch(() => null);
      if (response?.status === 200) return response;
      await response?.body?.cancel();
      await sleep(200);
    }
    throw new Error("never accepted");
  }

  async #untilAnotherPassed(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#held.push(resolve);
      sleep(LONGEST_HOLD_MS).then(resolve);
    });
  }

  #note(url: string, body: string): Delivery {
    const delivery: Delivery = { at: Date.now(), capability: url.split("/").at(-1) ?? "", body, outcome: null };
    this.deliveries.push(delivery);
    return delivery;
  }

  async #forward(request: Request, body: string): Promise<Response> {
    const delivery = this.#note(request.url, body);
    this.onPassing(body);
    const response = await fetch(request);
    delivery.outcome = response.status;
    this.#held.shift()?.();
    return response;
  }
}
