import type { Reply, Storefront } from "../../chaos/traffic/client.ts";
import type { Client } from "../../support/client.ts";
import { percentile } from "../meter.ts";

/** One kind of call: how long each took from when it was due, and what went wrong. */
interface Row {
  readonly ms: number[];
  failed: number;
}

/** Every call of a run, by kind. */
export class Tally {
  readonly #rows = new Map<string, Row>();
  readonly #statuses = new Map<number, number>();

  /** Makes one call, once: what fails counts as failed. `due` is when it was to be made (`performance.now()`). */
  async call(
    shop: Storefront,
    name: string,
    due: number,
    [client, method, path, body]: readonly [Client, string, string, unknown?],
  ): Promise<Reply> {
    const key = method === "POST" ? crypto.randomUUID() : undefined;
    const reply = await shop.once(client, method, path, body, key);
    this.add(name, due, reply.status);
    return reply;
  }

  add(name: string, due: number, status: number): void {
    const row = this.#rows.get(name) ?? { ms: [], failed: 0 };
    this.#rows.set(name, row);
    row.ms.push(performance.now() - due);
    if (status === 0 || status >= 400) row.failed++;
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
  }

  get calls(): number {
    return [...this.#rows.values()].reduce((sum, { ms }) => sum + ms.length, 0);
  }

  /** Calls that were cut or answered 5xx. */
  get broken(): number {
    return [...this.#statuses].reduce((sum, [status, n]) => status === 0 || status >= 500 ? sum + n : sum, 0);
  }

  /** Statuses that were no success, with how often. */
  get errors(): string {
    const bad = [...this.#statuses].filter(([status]) => status === 0 || status >= 400);
    return bad.length === 0 ? "none" : bad.map(([status, n]) => `${n} x ${status}`).join(", ");
  }

  /** The table of latencies. */
  lines(seconds: number): readonly string[] {
    const row = (cells: readonly (number | string)[]) =>
      `  ${String(cells[0]).padEnd(12)}${cells.slice(1).map((cell) => String(cell).padStart(9)).join("")}`;
    return [
      row(["call", "calls", "a second", "p50 ms", "p95 ms", "p99 ms", "failed"]),
      ...[...this.#rows].map(([name, { ms, failed }]) =>
        row([
          name,
          ms.length,
          (ms.length / seconds).toFixed(1),
          ...[0.5, 0.95, 0.99].map((p) => percentile(ms, p)),
          failed,
        ])
      ),
    ];
  }
}
