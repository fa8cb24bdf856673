import type { History } from "./history.ts";
import type { RuleName, Violation } from "./rules/violation.ts";

/**
 * A fault of the product that the model found and that is not mended yet. Whoever mends one removes its entry here: the
 * test fails when an entry's history no longer shows it. The history stays, and must then show nothing.
 */
export interface Known {
  /** The item of issue 13, or `N` and a number where the issue does not name it. */
  readonly item: string;
  readonly what: string;
  readonly stories: readonly Story[];
  /** Whether a violation is this fault, or follows from it. */
  readonly explains: (violation: Violation, history: History, all: readonly Violation[]) => boolean;
}

/** A history in `histories/` that shows it, and the rule that it breaks. */
export interface Story {
  /** The seed whose shortest history it is; null: written by hand. */
  readonly seed: number | null;
  readonly file: string;
  readonly rule: RuleName;
}

export const KNOWN: readonly Known[] = [];
