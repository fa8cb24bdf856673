import type { InferSelectModel } from "drizzle-orm";
import type { Approval, payouts } from "../../../db/schema.ts";
import { RECEIPT_SHARED } from "../../settlement/evidence.ts";
import type { Failure } from "../../settlement/failure.ts";

export type Payout = InferSelectModel<typeof payouts>;
export type PayoutStatus = Payout["status"];

/** What is known about a payout, as bits of `payouts.evidence`. Bits are stored: add, never change or reuse. */
export const Evidence = {
  approved: 1 << 0,
  rejected: 1 << 1,
  cancelled: 1 << 2,
  /** Daraja took the request. */
  accepted: 1 << 3,
  /** Daraja refused one request, so that one was certainly not taken. */
  refused: 1 << 4,
  /** A request may have been taken: its answer was unclear, or the process died before the answer was stored. */
  ambiguous: 1 << 5,
  /** Daraja knows the id already, so an earlier request was taken. */
  duplicate: 1 << 6,
  /** Paid. The source named the amount that was asked, or none. */
  paid: 1 << 7,
  /** Paid, but with another amount, with fields that can't be read, or with the receipt of another payout: quarantined. */
  mismatch: 1 << 8,
  failedByResult: 1 << 9,
  failedByStatus: 1 << 10,
  /** A result whose code proves nothing. */
  unclear: 1 << 11,
  queueTimeout: 1 << 12,
  /** Transaction Status did not find it. */
  notFound: 1 << 13,
  /** No result came in time. */
  overdue: 1 << 14,
  /** Daraja is not asked any more; a person has to decide. */
  planEnded: 1 << 15,
  resolvedSucceeded: 1 << 16,
  resolvedFailed: 1 << 17,
  /** Paid under two receipts: the money may have left twice. */
  twice: 1 << 18,
  receiptShared: RECEIPT_SHARED,
  /** What was to be sent is not what was approved. It is not sent any more. */
  altered: 1 << 20,
  /** The payee's name is another one than the caller gave, so it is not sent until a person confirms the name. */
  nameMismatch: 1 << 21,
  nameConfirmed: 1 << 22,
  /** Safaricom was asked for the payee's name, with or without an answer. */
  nameChecked: 1 << 23,
} as const;

/** Money that left. */
export interface Paid {
  /** In cents; null where the source names none. */
  readonly amount: number | null;
  readonly receipt: string | null;
  /** ms since the epoch. */
  readonly paidAt: number | null;
  /** The receipt belongs to another payout. */
  readonly foreign: boolean;
  /** M-Pesa's fee in cents, where the source names it. */
  readonly fee?: number | null;
  readonly description: string;
}

/** What became of a request that was sent. */
export type RequestFact =
  /** Request number `n` certainly never left, or a rate limit turned it away. It may be sent again from `retryAt` (ms). */
  | { readonly kind: "unsent"; readonly n: number; readonly retryAt: number }
  | {
    readonly kind: "accepted";
    /** The request that was answered; left out where a notice says that one was taken. */
    readonly n?: number;
    readonly conversationId: string;
    readonly originatorId: string | null;
  }
  | { readonly kind: "refused" } & Failure
  | { readonly kind: "ambiguous" | "duplicate" };

/** One thing that became known about a payout. */
export type Fact =
  | RequestFact
  | { readonly kind: "approved"; readonly approval: Approval }
  | { readonly kind: "rejected"; readonly by: string; readonly reason: string }
  /** Request number `n` (from 1) is about to leave. Stored before the call. */
  | { readonly kind: "started"; readonly n: number }
  | {
    readonly kind: "cancelled" | "queue_timeout" | "overdue" | "plan_ended" | "polled" | "receipt_shared" | "altered";
  }
  | { readonly kind: "paid"; readonly paid: Paid }
  /** A source says paid, but its amount or receipt can't be read. */
  | { readonly kind: "mismatch" }
  | { readonly kind: "failed"; readonly via: "result" | "status" } & Failure
  | { readonly kind: "unclear"; readonly resultCode: string; readonly description: string }
  | { readonly kind: "not_found" }
  | { readonly kind: "name_mismatch" | "name_checked" }
  | { readonly kind: "name_confirmed"; readonly by: string }
  | { readonly kind: "resolved"; readonly resolution: NonNullable<Payout["resolution"]> };
