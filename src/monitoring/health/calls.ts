import type { Query } from "../../db/query.ts";
import type { StatusView } from "./contract.ts";

/** Fewer calls in 5 minutes prove nothing. */
const LEAST_CALLS = 3;

export type State = StatusView["status"];

export interface Row {
  readonly minute: number;
  readonly operation: string;
  readonly shortcode: string;
  readonly outcome: string;
  readonly ms: number;
  readonly count: number;
}

/** The calls to Daraja since a moment (ms), by minute. */
export const selectCalls = (since: number): Query<Row> => ({
  sql: "SELECT minute, operation, shortcode, outcome, ms, count FROM daraja_calls WHERE minute > ? ORDER BY minute",
  args: [since],
  map: ([minute, operation, shortcode, outcome, ms, count]) => ({
    minute: Number(minute),
    operation: String(operation),
    shortcode: String(shortcode),
    outcome: String(outcome),
    ms: Number(ms),
    count: Number(count),
  }),
});

/** How many calls there are. */
export const sum = (found: readonly Pick<Row, "count">[]): number =>
  found.reduce((total, { count }) => total + count, 0);

/** The state of the calls of one operation in the last 5 minutes. */
export function stateOf(found: readonly Pick<Row, "outcome" | "count">[]): State {
  const calls = sum(found);
  if (calls < LEAST_CALLS) return "no_data";
  return 2 * sum(found.filter(({ outcome }) => outcome === "failed")) >= calls ? "failing" : "ok";
}
