import type { Seen, SeenPayment } from "../seen.ts";
import type { Checkout, Claim, Out, Transfer, Truth } from "../truth.ts";

/** What a rule says was not allowed. */
export interface Violation {
  readonly rule: RuleName;
  /** What it is about, by the labels of the history. */
  readonly about: string;
  readonly text: string;
  /** The place it happened at, where it is about one. */
  readonly till?: boolean;
}

/** Every rule of the model; README.md says what each means. */
export const ruleNames = [
  "money_lost",
  "counted_twice",
  "wrong_amount",
  "wrong_merchant_or_shortcode",
  "stranger_sees",
  "paid_by_nothing",
  "another_checkouts_money",
  "another_account",
  "paid_and_not_shown",
  "matched_too_much",
  "asked_otherwise",
  "received_differs",
  "stuck",
  "went_back_too_often",
  "went_to_stranger",
  "refund_without_money",
  "hidden_overpayment",
  "held_differs",
  "wrong_outcome",
  "not_taken_back",
  "sent_while_paused",
  "account_differs",
  "account_overdrawn",
  "early_is_duplicate",
  "prompted_again",
  "ledger_differs",
  "false_success_event",
  "repeated_event",
  "event_missing",
  "notice_lost",
  "depends_on_order",
  "service_failed",
] as const;
export type RuleName = typeof ruleNames[number];

/** A history that was played, as the rules look at it. */
export interface Played {
  readonly truth: Truth;
  readonly seen: readonly Seen[];
  /** Events of log lines with level alert. */
  readonly alerts: readonly { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[];
  /** Where M-Pesa tells what became of a refund by reversal: one address for each key that has signed any. */
  readonly resultUrlsOf: (refundId: string) => readonly string[];
  /** Answers of 5xx, and jobs that gave up. */
  readonly failures: readonly string[];
  /** How long (ms) after M-Pesa has said something the service may still not act on it. */
  readonly graceMs: number;
  /** By how much (ms) the times that the service shows may differ from the true ones, and from each other. */
  readonly clocksMs: number;
}

export type Rule = (played: Played) => Violation[];

export const transferOf = (truth: Truth, receipt: string | null): Transfer | undefined =>
  receipt === null ? undefined : truth.transfers.find((t) => t.receipt === receipt);

/** What a file claims of this payment's receipt at its shortcode. */
export const claimOf = (truth: Truth, { receipt, shortcode, amount }: SeenPayment): Claim | undefined =>
  truth.claims.find((c) => c.receipt === receipt && c.place.number === shortcode && c.amount === amount);

/** The reversal by somebody else of the transfer with this receipt. */
export const takenBack = (truth: Truth, receipt: string | null): Out | undefined =>
  receipt === null ? undefined : truth.outs.find(({ isForeign, of }) => isForeign && of?.receipt === receipt);

export const checkoutOf = (truth: Truth, id: string | null): Checkout | undefined =>
  truth.checkouts.find((c) => c.id === id);

export const kes = (cents: number): string => `KES ${cents / 100}`;

/**
 * A payment without a receipt that may stay: a person put money that may be its own to another checkout or an account,
 * and no callback has contradicted the person. Nobody can know then that no further receipt will come.
 */
export function isLeftByHand({ truth, seen }: Played, payment: SeenPayment): boolean {
  const checkout = checkoutOf(truth, payment.checkout);
  if (payment.receipt !== null || checkout === undefined) return false;
  const all = seen.flatMap((own) => own.payments);
  return truth.deeds.some((deed) => {
    const isMoved = (deed.kind === "match" && deed.checkout !== checkout.id) ||
      (deed.kind === "allocate" && deed.places?.some((place) => place !== checkout.id));
    if (!isMoved) return false;
    const transfer = transferOf(truth, all.find(({ id }) => id === deed.payment)?.receipt ?? null);
    return transfer !== undefined && transfer.place === checkout.place && transfer.amount === payment.amount &&
      !transfer.told.has("callback");
  });
}

/** Whether a person has put this payment to this checkout or account, or a part of it. */
export const isByHand = ({ truth }: Pick<Played, "truth">, payment: string, place: string): boolean =>
  truth.deeds.some((deed) =>
    deed.payment === payment &&
    ((deed.kind === "match" && deed.checkout === place) || (deed.kind === "allocate" && deed.places?.includes(place)))
  );

/** What of a payment is still the merchant's: the amount less what went back, is going back or was taken back. */
export function heldOf(
  { refunds }: Seen,
  { id, amount, amount_refunded: given, amount_taken_back: taken }: SeenPayment,
): number {
  const promised = refunds.filter((r) => r.payment === id && r.status !== "succeeded" && r.status !== "failed")
    .reduce((sum, refund) => sum + refund.amount, 0);
  return Math.max(0, amount - given - promised - taken);
}

/** What a checkout or an account has of a payment: what goes back takes the last parts first. */
export function partAt(own: Seen, payment: SeenPayment, place: string): number {
  let left = heldOf(own, payment);
  let part = 0;
  for (const { checkout, account, amount } of payment.allocations) {
    const here = Math.min(left, amount);
    left -= here;
    if (checkout === place || account === place) part += here;
  }
  return part;
}

/** What accounts have applied to a checkout. */
export const appliedTo = ({ accounts }: Seen, checkout: string): number =>
  accounts.reduce((sum, { applied }) => sum + (applied.get(checkout) ?? 0), 0);
