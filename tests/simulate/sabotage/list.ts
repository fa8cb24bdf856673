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
}

/** The planted bugs, by name; each is a mutation of `tests/mutate/list`, given by its id. */
const planted: Readonly<Record<string, string>> = {
  "settle-without-guard": "checkouts/transition-1",
  "failed-outranks-paid": "checkouts/machine-evidence-4",
  "no-answer-is-failed": "checkouts/machine-evidence-5",
  "second-payment-matched": "checkouts/machine-status-7",
  "never-expires": "checkouts/follow-checkout-1",
  "lost-callback-never-asked": "checkouts/plan-5",
  "shop-not-told": "checkouts/transition-5",
  "open-prompt-is-failed": "checkouts/query-attempt-1",
  "hundredfold-push": "daraja/stk-5",
  "push-sent-twice": "daraja/stk-3",
  "ack-before-store": "callbacks/accept-notice-1",
  "ack-though-lost": "callbacks/accept-notice-2",
  "spilled-notice-thrown-away": "callbacks/accept-notice-4",
  "first-notice-only": "callbacks/inbox-3",
  "copy-processed-again": "callbacks/accept-notice-5",
  "no-takeover-after-crash": "jobs/store-5",
  "lease-not-fenced": "jobs/fence-1",
  "stale-run-ends-job": "jobs/store-1",
  "answer-lost-with-lease": "jobs/fence-3",
  "schedule-lost-while-running": "jobs/store-2",
  "failing-job-never-parked": "jobs/run-job-1",
  "claimed-by-two": "jobs/claim-1",
  "refund-without-cap": "refunds/store-1",
  "refund-not-stored-first": "refunds/send-1",
  "failed-refund-keeps-part": "refunds/store-3",
  "own-reversal-failed": "refunds/settle-refund-5",
  "unfound-reversal-failed": "refunds/settle-refund-6",
  "reversal-sent-again": "refunds/plan-2",
  "unclear-payout-unsent": "payouts/send-2",
  "payout-without-id": "daraja/payouts-1",
  "lost-answer-sent-again": "daraja/payouts-2",
  "lost-is-never-sent": "daraja/http-1",
  "html-is-refused": "daraja/error-codes-2",
  "delivery-not-retried": "webhooks/record-result-1",
  "error-is-delivered": "webhooks/answer-2",
  "refused-token-sent-again": "daraja/token-3",
};

/** All planted bugs. Errors: when a mutation is not in the list any more. */
export const sabotages: readonly Sabotage[] = Object.entries(planted).map(([name, id]) => {
  const found = mutations.find((mutation) => mutation.id === id);
  if (found === undefined) throw new Error(`${name}: there is no mutation ${id}`);
  const { file, text, to, why } = found;
  return { name, why, changes: [{ file, text, to }] };
});

/** The planted bug of a name. Errors: where there is none. */
export function sabotageOf(name: string): Sabotage {
  const found = sabotages.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no planted bug ${name}; --list-sabotage names them.`);
  return found;
}
