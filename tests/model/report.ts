import type { History } from "./history.ts";
import { KNOWN, type Known } from "./known.ts";
import { script } from "./print.ts";
import type { Violation } from "./rules/violation.ts";
import { shortest } from "./search.ts";
import type { Theatre } from "./theatre.ts";

/** What a history showed: known faults, and what no entry of KNOWN explains. */
export interface Verdict {
  readonly known: ReadonlySet<Known>;
  readonly unknown: readonly Violation[];
}

export function verdictOf(violations: readonly Violation[], history: History): Verdict {
  const known = new Set<Known>();
  const unknown: Violation[] = [];
  for (const violation of violations) {
    const entry = KNOWN.find((k) => k.explains(violation, history, violations));
    if (entry === undefined) unknown.push(violation);
    else known.add(entry);
  }
  return { known, unknown };
}

/** Plays one history, which is that of `seed`. */
export async function verdict(theatre: Theatre, history: History, seed?: number): Promise<Verdict> {
  return verdictOf(await theatre.violations(history, seed), history);
}

/** The shortest history of a seed that shows an unknown violation of one rule, as a text for people. */
export async function explain(theatre: Theatre, seed: number, rule: string): Promise<string> {
  const history = await shortest(
    seed,
    async (one) => (await verdict(theatre, one)).unknown.some((v) => v.rule === rule),
  );
  if (history === null) return `seed ${seed} shows ${rule} only together with what was played before it`;
  const { unknown } = await verdict(theatre, history);
  return [
    `Seed ${seed} shows ${rule}. Its shortest history:`,
    script(history),
    ...linesOf(unknown),
    `Play it again: deno task model --seed ${seed} --count 1`,
    JSON.stringify(history),
  ].join("\n");
}

export const linesOf = (violations: readonly Violation[]): string[] => [
  ...new Set(violations.map(({ rule, about, text }) => `  not allowed, ${rule} (${about}): ${text}`)),
];
