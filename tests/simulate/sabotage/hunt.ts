import { Crew } from "../crew.ts";
import { firstFaults } from "../faults.ts";
import { planOf } from "../plan.ts";
import { simulate } from "../run.ts";
import { bundleWith } from "./bundle.ts";
import { type Sabotage, sabotageOf, sabotages } from "./list.ts";

/** In so many seeds a planted bug is found. */
export const MOST_SEEDS = 40;

/** What a hunt for one planted bug gave. `seed` is null where it was not found. */
export interface Hunt {
  readonly name: string;
  readonly seed: number | null;
  /** The rule that it breaks, and how. */
  readonly shows: string;
}

/** Runs seeds with a planted bug, until one of them breaks a rule: first those of `likely`, then all from 1 on. */
export async function hunt(sabotage: Sabotage, likely: readonly number[] = []): Promise<Hunt> {
  const release = await bundleWith(sabotage);
  for (const seed of [...likely, ...Array.from({ length: MOST_SEEDS }, (_, i) => i + 1)]) {
    const plan = planOf(seed);
    const faults = plan.faults.filter((kind) => firstFaults.includes(kind));
    const { violations: [first] } = await simulate({ ...plan, faults }, { release });
    if (first !== undefined) return { name: sabotage.name, seed, shows: `${first.rule}: ${first.text.slice(0, 100)}` };
  }
  return { name: sabotage.name, seed: null, shows: "" };
}

/** Hunts one planted bug, or `all`, so many at once; prints the table. Answers whether each was found. */
export async function huntAll(name: string, jobs: number, print: (line: string) => void): Promise<boolean> {
  const all = name === "all" ? sabotages : [sabotageOf(name)];
  let isFound = true;
  const crew = new Crew(Math.min(jobs, all.length));
  await crew.hunts(all.map((sabotage) => sabotage.name), false, ({ name, seed, shows }) => {
    isFound &&= seed !== null;
    const where = seed === null ? `NOT found in ${MOST_SEEDS} seeds` : `seed ${String(seed).padStart(2)}`;
    print(`${name.padEnd(30)} ${where}  ${shows || sabotageOf(name).why}`);
  });
  await crew.end();
  return isFound;
}
