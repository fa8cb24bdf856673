import type { Stage } from "./stage.ts";

/** What was played, for the story at the end. */
export interface Played {
  readonly kind: "checkout" | "payout" | "payment";
  readonly id: string;
  readonly status: string;
}

export interface Scenario {
  /** What happens, for `trigger --list`. */
  readonly what: string;
  /** The state that it ends in, as the first word, and what else there is then. */
  readonly ends: string;
  /** How long it usually takes, s; half a minute if absent. */
  readonly seconds?: number;
  play(stage: Stage): Promise<Played>;
}

/** A prompt; the last four digits of the phone choose what the simulator does with it. */
const prompt = (lastFour: string | undefined, ends: string, what: string, seconds?: number): Scenario => ({
  what,
  ends,
  ...(seconds === undefined ? {} : { seconds }),
  async play(stage) {
    const { id } = await stage.prompt(lastFour);
    const { status } = await stage.ended(id);
    return { kind: "checkout", id, status };
  },
});

/** A prompt that a customer does not pay: the checkout stays open, for another try. */
const unpaid = (lastFour: string, what: string): Scenario => ({
  what,
  ends: "open",
  async play(stage) {
    const { id } = await stage.prompt(lastFour);
    const { status } = await stage.attemptEnded(id);
    return { kind: "checkout", id, status };
  },
});

const payout = (lastFour: string | undefined, ends: string, what: string, seconds?: number): Scenario => ({
  what,
  ends,
  ...(seconds === undefined ? {} : { seconds }),
  async play(stage) {
    const { id } = await stage.payOut(lastFour);
    const { status } = await stage.paidOut(id);
    return { kind: "payout", id, status };
  },
});

/** A customer pays by paybill; `part` is how much of the amount. */
const paybill = (ends: string, what: string, account: (own: string) => string, part = 1): Scenario => ({
  what,
  ends,
  async play(stage) {
    const { id, account_reference } = await stage.checkout();
    const shillings = Math.max(1, Math.floor(stage.shillings * part));
    await stage.paymentOf((await stage.payByHand(account(account_reference), shillings)).receipt);
    const { status } = part === 1 ? await stage.ended(id) : await stage.malipo.checkouts.get(id);
    return { kind: "checkout", id, status };
  },
});

/** The scenarios by their names. Most are faults that Daraja has shown (docs/daraja.md). */
export const scenarios: Readonly<Record<string, Scenario>> = {
  "paid": prompt(undefined, "succeeded", "a prompt is paid"),
  "callback-lost": prompt("9001", "succeeded", "the customer pays, and the callback never comes: asking finds it"),
  "callback-before-answer": prompt("9002", "succeeded", "the callback comes before Daraja answers the push"),
  "duplicate": prompt("9003", "succeeded", "the callback comes four times at once: one payment"),
  "late": prompt("9004", "succeeded", "the callback comes late, after queries that know nothing", 90),
  "wrong-amount": prompt("9005", "review", "the callback says one shilling more than was asked"),
  "connection-cut": prompt("9006", "succeeded", "the connection breaks after Daraja took the push"),
  "query-wavers": prompt("9007", "succeeded", "no callback, and queries contradict each other", 120),
  "query-refused": prompt("9008", "succeeded", "every query is refused as too many (429)"),
  "push-unanswered": {
    what: "an HTML 503 in answer to the push: nobody knows yet",
    ends: "pending, for 2 minutes; then open, and review when it expires",
    async play(stage) {
      const { id, status } = await stage.prompt("9009");
      return { kind: "checkout", id, status };
    },
  },
  "no-receipt": prompt("9010", "succeeded", "the callback says paid, without receipt and date"),
  "unknown-code": unpaid("9011", "a result code that is no number"),
  "query-says-cancelled": prompt("9012", "succeeded", "the query says cancelled, then the callback says paid"),
  "told-twice": prompt("9013", "succeeded", "the same money as a callback and as a paybill confirmation"),
  "cancelled": unpaid("1032", "the customer cancels the prompt"),
  "no-answer": unpaid("1037", "the phone does not answer"),
  "wrong-pin": unpaid("2001", "the customer enters a wrong PIN"),
  "no-funds": unpaid("0001", "the customer has too little money"),
  "paid-twice": {
    what: "the customer pays the prompt, and then the same again by paybill",
    ends: "succeeded, and a duplicate_payment",
    async play(stage) {
      const { id, account_reference } = await stage.prompt();
      const { status } = await stage.ended(id);
      await stage.paymentOf((await stage.payByHand(account_reference)).receipt);
      return { kind: "checkout", id, status };
    },
  },
  "paybill": paybill("succeeded", "the customer pays by paybill with the right account", (own) => own),
  "partial": paybill("open, with a partial payment", "the customer pays half by paybill", (own) => own, 0.5),
  "unmatched": {
    what: "the customer pays by paybill with an account that nobody knows",
    ends: "unmatched, until a person matches it",
    async play(stage) {
      const { receipt } = await stage.payByHand(`NOBODY${stage.reference.slice(-4)}`, stage.shillings);
      const payment = await stage.paymentOf(receipt);
      return { kind: "payment", id: payment.id, status: payment.status };
    },
  },
  "payout": payout(undefined, "succeeded", "a payout arrives"),
  "payout-result-lost": payout(
    "9014",
    "succeeded",
    "a payout arrives, and its result never comes: asking finds it",
    140,
  ),
  "payout-refused-but-sent": payout("9015", "succeeded", "Daraja says that it refused a payout that it has sent"),
  "payout-timeout": payout("9016", "succeeded", "Daraja says that the payout waited too long, then that it arrived"),
};
