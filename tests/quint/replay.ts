import { isDeepStrictEqual } from "node:util";
import { CheckoutPlay } from "./checkout.ts";
import type { Step, Value } from "./itf.ts";
import { PayoutPlay } from "./payout.ts";
import type { Specification } from "./run-quint.ts";
import type { Stage } from "./stage.ts";

/** Where the service shows something else than the specification. */
export interface Difference {
  /** The steps up to and with the one after which they differ. */
  readonly steps: readonly string[];
  readonly expected: Value;
  readonly shown: Value;
}

const plays = { checkout: CheckoutPlay, payout: PayoutPlay } as const;

/** Plays a trace on the real service, and compares what the API shows after each step. Null: it is the same all along. */
export async function replay(name: Specification, stage: Stage, trace: readonly Step[]): Promise<Difference | null> {
  const play = new plays[name](stage);
  const steps: string[] = [];
  for (const step of trace) {
    steps.push(lineOf(step));
    try {
      await play.act(step);
    } catch (error) {
      return {
        steps,
        expected: "the step can be taken",
        shown: error instanceof Error ? error.message : String(error),
      };
    }
    const shown = await play.shown();
    if (!isDeepStrictEqual(shown, step.shown)) return { steps, expected: step.shown, shown };
  }
  return null;
}

function lineOf({ action, picks }: Step): string {
  const picked = Object.entries(picks).filter(([, value]) => value !== null);
  return [action, ...picked.map(([name, value]) => `${name}=${String(value)}`)].join(" ");
}

/** A difference as text. */
export const explain = ({ steps, expected, shown }: Difference): string =>
  [
    ...steps.map((line, n) => `${String(n).padStart(3)} ${line}`),
    `specified: ${JSON.stringify(expected)}`,
    `shown:     ${JSON.stringify(shown)}`,
  ].join("\n");
