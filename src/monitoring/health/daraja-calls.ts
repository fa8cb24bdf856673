import { isKnownErrorCode } from "../../daraja/drift.ts";
import type { Database, Statement } from "../../db/database.ts";
import { insert, rows } from "../../db/query.ts";
import { darajaCalls } from "../../db/schema.ts";
import type { Clock } from "../../platform/ports.ts";
import type { Fields } from "../../telemetry/log.ts";
import { seen } from "../../db/drift.ts";
import { selectCalls, type State, stateOf } from "./calls.ts";

const MINUTE_MS = 60_000;
/** Times are counted by these upper bounds (ms), so that a median can be read from rows of many processes. */
export const TIME_BOUNDS_MS: readonly number[] = [50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 60_000];
/** A process talks to few shortcodes in a minute. More are not counted, rather than kept in memory. */
const MOST_ROWS = 2_000;

/** The last 5 minutes, and the one that has begun. */
const WINDOW_MS = 6 * MINUTE_MS;
const KEPT_MINUTES = 6;
/** What a sweep has read counts this long. */
const TOLD_MS = 3 * MINUTE_MS;

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

  /** Prompts of this process, by minute. */
  #prompts: { readonly minute: number; readonly calls: number; readonly failed: number }[] = [];
  #told: { readonly at: number; readonly state: State } = { at: 0, state: "no_data" };

  constructor(readonly clock: Clock) {}

  /**
   * Whether prompts are failing: what this process has seen in the last 5 minutes, else what all processes had stored at
   * its last sweep. When nobody prompts any more it is false again, so that the next customer tries.
   */
  get promptsFail(): boolean {
    const now = this.clock.now();
    const recent = this.#prompts.filter(({ minute }) => minute > now - WINDOW_MS);
    const own = stateOf(recent.flatMap(({ calls, failed }) => [
      { outcome: "failed", count: failed },
      { outcome: "accepted", count: calls - failed },
    ]));
    if (own !== "no_data") return own === "failing";
    return this.#told.state === "failing" && now - this.#told.at < TOLD_MS;
  }

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
    if (row.operation === "stk_push") this.#notePrompt(row.minute, row.outcome === "failed");
    const key = Object.values(row).join(" ");
    const known = this.#counts.get(key);
    if (known !== undefined) known.count++;
    else if (this.#counts.size < MOST_ROWS) this.#counts.set(key, { row: { ...row, count: 1 }, count: 1 });
    const code = fields.daraja_code;
    if (typeof code === "string" && !isKnownErrorCode(code) && this.#codes.size < MOST_ROWS) {
      this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    }
  }

  #notePrompt(minute: number, failed: boolean): void {
    const last = this.#prompts.at(-1)?.minute === minute ? this.#prompts.pop() : undefined;
    this.#prompts.push({ minute, calls: (last?.calls ?? 0) + 1, failed: (last?.failed ?? 0) + Number(failed) });
    if (this.#prompts.length > KEPT_MINUTES) this.#prompts.shift();
  }

  /** Adds what was counted to the table, and reads what all processes have seen. Counts that the database refuses are lost. */
  async store(db: Database): Promise<void> {
    await this.#storeCounts(db);
    const now = this.clock.now();
    const [calls] = await rows(db, selectCalls(now - WINDOW_MS));
    this.#told = { at: now, state: stateOf(calls.filter(({ operation }) => operation === "stk_push")) };
  }

  async #storeCounts(db: Database): Promise<void> {
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
