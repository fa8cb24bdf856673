import { pace } from "./pace.ts";

/** One request: when it was due, how long after that it was answered, and how (0: cut). */
export interface Shot {
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly id: string | null;
  readonly retryAfter: boolean;
  /** What a problem said of itself. */
  readonly refusal: string | null;
}

/** What was sent at a rate, and by how much each sending was behind its time, ms. */
export interface Volley {
  readonly shots: readonly Shot[];
  readonly late: readonly number[];
}

/** Sends prompts for checkouts at one API, as storefronts do. */
export class Gun {
  #count = 0;
  constructor(readonly url: string, readonly token: string) {}

  async shoot(at = performance.now()): Promise<Shot> {
    const n = this.#count++;
    const phone = `2547${String(n % 10_000).padStart(4, "0")}5678`;
    try {
      const response = await fetch(`${this.url}/v1/checkouts`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.token}`,
          "content-type": "application/json",
          "idempotency-key": crypto.randomUUID(),
        },
        body: JSON.stringify({ amount: 1_000, currency: "KES", reference: `load-${n}`, phone_number: phone }),
      });
      const text = await response.text();
      const { status } = response;
      const id = status === 201 ? /"id":"(chk_\w+)"/.exec(text)?.[1] ?? null : null;
      const refusal = status >= 400 ? /"detail":"([^".;]+)/.exec(text)?.[1] ?? "" : null;
      return { at, ms: performance.now() - at, status, id, retryAfter: response.headers.has("retry-after"), refusal };
    } catch {
      return { at, ms: performance.now() - at, status: 0, id: null, retryAfter: false, refusal: null };
    }
  }

  /** Keeps so many under way for so long. */
  async closed(atOnce: number, forMs: number): Promise<readonly Shot[]> {
    const shots: Shot[] = [];
    const end = performance.now() + forMs;
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) shots.push(await this.shoot());
    }));
    return shots;
  }

  /** Sends so many a second for so long, whatever comes back. */
  async open(perSecond: number, forMs: number): Promise<Volley> {
    const { done, late } = await pace(perSecond, forMs, ({ due }) => this.shoot(due));
    return { shots: done, late };
  }
}

/** Those that made a checkout. */
export const accepted = (shots: readonly Shot[]): readonly Shot[] => shots.filter(({ status }) => status === 201);

/** How long each took. */
export const latencies = (shots: readonly Shot[]): readonly number[] => shots.map(({ ms }) => ms);

/** The value that so much of the list stays under. */
export function percentile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN);
}
