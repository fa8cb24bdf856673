import { isKnownErrorCode } from "../../daraja/drift.ts";
import type { Database, Statement } from "../../db/database.ts";
import { insert } from "../../db/query.ts";
import { darajaCalls } from "../../db/schema.ts";
import type { Clock } from "../../platform/ports.ts";
import type { Fields } from "../../telemetry/log.ts";
import { seen } from "../../db/drift.ts";

const MINUTE_MS = 60_000;
/** Times are counted by these upper bounds (ms), so that a median can be read from rows of many processes. */
export const TIME_BOUNDS_MS: readonly number[] = [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 60_000];
/** A process talks to few shortcodes in a minute. More are not counted, rather than kept in memory. */
const MOST_ROWS = 2_000;

type Outcome = "accepted" | "refused" | "failed";

/** `failed`: there was no answer of the service itself. A refusal is an answer. */
function outcomeOf(fields: Fields): Outcome {
  if (fields.outcome === "refused") return "refused";
  if (fields.outcome !== "answer") return "failed";
  if (typeof fields.daraja_code === "string") return "refused";
  return Number(fields.status) >= 500 ? "failed" : Number(fields.status) >= 400 ? "refused" : "accepted";
}

const addCall = insert(
  darajaCalls,
  "ON CONFLICT (minute, operation, shortcode, outcome, ms) DO UPDATE SET count = count + excluded.count",
);

/**
 * The calls to Daraja that this process has made and not stored yet. It reads the log lines of the calls, as the metrics
 * do. The sweep stores them; a process that dies loses a minute of counts, and no money.
 */
export class DarajaCalls {
  #counts = new Map<string, { readonly row: Parameters<typeof addCall>[0]; count: number }>();
  #codes = new Map<string, number>();

  constructor(readonly clock: Clock) {}

  /** Counts one call by the fields of its log line. */
  observe(fields: Fields): void {
    const took = Number(fields.duration_ms);
    const row = {
      minute: Math.floor(this.clock.now() / MINUTE_MS) * MINUTE_MS,
      operation: String(fields.operation),
      shortcode: String(fields.shortcode),
      outcome: outcomeOf(fields),
      ms: TIME_BOUNDS_MS.find((bound) => took <= bound) ?? 60_000,
    };
    const key = Object.values(row).join(" ");
    const known = this.#counts.get(key);
    if (known !== undefined) known.count++;
    else if (this.#counts.size < MOST_ROWS) this.#counts.set(key, { row: { ...row, count: 1 }, count: 1 });
    const code = fields.daraja_code;
    if (typeof code === "string" && !isKnownErrorCode(code) && this.#codes.size < MOST_ROWS) {
      this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    }
  }

  /** Adds what was counted to the table. Counts that the database refuses are lost. */
  async store(db: Database): Promise<void> {
    if (this.#counts.size === 0 && this.#codes.size === 0) return;
    const [counts, codes] = [this.#counts, this.#codes];
    this.#counts = new Map();
    this.#codes = new Map();
    const statements: Statement[] = [
      ...[...counts.values()].map(({ row, count }) => addCall({ ...row, count })),
      ...[...codes].map(([code, count]) => seen({ kind: "error_code", name: code, count, at: this.clock.now() })),
    ];
    await db.write(statements);
  }
}
