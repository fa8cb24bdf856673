import { hasChanged } from "./has-changed.ts";

/** What every resource of the API has: a number that grows by one with each stored change, and when that was (ms). */
interface Versioned {
  readonly version: number;
  readonly created_at: number;
  readonly updated_at: number;
}

/**
 * The row as a change stores it: with the next version, or as it was if nothing changed. Views and events are made of this
 * row, so they show what is stored. A row that has its next version stays as it is.
 */
export function asStored<Row extends Versioned>(before: Row, after: Row, now: number): Row {
  if (after.version !== before.version) return after;
  if (!hasChanged(before, after)) return before;
  return { ...after, version: before.version + 1, updated_at: Math.max(before.created_at, now) };
}
