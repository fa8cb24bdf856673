import { script } from "../model/print.ts";
import type { Outcome } from "./run.ts";

const HOUR_MS = 3_600_000;

/** A run for people: what was planned, what went wrong on purpose, and which rules were broken. */
export function storyOf({ plan, faults, violations, steps, virtualMs, realMs }: Outcome): string {
  const hours = (virtualMs / HOUR_MS).toFixed(1);
  const happened = [...faults].map(([kind, n]) => `${kind} ${n}`).join(", ");
  return [
    `Seed ${plan.seed}: ${plan.processes} processes, ${hours} simulated hours in ${(realMs / 1_000).toFixed(2)} s, ` +
    `${steps} steps`,
    `faults: ${happened || "none"}`,
    ...plan.histories.flatMap((history, i) => [...(i === 0 ? [] : [`history ${i + 1}:`]), script(history)]),
    ...violations.map(({ rule, about, text }) => `NOT ALLOWED, ${rule} (${about}): ${text}`),
  ].join("\n");
}

/** One line about all runs so far. */
export function progressOf(
  outcomes: readonly Pick<Outcome, "virtualMs" | "faults" | "steps">[],
  all: number,
  failed: number,
  elapsedMs: number,
): string {
  const hours = outcomes.reduce((sum, { virtualMs }) => sum + virtualMs, 0) / HOUR_MS;
  const faults = outcomes.reduce((sum, each) => sum + [...each.faults.values()].reduce((a, b) => a + b, 0), 0);
  const seconds = elapsedMs / 1_000;
  return `${outcomes.length} of ${all} seeds, ${failed} failed; ${faults} faults; ` +
    `${Math.round(hours / seconds)} simulated hours a second, ${(outcomes.length / seconds).toFixed(1)} seeds a second`;
}
