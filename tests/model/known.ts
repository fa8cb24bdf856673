import { type History, isTill } from "./history.ts";
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

const some = (all: readonly Violation[], ...rules: readonly RuleName[]): boolean =>
  all.some((violation) => isOneOf(violation, ...rules));

const isOneOf = (violation: Violation, ...rules: readonly RuleName[]): boolean => rules.includes(violation.rule);
/** Whether money may come that only the account names: by hand, or for one of several checkouts of one account. */
function isOnlyNamed({ checkouts, walkIns }: History): boolean {
  const names = checkouts.filter(({ place }) => !isTill(place)).map(({ place, account }) => `${place} ${account}`);
  return walkIns.some(({ place }) => !isTill(place)) || new Set(names).size < names.length;
}

const hasOtherAmount = ({ checkouts }: History): boolean =>
  checkouts.some(({ prompts }) => prompts.some(({ told }) => told.some(({ form }) => form === "other_amount")));

export const KNOWN: readonly Known[] = [
  {
    item: "C9",
    what: "Money that is under refund, or went back, still pays a checkout.",
    stories: [
      { seed: null, file: "C9-part.json", rule: "false_success_event" },
    ],
    explains: (violation) => isOneOf(violation, "false_success_event"),
  },
  {
    item: "C10",
    what: "A refund that M-Pesa called failed, and that was done after all, hides that more went back than was paid.",
    stories: [
      { seed: 298, file: "C10.json", rule: "hidden_overpayment" },
      { seed: 1674, file: "C10-ledger.json", rule: "ledger_differs" },
    ],
    explains: (violation, _, all) =>
      isOneOf(violation, "hidden_overpayment") ||
      (isOneOf(violation, "ledger_differs") && some(all, "hidden_overpayment")),
  },
  {
    item: "C11",
    what: "The kill switch does not stop reversals.",
    stories: [
      { seed: 183, file: "C11.json", rule: "sent_while_paused" },
    ],
    explains: (violation) => isOneOf(violation, "sent_while_paused"),
  },
  {
    item: "N1",
    what: "After a callback that names another amount, the order of notices decides what the checkout ends as.",
    stories: [
      { seed: 2042, file: "N1.json", rule: "depends_on_order" },
    ],
    explains: (violation, history) => isOneOf(violation, "depends_on_order") && hasOtherAmount(history),
  },
  {
    item: "N2",
    what:
      "Money that only its account names finds its checkout, stays unmatched or is a duplicate, by which notice came first.",
    stories: [
      { seed: 98, file: "N2.json", rule: "depends_on_order" },
    ],
    explains: (violation, history) => isOneOf(violation, "depends_on_order") && isOnlyNamed(history),
  },
];
