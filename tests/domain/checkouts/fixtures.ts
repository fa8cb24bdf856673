import fc from "fast-check";
import {
  addPaybillPayment,
  type Aggregate,
  applyFact,
  type Attempt,
  cancel,
  expire,
  type Fact,
  type Payment,
} from "../../../src/domain/checkouts/machine.ts";

/** Anything that may become known about one checkout, as values that a test can shuffle, leave out and repeat. */
export type News =
  | { readonly kind: "learn"; readonly attempt: number; readonly fact: Fact }
  | {
    readonly kind: "confirmation";
    readonly receipt: string;
    readonly amount: number;
    readonly paidAt?: number | null;
  }
  | { readonly kind: "expire" | "cancel" };

export const AMOUNT = 150_000;
export const STARTED = 1_795_000_000_000;
const EXPIRES = STARTED + 30 * 60_000;

export const attemptId = (index: number): string => `att_${index}`;

/** A checkout with attempts about which nothing is known yet. */
export function checkoutWithAttempts(count: number): Aggregate {
  return {
    checkout: {
      id: "chk_1",
      merchant_id: "mer_1",
      shortcode_id: "sho_1",
      status: count === 0 ? "open" : "pending",
      amount: AMOUNT,
      currency: "KES",
      reference: "order-1",
      account_reference: "INV1",
      account_key: "INV1",
      description: "Payment",
      return_url: null,
      metadata: {},
      expires_at: EXPIRES,
      cancelled_at: null,
      expired_at: null,
      amount_allocated: 0,
      amount_lost: 0,
      created_at: STARTED,
      updated_at: STARTED,
      version: 1,
      amount_received: 0,
      partial: "collect",
      split: false,
      overpayment: "park",
      overpayment_within: 0,
      items: [],
      possible_duplicate_of: null,
    },
    attempts: Array.from({ length: count }, (_, index) => newAttempt(index)),
    payments: [],
  };
}

export const newAttempt = (index: number): Attempt => ({
  id: attemptId(index),
  checkout_id: "chk_1",
  status: "pending",
  phone: new Uint8Array(1),
  phone_index: new Uint8Array(16),
  phone_masked: "2547•••••678",
  evidence: 0,
  request_ids: null,
  failure: null,
  result_code: null,
  result_description: null,
  polls: 0,
  created_at: STARTED + index,
  accepted_at: null,
  ended_at: null,
  version: 1,
  amount: null,
});

export const confirmedPayment = (receipt: string, amount = AMOUNT, checkout: string | null = "chk_1"): Payment => ({
  id: `pay_c2b_${receipt}`,
  merchant_id: "mer_1",
  shortcode_id: "sho_1",
  checkout_id: checkout,
  attempt_id: null,
  receipt,
  receipt_source: "notice",
  uploaded: false,
  channel: "c2b",
  status: checkout === null ? "unmatched" : "partial",
  amount,
  currency: "KES",
  account_reference: "INV1",
  phone: null,
  payer_name: null,
  paid_at: null,
  created_at: STARTED,
  updated_at: STARTED,
  version: 1,
  amount_refunded: 0,
  account_key: "INV1",
  amount_promised: 0,
  amount_taken_back: 0,
  allocations: null,
  unproven: null,
});

/** A paid result. {@link applyNews} sets the id of the payment. */
export const paidFact = (
  amount: number | null,
  receipt: string | null,
  via: "callback" | "query" = "callback",
): Fact => ({
  kind: "paid",
  via,
  paid: { paymentId: "", amount, receipt, paidAt: null, phone: null },
});

export const failedFact = (code: string, via: "callback" | "query" = "callback"): Fact => ({
  kind: "failed",
  via,
  failure: "cancelled_by_customer",
  resultCode: code,
  description: code,
});

/** Applies news to a state one after the other, within a few seconds. A payment gets the number of its step as its id. */
export function applyNews(state: Aggregate, news: readonly News[], firstStep = state.payments.length * 100): Aggregate {
  return news.reduce((before, piece, index) => {
    const step = firstStep + index;
    const now = STARTED + 1_000 + step;
    switch (piece.kind) {
      case "learn":
        return applyFact(before, attemptId(piece.attempt), withId(piece.fact, step), now);
      case "confirmation":
        return addPaybillPayment(before, {
          ...confirmedPayment(piece.receipt, piece.amount),
          id: `pay_${step}`,
          paid_at: piece.paidAt ?? null,
          created_at: now,
        }, now);
      case "expire":
        return expire(before, EXPIRES);
      case "cancel":
        return cancel(before, now);
    }
  }, state);
}

const withId = (fact: Fact, step: number): Fact =>
  fact.kind === "paid" ? { ...fact, paid: { ...fact.paid, paymentId: `pay_${step}` } } : fact;

const refused: Fact = {
  kind: "refused",
  failure: "daraja_unreachable",
  resultCode: null,
  description: "The request never left.",
};

/** What may become known about one attempt. Its callback names its own receipt or none, or another amount. */
function newsOfAttempt(attempt: number): News[] {
  const receipt = `STK${attempt}`;
  const facts: Fact[] = [
    { kind: "accepted", requestIds: new Uint8Array(1) },
    refused,
    failedFact("1032"),
    failedFact("2001"),
    failedFact("1037", "query"),
    { kind: "plan_ended" },
    paidFact(null, null, "query"),
    paidFact(AMOUNT, receipt),
    paidFact(AMOUNT, null), // 9010
    paidFact(AMOUNT + 100, receipt), // 9005
    { kind: "unreadable" },
  ];
  const views: News[] = [{ kind: "confirmation", receipt, amount: AMOUNT }]; // 9013
  return [...facts.map((fact) => ({ kind: "learn" as const, attempt, fact })), ...views];
}

const common: readonly News[] = [
  { kind: "expire" },
  { kind: "cancel" },
  { kind: "confirmation", receipt: "PAYBILL1", amount: AMOUNT },
  { kind: "confirmation", receipt: "PAYBILL2", amount: AMOUNT },
  { kind: "confirmation", receipt: "PART1", amount: AMOUNT - 100 },
  { kind: "confirmation", receipt: "PART2", amount: 100 },
];

/** All news that there may be about a checkout with so many attempts. */
export const allNews = (attempts: number): readonly News[] => [
  ...Array.from({ length: attempts }, (_, index) => newsOfAttempt(index)).flat(),
  ...common,
];

export interface Case {
  readonly attempts: number;
  readonly news: readonly News[];
}

/** News of 0 to 3 attempts: any subset, in any order, with repetitions. */
export const cases: fc.Arbitrary<Case> = fc.integer({ min: 0, max: 3 }).chain((attempts) => {
  const all = [...common, ...Array.from({ length: attempts }, (_, index) => newsOfAttempt(index)).flat()];
  return fc.array(fc.constantFrom(...all), { maxLength: 16, size: "max" }).map((news) => ({ attempts, news }));
});
