const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Safaricom keeps 48 h (daraja.md section 7.9); a little less, since the pages of a long answer take time to ask for.
 */
export const MAX_WINDOW_MS = 48 * HOUR_MS - 10 * 60_000;
/** What a scheduled one looks at again of the one before: M-Pesa lists some payments late. */
const OVERLAP_MS = 2 * HOUR_MS;

/** A span of time, ms since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The newest scheduled reconciliations that were completed: where the last one ended, when one last covered all 48 h. */
export interface LastRuns {
  readonly lastEnd: number | null;
  readonly lastFullAt: number | null;
}

/** What the next scheduled reconciliation looks at: from before the last one's end on, and once a day all that there is. */
export function nextWindow(now: number, { lastEnd: until, lastFullAt: fullAt }: LastRuns): Window {
  const earliest = now - MAX_WINDOW_MS;
  const full = until === null || fullAt === null || now - fullAt >= DAY_MS;
  return { from: full ? earliest : Math.max(earliest, Math.min(until, now) - OVERLAP_MS), to: now };
}

/** M-Pesa may list a payment some minutes late, and its times are whole seconds. */
const EDGE_TOLERANCE_MS = 60_000;
const LISTING_DELAY_MS = 15 * 60_000;

/** Where a payment of ours that M-Pesa did not name is a difference, and not just at the edge. */
export const reliableWindow = ({ from, to }: Window, source: "pull" | "statement"): Window =>
  source === "pull"
    ? { from: from + EDGE_TOLERANCE_MS, to: to - LISTING_DELAY_MS }
    : { from: from + EDGE_TOLERANCE_MS, to: to - EDGE_TOLERANCE_MS };
