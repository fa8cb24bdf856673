import type { Result } from "./run.ts";

/** The least share of mutations that must be noticed. */
const LEAST_SCORE = 0.95;

const isNoticed = ({ outcome }: Result): boolean => outcome === "noticed" || outcome === "hung";
const percent = (part: number, whole: number): string => `${(Math.floor(1_000 * part / whole) / 10).toFixed(1)} %`;

/** Whether the run is good: enough was noticed, and no survivor concerns money. */
export function isGood(results: readonly Result[]): boolean {
  const survivors = results.filter((result) => !isNoticed(result));
  const score = 1 - survivors.length / Math.max(1, results.length);
  return score >= LEAST_SCORE && survivors.every(({ mutation }) => !mutation.money);
}

/** A table with a line for each area, then the survivors with their text. */
export function report(results: readonly Result[]): string {
  const areas = Map.groupBy(results, ({ mutation }) => mutation.area);
  const lines = [...areas, ["all", [...results]] as const].map(([area, all]) => {
    const noticed = all.filter(isNoticed).length;
    const counts = [all.length, noticed, all.length - noticed].map((count) => String(count).padStart(9));
    return `${area.padEnd(18)}${counts.join("")}${percent(noticed, Math.max(1, all.length)).padStart(10)}`;
  });
  const survivors = results.filter((result) => !isNoticed(result)).map(({ mutation, outcome }) =>
    [
      `\n${mutation.id}${mutation.money ? " (money)" : ""}${outcome === "broken" ? " (no code)" : ""}: ${mutation.why}`,
      `  in ${mutation.file}`,
      `  - ${mutation.text}`,
      `  + ${mutation.to}`,
      `  not noticed by ${mutation.tests.join(" ")}`,
    ].join("\n")
  );
  const head = `${"area".padEnd(18)}${"mutants".padStart(9)}${"noticed".padStart(9)}${"survive".padStart(9)}${
    "score".padStart(10)
  }`;
  return [head, ...lines, ...survivors].join("\n");
}
