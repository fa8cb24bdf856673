import type { Product } from "../support/product.ts";

/** One request: when it was sent, how long it took, how it was answered (0: cut). */
export interface Shot {
  readonly at: number;
  readonly ms: number;
  readonly status: number;
  readonly id: string | null;
  readonly retryAfter: boolean;
}

/** Sends prompts for checkouts at one API, as storefronts do. */
export class Gun {
  #count = 0;
  constructor(readonly product: Product, readonly token: string) {}

  async shoot(): Promise<Shot> {
    const n = this.#count++;
    const phone = `2547${String(n % 10_000).padStart(4, "0")}5678`;
    const at = performance.now();
    try {
      const response = await fetch(`${this.product.api}/v1/checkouts`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${this.token}`,
          "content-type": "application/json",
          "idempotency-key": crypto.randomUUID(),
        },
        body: JSON.stringify({ amount: 1_000, currency: "KES", reference: `load-${n}`, phone_number: phone }),
      });
      const text = await response.text();
      const id = response.status === 201 ? /"id":"(chk_\w+)"/.exec(text)?.[1] ?? null : null;
      const retryAfter = response.headers.has("retry-after");
      return { at, ms: performance.now() - at, status: response.status, id, retryAfter };
    } catch {
      return { at, ms: performance.now() - at, status: 0, id: null, retryAfter: false };
    }
  }

  /** Keeps so many under way for so long. */
  async closed(atOnce: number, forMs: number): Promise<Shot[]> {
    const shots: Shot[] = [];
    const end = performance.now() + forMs;
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (performance.now() < end) shots.push(await this.shoot());
    }));
    return shots;
  }

  /** Sends so many a second for so long, whatever comes back. */
  async open(perSecond: number, forMs: number): Promise<Shot[]> {
    const flying: Promise<Shot>[] = [];
    const start = performance.now();
    for (let elapsed = 0; elapsed < forMs; elapsed = performance.now() - start) {
      while (flying.length < (elapsed / 1000) * perSecond) flying.push(this.shoot());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return await Promise.all(flying);
  }
}

/** The value that so much of the list stays under. */
export function percentile(list: readonly number[], part: number): number {
  const sorted = list.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN);
}

/** What a command of the system says; Deno keeps /proc to itself. Empty where there is none such. */
async function told(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(command, { args, stderr: "null" }).output().catch(() => ({
    stdout: new Uint8Array(),
  }));
  return new TextDecoder().decode(stdout);
}

/** Resident memory of a process now, MiB; NaN where the system doesn't say. */
export async function residentMiB(pid: number): Promise<number> {
  const status = await told("cat", `/proc/${pid}/status`);
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
}

/** How many files and sockets a process holds open. */
export async function handles(pid: number): Promise<number> {
  return (await told("ls", `/proc/${pid}/fd`)).split("\n").filter((line) => line !== "").length;
}
