import type { JobKind } from "../context/jobs.ts";

/** A job that failed this many times is dead: it runs no more, raises an alert, and waits for a person to retry it. */
export const MAX_ATTEMPTS = 12;

interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Notices of Daraja wait least; polls and deliveries can wait longer; maintenance waits longest. */
const backoffs: Readonly<Partial<Record<JobKind, Backoff>>> = {
  notice: { firstMs: 500, longestMs: 600_000 },
  event: { firstMs: 1_000, longestMs: 600_000 },
  deliveries: { firstMs: 1_000, longestMs: 600_000 },
  reconcile: { firstMs: 30_000, longestMs: 3_600_000 },
  undo_import: { firstMs: 30_000, longestMs: 3_600_000 },
  ledger_check: { firstMs: 30_000, longestMs: 3_600_000 },
  audit: { firstMs: 30_000, longestMs: 600_000 },
  keys: { firstMs: 30_000, longestMs: 3_600_000 },
  alerts: { firstMs: 30_000, longestMs: 600_000 },
  alert_message: { firstMs: 5_000, longestMs: 600_000 },
  retention: { firstMs: 60_000, longestMs: 3_600_000 },
};
const defaultBackoff: Backoff = { firstMs: 1_000, longestMs: 600_000 };

/** The pause (ms) before the next run, after `attempts` failed ones. It doubles each time, with 10 % jitter up or down. */
export function backoffMs(kind: JobKind, attempts: number): number {
  const { firstMs, longestMs } = backoffs[kind] ?? defaultBackoff;
  const base = Math.min(longestMs, firstMs * 2 ** Math.min(attempts - 1, 20));
  return Math.round(base * (0.9 + Math.random() * 0.2));
}
