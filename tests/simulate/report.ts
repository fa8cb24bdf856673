import { script } from "../model/print.ts";
import { allFaults } from "./faults.ts";
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

/** Of each kind of fault, in how many runs it happened, and how often in all of them. */
export function faultTable(outcomes: readonly Pick<Outcome, "faults">[]): string {
  const width = Math.max(...allFaults.map((kind) => kind.length));
  const rows = allFaults.map((kind) => {
    const counts = outcomes.flatMap(({ faults }) => faults.get(kind) ?? []);
    const times = counts.reduce((a, b) => a + b, 0);
    return `${kind.padEnd(width)} ${String(counts.length).padStart(6)} ${String(times).padStart(8)}`;
  });
  return [`${"fault".padEnd(width)} ${"seeds".padStart(6)} ${"times".padStart(8)}`, ...rows].join("\n");
}

/** One hash of the histories of all seeds, in the order of the seeds. */
export async function hashOf(outcomes: readonly Pick<Outcome, "plan" | "hash">[]): Promise<string> {
  const sorted = outcomes.toSorted((a, b) => a.plan.seed - b.plan.seed);
  const text = sorted.map(({ plan, hash }) => `${plan.seed} ${hash}`).join("\n");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex().slice(0, 32);
}
