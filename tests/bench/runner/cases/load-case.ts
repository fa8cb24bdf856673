import type { Figure } from "../../figure.ts";
import type { Case } from "../cases.ts";
import { costs, type Goals, latencies, middle, throughput } from "../figures.ts";
import { measure, type Workload } from "../measure.ts";
import { type Round, rounds } from "../rounds.ts";
import type { Bench } from "../stands.ts";

/** Connections of an ordinary load: enough that a group of commits has members, few enough for an ordinary shop. */
export const CONNECTIONS = 64;

/** How long it was busy still after the full load, where answers are not the end of it. */
function rest(title: string, on: string, list: readonly Round[]): readonly Figure[] {
  const value = middle(list, ({ product }) => product.restMs);
  return value === 0 ? [] : [{ name: `${title}, all done after full load`, on, value, unit: "ms" }];
}

interface Shape {
  readonly name: string;
  /** What the figures call it. */
  readonly title: string;
  readonly goals: Goals;
  readonly env?: Readonly<Record<string, string>>;
  workload(bench: Bench): Promise<Workload> | Workload;
}

/** A case of requests that are done when they are answered: full load, then half of it at fixed times. */
export const loadCase = ({ name, title, goals, env = {}, workload }: Shape): Case => ({
  name,
  async run(options) {
    const figures = [];
    for (const place of options.places) {
      const list = await rounds(options, place, {
        name,
        withFloor: true,
        setUp: () => ({ env }),
        measure: async (bench, perSecond) => await measure(bench, await workload(bench), options.seconds, perSecond),
      });
      figures.push(
        ...throughput(title, place.name, list, goals),
        ...latencies(title, place.name, list, goals),
        ...costs(title, place.name, list, goals),
        ...rest(title, place.name, list),
      );
    }
    return figures;
  },
});

/** Numbers that no two requests of a stand share. */
export function counter(): (many: number) => readonly number[] {
  let next = 1;
  return (many) => Array.from({ length: many }, () => next++);
}
