import { percentile } from "./meter.ts";
import { type Usage, usageOf } from "./usage.ts";

const SAMPLE_MS = 1_000;
const PING_MS = 100;

/** What a process took of a CPU while something ran: 1 is a whole core. */
export interface Share {
  readonly cpu: number;
  /** Its first thread, where JavaScript runs. */
  readonly first: number;
  /** That thread could have run, but others had the CPU. */
  readonly waited: number;
  readonly mostMiB: number;
}

/** What was seen of a stretch of time. */
export interface Sight {
  readonly shares: Readonly<Record<string, Share>>;
  /** How long the API's event loop took to answer what needs nothing but its turn, p95, ms. */
  readonly turnMs: number;
}

interface Sample {
  readonly at: number;
  readonly usages: Readonly<Record<string, Usage>>;
}

/** Watches processes from outside, and how soon the API gets round to a call that costs it nothing. */
export class Watch {
  readonly #samples: Sample[] = [];
  readonly #pings: { readonly at: number; readonly ms: number }[] = [];
  readonly #timers: readonly ReturnType<typeof setInterval>[];

  constructor(readonly pids: Readonly<Record<string, number>>, readonly api: string) {
    this.#timers = [setInterval(() => void this.sample(), SAMPLE_MS), setInterval(() => void this.#ping(), PING_MS)];
  }

  /** Takes a sample now, besides those that it takes each second. */
  async sample(): Promise<void> {
    const at = performance.now();
    const usages = await Promise.all(
      Object.entries(this.pids).map(async ([name, pid]) => [name, await usageOf(pid)] as const),
    );
    this.#samples.push({ at, usages: Object.fromEntries(usages) });
  }

  /** What was seen since a moment (`performance.now()`). */
  async since(from: number): Promise<Sight> {
    await this.sample();
    const samples = this.#samples.filter(({ at }) => at >= from);
    const [before, after] = [samples.at(0), samples.at(-1)];
    if (before === undefined || after === undefined) throw new Error("Nothing was seen since then.");
    const ms = after.at - before.at;
    const shares = Object.keys(this.pids).map((name) => {
      const [a, b] = [before.usages[name], after.usages[name]];
      const part = (of: (usage: Usage) => number) => a === undefined || b === undefined ? NaN : (of(b) - of(a)) / ms;
      const mostMiB = Math.max(...samples.map(({ usages }) => usages[name]?.residentMiB ?? NaN));
      const share: Share = {
        cpu: part(({ cpuMs }) => cpuMs),
        first: part(({ firstMs }) => firstMs),
        waited: part(({ waitedMs }) => waitedMs),
        mostMiB,
      };
      return [name, share] as const;
    });
    const turns = this.#pings.filter(({ at }) => at >= from).map((ping) => ping.ms);
    return { shares: Object.fromEntries(shares), turnMs: percentile(turns, 0.95) };
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #ping(): Promise<void> {
    const at = performance.now();
    const response = await fetch(`${this.api}/health/live`).catch(() => null);
    await response?.body?.cancel();
    this.#pings.push({ at, ms: performance.now() - at });
  }
}
