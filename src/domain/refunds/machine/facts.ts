import type { InferSelectModel } from "drizzle-orm";
import type { payouts, refunds } from "../../../db/schema.ts";
import { RECEIPT_SHARED } from "../../settlement/evidence.ts";
import type { Failure } from "../../settlement/failure.ts";

export type Refund = InferSelectModel<typeof refunds>;
export type RefundStatus = Refund["status"];
/** One request for a reversal: what became of it, and its conversation id where that is known. */
export type Request = Refund["requests"][number];

/** What is known about a refund beyond its requests, as bits of `refunds.evidence`. Bits are stored: add, never change or reuse. */
export const Evidence = {
  /** Given back, by a result or a status query. */
  paid: 1 << 0,
  /** Given back, but with another amount, with fields that can't be read, or for another payment: quarantined. */
  mismatch: 1 << 1,
  queueTimeout: 1 << 2,
  /** A result whose code proves nothing. */
  unclear: 1 << 3,
  /** Transaction Status did not find it. */
  notFound: 1 << 4,
  /** No result came in time. */
  overdue: 1 << 5,
  /** Daraja is not asked any more; a person has to decide. */
  planEnded: 1 << 6,
  resolvedSucceeded: 1 << 7,
  resolvedFailed: 1 << 8,
  /** Given back under two receipts: the money may have left twice. */
  twice: 1 << 9,
  /** The payout that carries the refund was submitted, is in doubt, or ended without paying. */
  payoutSubmitted: 1 << 10,
  payoutInDoubt: 1 << 11,
  payoutFailed: 1 << 12,
  /** M-Pesa said "already reversed" while a request of ours had no clear answer: that request reversed the payment. */
  reversedByUs: 1 << 13,
  /** What callers see of a failure comes from a result, or from a refusal: the higher one wins. */
  failedByResult: 1 << 14,
  refused: 1 << 15,
  /** Somebody else reversed the payment, as M-Pesa's list shows: this refund gives nothing back. */
  takenBack: 1 << 16,
  receiptShared: RECEIPT_SHARED,
} as const;

/** Money that went back. */
export interface Paid {
  /** In cents; null where the source names none. */
  readonly amount: number | null;
  readonly receipt: string | null;
  /** ms since the epoch. */
  readonly at: number | null;
  /** The source is about another payment, or the receipt belongs to another refund. */
  readonly foreign: boolean;
  readonly conversation: string | null;
  readonly description: string;
}

/** What became of request number `n` (from 1). */
export type RequestFact =
  /** It certainly never left, or a rate limit turned it away. It may be sent again from `retryAt` (ms). */
  | { readonly kind: "unsent"; readonly n: number; readonly retryAt: number }
  | { readonly kind: "accepted"; readonly n: number; readonly conversation: string }
  | { readonly kind: "refused"; readonly n: number } & Failure
  /** Its answer was unclear, or the process died before the answer was stored: it may have been taken. */
  | { readonly kind: "ambiguous"; readonly n: number };

/** One thing that became known about a refund. */
export type Fact =
  | RequestFact
  /** Request number `n` (from 1) is about to leave. Stored before the call. */
  | { readonly kind: "started"; readonly n: number }
  /** A notice names this conversation, so one of the requests was taken. */
  | { readonly kind: "taken"; readonly conversation: string }
  | { readonly kind: "paid"; readonly paid: Paid }
  /** A source says given back, but its amount, its receipt or the payment can't be read. */
  | { readonly kind: "mismatch" }
  | { readonly kind: "failed" | "already"; readonly conversation: string | null } & Failure
  | { readonly kind: "unclear"; readonly resultCode: string; readonly description: string }
  | { readonly kind: "queue_timeout" | "overdue" | "not_found" | "plan_ended" | "polled" | "receipt_shared" }
  /** M-Pesa lists a reversal of the payment that no request of this refund asked for. */
  | { readonly kind: "taken_back" }
  | { readonly kind: "resolved"; readonly resolution: NonNullable<Refund["resolution"]> }
  /** The state of the payout that carries the refund. */
  | { readonly kind: "payout"; readonly payout: CarryingPayout };

export type CarryingPayout = Pick<InferSelectModel<typeof payouts>, "status" | "receipt" | "paid_at" | "failure">;
