const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The longest window, in ms. Safaricom keeps 48 h (daraja.md section 7.9). We use 10 minutes less, because reading all
 * pages takes time.
 */
export const MAX_WINDOW_MS = 48 * HOUR_MS - 10 * 60_000;
/** Two scheduled windows overlap by this time (ms), because M-Pesa lists some payments late. */
const OVERLAP_MS = 2 * HOUR_MS;

/** A span of time, ms since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The scheduled reconciliations that were completed. `lastEnd`: the end of the last window. `lastFullAt`: the start of the last run over 48 h. Both in ms. */
export interface LastRuns {
  readonly lastEnd: number | null;
  readonly lastFullAt: number | null;
}

/** The window of the next scheduled reconciliation. It starts before the end of the last one. Once a day it is the longest window. */
export function nextWindow(now: number, { lastEnd: until, lastFullAt: fullAt }: LastRuns): Window {
  const earliest = now - MAX_WINDOW_MS;
  const full = until === null || fullAt === null || now - fullAt >= DAY_MS;
  return { from: full ? earliest : Math.max(earliest, Math.min(until, now) - OVERLAP_MS), to: now };
}

/** M-Pesa lists a payment some minutes late, and its times are whole seconds. So the edges of a window are uncertain. */
const EDGE_TOLERANCE_MS = 60_000;
const LISTING_DELAY_MS = 15 * 60_000;

/** The inner part of a window. A payment of ours in it that M-Pesa did not list is a difference; at the edges it may just be late. */
export const reliableWindow = ({ from, to }: Window, source: "pull" | "statement"): Window =>
  source === "pull"
    ? { from: from + EDGE_TOLERANCE_MS, to: to - LISTING_DELAY_MS }
    : { from: from + EDGE_TOLERANCE_MS, to: to - EDGE_TOLERANCE_MS };
