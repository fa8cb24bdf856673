/** A job that failed this many times is dead: parked, alerted, retried by a person. */
export const MOST_RUNS = 12;

/** ms until the next run after `attempts` failed ones: doubling from 0.5 s to 10 min, with a fifth of jitter. */
export function backoff(attempts: number): number {
  const base = Math.min(600_000, 500 * 2 ** Math.min(attempts - 1, 20));
  return Math.round(base * (0.9 + Math.random() * 0.2));
}
