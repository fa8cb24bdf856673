const FIRST_RESEND_MS = 1_000;
const LONGEST_RESEND_MS = 300_000;
/** The longest part by which a poll comes later; see {@link jitter}. */
export const MAX_JITTER = 0.1;
/** A prime, so that ids which differ in one character get hashes that are far apart. */
const HASH_RANGE = 9973;

/** How long (ms) to wait after request number `n` (from 1) never left, before it is sent again: 1 s, doubled up to 5 min. */
export const resendDelayMs = (n: number): number =>
  Math.min(LONGEST_RESEND_MS, FIRST_RESEND_MS * 2 ** Math.min(n - 1, 20));

/**
 * The part, up to a tenth, by which poll number `poll` (from 0) of a row comes later. It is derived from the row's id,
 * so it is the same each time, and the rows of one batch are not all asked about at once.
 */
export function jitter(id: string, poll: number): number {
  let hash = poll + 1;
  for (let i = 0; i < id.length; i++) hash = (hash * 31 + id.charCodeAt(i)) % HASH_RANGE;
  return (hash / HASH_RANGE) * MAX_JITTER;
}
