import type { JobKind } from "../context/jobs.ts";

/** A job that failed this many times is dead: parked, alerted, retried by a person. */
export const MOST_RUNS = 12;

interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** What Daraja told waits least; what only looks again, or tells others, can wait; upkeep can wait longest. */
const paces: Readonly<Partial<Record<JobKind, Pace>>> = {
  notice: { firstMs: 500, longestMs: 600_000 },
  event: { firstMs: 1_000, longestMs: 600_000 },
  deliveries: { firstMs: 1_000, longestMs: 600_000 },
  reconcile: { firstMs: 30_000, longestMs: 3_600_000 },
  ledger_check: { firstMs: 30_000, longestMs: 3_600_000 },
  retention: { firstMs: 60_000, longestMs: 3_600_000 },
};
const usual: Pace = { firstMs: 1_000, longestMs: 600_000 };

/** ms until the next run of a job of this kind after `attempts` failed ones: doubling, with a fifth of jitter. */
export function backoff(kind: JobKind, attempts: number): number {
  const { firstMs, longestMs } = paces[kind] ?? usual;
  const base = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(base * (0.9 + Math.random() * 0.2));
}
