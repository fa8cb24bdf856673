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

const isOneOf = (violation: Violation, ...rules: readonly RuleName[]): boolean => rules.includes(violation.rule);
const some = (all: readonly Violation[], ...rules: readonly RuleName[]): boolean =>
  all.some((violation) => isOneOf(violation, ...rules));

/** Whether a statement was uploaded that lists another place's transfers, or other amounts. */
const hasWrongUpload = ({ people }: History): boolean =>
  people.some((a) =>
    a.do === "import" && (a.amount !== null || a.of !== (a.merchant === "X" ? 0 : 2) + (a.till ? 1 : 0))
  );

/** Whether money may come that only the account names: by hand, or for one of several checkouts of one account. */
function isOnlyNamed({ checkouts, walkIns }: History): boolean {
  const names = checkouts.filter(({ place }) => !isTill(place)).map(({ place, account }) => `${place} ${account}`);
  return walkIns.some(({ place }) => !isTill(place)) || new Set(names).size < names.length;
}

const hasOtherAmount = ({ checkouts }: History): boolean =>
  checkouts.some(({ prompts }) => prompts.some(({ told }) => told.some(({ form }) => form === "other_amount")));

/** The rules that money at the wrong place, or with the wrong amount, breaks one after the other. */
const followsFromUpload = (violation: Violation): boolean =>
  !isOneOf(violation, "sent_while_paused", "hidden_overpayment", "another_account", "repeated_event", "service_failed");

export const KNOWN: readonly Known[] = [
  {
    item: "A5",
    what:
      "A receipt of an uploaded statement is believed before Daraja's own word, whatever place and amount it names.",
    stories: [
      { seed: 9, file: "A5.json", rule: "wrong_merchant_or_shortcode" },
      { seed: 7, file: "A5-amount.json", rule: "wrong_amount" },
      { seed: 3007, file: "A5-strangers.json", rule: "stranger_sees" },
    ],
    explains: (violation, history) => hasWrongUpload(history) && followsFromUpload(violation),
  },
  {
    item: "A2",
    what: "A payment that no transfer of its own stands for is refunded.",
    stories: [
      { seed: 41, file: "A2.json", rule: "refund_without_money" },
    ],
    explains: (violation, _, all) =>
      isOneOf(violation, "refund_without_money") ||
      (isOneOf(violation, "went_back_too_often", "held_differs") && some(all, "refund_without_money")),
  },
  {
    item: "A1",
    what: "Money that a query calls paid is counted again when its receipt arrives.",
    stories: [
      { seed: 2157, file: "A1.json", rule: "counted_twice" },
      { seed: 10, file: "A1-one.json", rule: "counted_twice" },
    ],
    explains: (violation, _, all) =>
      isOneOf(violation, "counted_twice") ||
      (isOneOf(violation, "ledger_differs", "held_differs", "depends_on_order") && some(all, "counted_twice")),
  },
  {
    item: "A3",
    what: "At a till a guess is kept when a callback disproves it, and money goes back on its word.",
    stories: [
      { seed: null, file: "A3.json", rule: "another_checkouts_money" },
      { seed: null, file: "A3-stranger.json", rule: "went_to_stranger" },
    ],
    explains: (violation, _, all) =>
      (isOneOf(violation, "another_checkouts_money", "went_to_stranger", "paid_by_nothing") &&
        violation.till === true) ||
      (isOneOf(violation, "depends_on_order") && all.some((v) => v.rule === "depends_on_order" && v.till === true)),
  },
  {
    item: "A4",
    what: "Money that settled another checkout stays there when a callback proves whose it is.",
    stories: [
      { seed: 311, file: "A4.json", rule: "another_checkouts_money" },
    ],
    explains: (violation, _, all) =>
      isOneOf(violation, "another_checkouts_money") ||
      (isOneOf(violation, "paid_and_not_shown", "depends_on_order") && some(all, "another_checkouts_money")),
  },
  {
    item: "A4",
    what: "12/3 pays the checkout of 1/23, because separators between digits are dropped.",
    stories: [
      { seed: 7, file: "A4-account.json", rule: "another_account" },
    ],
    explains: (violation, _, all) =>
      isOneOf(violation, "another_account") ||
      (isOneOf(violation, "depends_on_order") && some(all, "another_account")),
  },
  {
    item: "C9",
    what: "Money that is under refund, or went back, still pays a checkout.",
    stories: [
      { seed: 733, file: "C9.json", rule: "false_success_event" },
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
