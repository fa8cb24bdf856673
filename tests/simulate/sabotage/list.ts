import { mutations } from "../../mutate/list.ts";

/** A text of a source file that is replaced. */
export interface Change {
  /** As a path from the root. */
  readonly file: string;
  readonly text: string;
  readonly to: string;
}

/** A bug that is planted on purpose: the simulation must find it. */
export interface Sabotage {
  readonly name: string;
  /** What goes wrong, in one line. */
  readonly why: string;
  readonly changes: readonly Change[];
  /** Seeds that have shown it, which the tests try first. */
  readonly likely: readonly number[];
}

/** Bugs that are mutations of `tests/mutate/list`, by their ids there, and seeds that have shown them. */
const mutated: Readonly<Record<string, readonly [id: string, ...likely: number[]]>> = {
  "settle-without-guard": ["checkouts/transition-1", 4],
  "shop-not-told": ["checkouts/transition-5", 1],
  "no-answer-is-failed": ["checkouts/machine-evidence-5", 1],
  "never-expires": ["checkouts/follow-checkout-1", 1],
  "lost-callback-never-asked": ["checkouts/plan-5", 14],
  "open-prompt-is-failed": ["checkouts/query-attempt-1", 50],
  "one-transfer-twice": ["checkouts/merge-1", 5],
  "hundredfold-push": ["daraja/stk-5", 1],
  "push-sent-twice": ["daraja/stk-3", 13],
  "hundredfold-payment": ["payments/receive-confirmation-1", 1],
  "shillings-read-as-cents": ["daraja/money-1", 1],
  "first-notice-only": ["callbacks/inbox-3", 1],
  "ack-before-store": ["callbacks/accept-notice-1", 14],
  "query-ran-is-paid": ["callbacks/handlers-1", 3],
  "hundredfold-payout": ["payouts/send-7", 1],
  "payout-end-not-told": ["payouts/save-5", 1],
  "payout-failure-not-told": ["payouts/save-6", 6],
  "unclear-payout-sent-again": ["payouts/send-3", 25],
  "payout-without-id": ["daraja/payouts-1", 1],
  "unfound-payout-failed": ["payouts/settle-payout-4", 3],
  "unknown-error-is-refusal": ["daraja/error-codes-2", 3],
  "refund-without-cap": ["refunds/store-1", 18],
  "hundredfold-reversal": ["refunds/send-4", 14],
  "failed-refund-keeps-part": ["refunds/store-3", 25],
  "error-is-delivered": ["webhooks/answer-2", 6],
  "delivery-not-retried": ["webhooks/record-result-1", 6],
};

/** Bugs of what no mutation is about: retries and requests at once. */
const others: readonly Sabotage[] = [
  {
    name: "answers-mixed-up",
    why: "batches of one commit get each other's results",
    likely: [14],
    changes: [{
      file: "src/db/writer.ts",
      text: "settle(member, outcomes[i])",
      to: "settle(member, outcomes[outcomes.length - 1 - i])",
    }],
  },
  {
    name: "key-not-honoured",
    why: "a request that is repeated with its Idempotency-Key fails",
    likely: [1],
    changes: [{
      file: "src/http/idempotency.ts",
      text: 'error.rule.startsWith("idempotency_keys.")',
      to: 'error.rule.startsWith("nothing")',
    }],
  },
  {
    name: "conflict-not-retried",
    why: "of two writers of one row, one fails",
    likely: [8],
    changes: [{ file: "src/db/retry.ts", text: "!isConflict(error) || tries", to: "isConflict(error) || tries" }],
  },
];

/** All planted bugs. Errors: when a mutation is not in the list any more. */
export const sabotages: readonly Sabotage[] = [
  ...Object.entries(mutated).map(([name, [id, ...likely]]) => {
    const found = mutations.find((mutation) => mutation.id === id);
    if (found === undefined) throw new Error(`${name}: there is no mutation ${id}`);
    const { file, text, to, why } = found;
    return { name, why, changes: [{ file, text, to }], likely };
  }),
  ...others,
];

/** The planted bug of a name. Errors: where there is none. */
export function sabotageOf(name: string): Sabotage {
  const found = sabotages.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no planted bug ${name}; --list-sabotage names them.`);
  return found;
}
