import type { Reply, Storefront } from "../chaos/traffic/client.ts";
import { percentile } from "../bench/meter.ts";
import { Tally } from "../bench/load/tally.ts";
import type { Client } from "../support/client.ts";

/** Refusals that docs/rollout.md and docs/operations.md document: try again, nothing was stored. */
const isDocumented = ({ status, body }: Reply): boolean => status === 503 && typeof body?.code === "string";
/** An answer that no working release gives to a right request. */
const isWrong = ({ status }: Reply): boolean =>
  status === 0 || status >= 500 || [400, 401, 403, 404, 422].includes(status);

/** What one phase of the rehearsal saw. */
export class PhaseTally extends Tally {
  readonly #ms: number[] = [];
  readonly problems: string[] = [];
  documented = 0;

  constructor(readonly phase: string) {
    super();
  }

  override async call(
    shop: Storefront,
    name: string,
    due: number,
    asked: readonly [Client, string, string, unknown?],
  ): Promise<Reply> {
    const reply = await super.call(shop, name, due, asked);
    if (isDocumented(reply)) this.documented++;
    else if (isWrong(reply)) this.problems.push(`${name}: ${reply.status} ${reply.body?.code ?? ""}`.trim());
    return reply;
  }

  override add(name: string, due: number, status: number): void {
    super.add(name, due, status);
    this.#ms.push(performance.now() - due);
    if (name === "paybill" && status === 0) this.problems.push("paybill: not confirmed");
  }

  /** The phase as a row of the table. */
  row(): readonly (string | number)[] {
    const at = (p: number) => this.#ms.length === 0 ? "-" : percentile(this.#ms, p);
    return [this.phase, this.calls, at(0.5), at(0.95), this.documented, this.problems.length];
  }
}

/** The phases as a table for people, with what each column means in its head. */
export function table(tallies: readonly PhaseTally[]): string {
  const head = ["phase", "requests", "p50 ms", "p95 ms", "documented 503", "failed"];
  const rows = [head, ...tallies.map((tally) => tally.row())].map((cells) => cells.map(String));
  const widths = head.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)).join("  ");
  return rows.map(line).join("\n");
}
