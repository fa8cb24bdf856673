import fc from "fast-check";
import { DEPOSITS_FROM, historiesOf } from "./generate.ts";
import type { History } from "./history.ts";

/** The most plays of one shrinking; what it has by then is short enough to read. */
const MOST_PLAYS = 300;

/**
 * The shortest history that still shows what the history of `seed` shows: fast-check drops steps and simplifies values
 * as long as `shows` holds. Null where that history does not show it.
 */
export async function shortest(seed: number, shows: (history: History) => Promise<boolean>): Promise<History | null> {
  let plays = 0;
  const property = fc.asyncProperty(historiesOf(seed), async (history) => {
    if (plays++ > MOST_PLAYS) return true;
    return !(await shows(history));
  });
  const { counterexample } = await fc.check(property, { seed: seed % DEPOSITS_FROM, numRuns: 1 });
  return counterexample?.[0] ?? null;
}
