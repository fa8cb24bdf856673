import type { InferSelectModel } from "drizzle-orm";
import type { FailureCode } from "../../daraja/codes.ts";
import type { payouts } from "../../db/schema.ts";

/**
 * The life of a payout as a join: each thing learnt is a fact, facts add up to the same state in any order and any
 * number, and paid is the top (design.md section 5). Nothing here does I/O.
 */
export type Payout = InferSelectModel<typeof payouts>;
export type PayoutStatus = Payout["status"];

/** What a payout has been told, as bits of `payouts.evidence`. */
export const Evidence = {
  approved: 1 << 0,
  rejected: 1 << 1,
  cancelled: 1 << 2,
  /** Daraja took the request. */
  accepted: 1 << 3,
  /** Daraja refused one request, provably without taking it. */
  refused: 1 << 4,
  /** A request may have been taken: its answer was unclear, or the process died before it was stored. */
  ambiguous: 1 << 5,
  /** Daraja knows the id: an earlier request was taken. */
  duplicate: 1 << 6,
  /** Paid, with the amount that was asked or none to compare. */
  paid: 1 << 7,
  /** Paid, but another amount, or the receipt of another payout: quarantined. */
  mismatch: 1 << 8,
  failedByResult: 1 << 9,
  failedByStatus: 1 << 10,
  /** A result whose code proves nothing. */
  unclear: 1 << 11,
  queueTimeout: 1 << 12,
  /** Transaction Status could not find it. */
  notFound: 1 << 13,
  /** No result in time. */
  overdue: 1 << 14,
  /** Nothing more is asked by itself: it waits for a person. */
  planEnded: 1 << 15,
  resolvedSucceeded: 1 << 16,
  resolvedFailed: 1 << 17,
  /** Paid under two receipts: the money may have left twice. */
  twice: 1 << 18,
} as const;

export interface Failure {
  readonly failure: FailureCode;
  readonly resultCode: string | null;
  readonly description: string;
}

/** Money that left. `amount` in cents, null where the source names none. `foreign`: the receipt is another payout's. */
export interface Paid {
  readonly amount: number | null;
  readonly receipt: string | null;
  readonly paidAt: number | null;
  readonly foreign: boolean;
  /** M-Pesa's fee in cents, where the source names it. */
  readonly fee?: number | null;
  readonly description: string;
}

export type Fact =
  | { readonly kind: "approved"; readonly by: string }
  | { readonly kind: "rejected"; readonly by: string; readonly reason: string }
  /** Request number `n` is about to leave. Stored before the call. */
  | { readonly kind: "started"; readonly n: number }
  /** Request number `n` provably never left, or was turned away by a rate limit; `retryAt` in ms. */
  | { readonly kind: "unsent"; readonly n: number; readonly retryAt: number }
  | { readonly kind: "accepted"; readonly conversationId: string; readonly originatorId: string | null }
  | { readonly kind: "refused" } & Failure
  | {
    readonly kind: "cancelled" | "ambiguous" | "duplicate" | "queue_timeout" | "overdue" | "plan_ended" | "polled";
  }
  | { readonly kind: "paid"; readonly paid: Paid }
  | { readonly kind: "failed"; readonly via: "result" | "status" } & Failure
  | { readonly kind: "unclear"; readonly resultCode: string; readonly description: string }
  | { readonly kind: "not_found" }
  | { readonly kind: "resolved"; readonly resolution: NonNullable<Payout["resolution"]> };

/** Adds one fact. The same fact again changes nothing. */
export const learn = (before: Payout, fact: Fact, now: number): Payout => derive(before, told(before, fact, now), now);

function told(payout: Payout, fact: Fact, now: number): Payout {
  const having = (bit: number): Payout => ({ ...payout, evidence: payout.evidence | bit });
  switch (fact.kind) {
    case "approved":
      return decided(having(Evidence.approved), fact.by, null, now);
    case "rejected":
      return decided(having(Evidence.rejected), fact.by, fact.reason, now);
    case "started":
      return started(payout, fact.n, now);
    case "unsent":
      return {
        ...payout,
        unsent: Math.max(payout.unsent, fact.n),
        send_after: Math.max(payout.send_after, fact.retryAt),
      };
    case "accepted":
      return {
        ...having(Evidence.accepted),
        conversation_id: smaller(payout.conversation_id, fact.conversationId),
        daraja_originator_id: smaller(payout.daraja_originator_id, fact.originatorId),
        accepted_at: payout.accepted_at ?? now,
      };
    case "refused":
      return shown(having(Evidence.refused), payout, 2, fact);
    case "failed":
      return fact.via === "result"
        ? shown(having(Evidence.failedByResult), payout, 4, fact)
        : shown(having(Evidence.failedByStatus), payout, 3, fact);
    case "unclear":
      return shown(having(Evidence.unclear), payout, 1, { failure: null, ...fact });
    case "paid":
      return paid(payout, fact.paid);
    case "not_found":
      return { ...having(Evidence.notFound), missed: payout.sends };
    case "resolved":
      return {
        ...having(fact.resolution.outcome === "succeeded" ? Evidence.resolvedSucceeded : Evidence.resolvedFailed),
        resolution: payout.resolution ?? fact.resolution,
      };
    case "polled":
      return { ...payout, polls: payout.polls + 1 };
    default:
      return having(plainBits[fact.kind]);
  }
}

const plainBits = {
  cancelled: Evidence.cancelled,
  ambiguous: Evidence.ambiguous,
  duplicate: Evidence.duplicate,
  queue_timeout: Evidence.queueTimeout,
  overdue: Evidence.overdue,
  plan_ended: Evidence.planEnded,
} as const;

/** Who decided, and why. The verbs see to it that only one does. */
const decided = (payout: Payout, by: string, reason: string | null, now: number): Payout => ({
  ...payout,
  decided_by: smaller(payout.decided_by, by),
  decided_at: payout.decided_at ?? now,
  reason: smaller(payout.reason, reason),
});

function started(payout: Payout, n: number, now: number): Payout {
  if (n <= payout.sends) return payout;
  return { ...payout, sends: n, sent_at: now, first_sent_at: payout.first_sent_at ?? now };
}

const smaller = (a: string | null, b: string | null): string | null => a === null || (b !== null && b < a) ? b : a;

function paid(payout: Payout, said: Paid): Payout {
  if (said.foreign || (said.amount !== null && said.amount !== payout.amount)) {
    return { ...payout, evidence: payout.evidence | Evidence.mismatch };
  }
  const second = payout.receipt !== null && said.receipt !== null && said.receipt !== payout.receipt;
  const known = payout.evidence & Evidence.paid ? payout.result_description : null;
  return {
    ...payout,
    evidence: payout.evidence | Evidence.paid | (second ? Evidence.twice : 0),
    receipt: smaller(payout.receipt, said.receipt),
    fee: payout.fee ?? said.fee ?? null,
    paid_at: payout.paid_at === null ? said.paidAt : Math.min(payout.paid_at, said.paidAt ?? Infinity),
    result_code: "0",
    result_description: smaller(known, said.description),
    failure: null,
  };
}

/**
 * The failure that is shown: a result's before a status query's before a refusal's before an unclear code's; of two
 * alike the smaller code, so that order does not matter. Paid hides them all.
 */
function shown(
  next: Payout,
  before: Payout,
  rank: number,
  said: { readonly failure: FailureCode | null; readonly resultCode: string | null; readonly description: string },
): Payout {
  const was = rankOf(before.evidence);
  const key = (code: string | null, description: string | null) => `${code ?? ""}\n${description ?? ""}`;
  const better = rank > was ||
    (rank === was && key(said.resultCode, said.description) < key(before.result_code, before.result_description));
  if (!better) return next;
  return { ...next, failure: said.failure, result_code: said.resultCode, result_description: said.description };
}

function rankOf(evidence: number): number {
  if (evidence & Evidence.paid) return 5;
  if (evidence & Evidence.failedByResult) return 4;
  if (evidence & Evidence.failedByStatus) return 3;
  if (evidence & Evidence.refused) return 2;
  return evidence & Evidence.unclear ? 1 : 0;
}

const MAY_BE_TAKEN = Evidence.accepted | Evidence.ambiguous | Evidence.duplicate | Evidence.unclear |
  Evidence.queueTimeout | Evidence.notFound;
const DOUBTFUL = (MAY_BE_TAKEN & ~Evidence.accepted) | Evidence.overdue | Evidence.planEnded;

/** Whether a request is out whose answer is not stored: a call under way, or one that died with its process. */
export const isCalling = (payout: Payout): boolean =>
  payout.sends > payout.unsent && (payout.evidence & (MAY_BE_TAKEN | Evidence.refused)) === 0;

/** The state, out of all that was told. */
export function statusOf(payout: Payout): PayoutStatus {
  const has = (bits: number) => (payout.evidence & bits) !== 0;
  if (has(Evidence.paid | Evidence.resolvedSucceeded)) return "succeeded";
  if (has(Evidence.resolvedFailed)) return "failed";
  if (has(Evidence.mismatch)) return "in_doubt";
  if (has(Evidence.failedByResult | Evidence.failedByStatus)) return "failed";
  // A refusal speaks of one request: where another may have been taken, it proves nothing about that one.
  if (has(Evidence.refused) && !has(MAY_BE_TAKEN)) return "failed";
  if (has(DOUBTFUL)) return "in_doubt";
  if (has(Evidence.accepted) || payout.sends > payout.unsent) return "submitted";
  if (has(Evidence.cancelled)) return "cancelled";
  if (has(Evidence.rejected)) return "rejected";
  return payout.approval_required && !has(Evidence.approved) ? "awaiting_approval" : "queued";
}

const ENDED: readonly PayoutStatus[] = ["succeeded", "failed", "rejected", "cancelled"];

/** Whether nothing more is expected; a late notice that it was paid still counts. */
export const hasEnded = (status: PayoutStatus): boolean => ENDED.includes(status);

/** Whether it waits for a person to look at it. */
export const needsPerson = (payout: Pick<Payout, "status" | "evidence">): boolean =>
  (payout.status === "in_doubt" && (payout.evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0) ||
  (payout.evidence & Evidence.twice) !== 0;

function derive(before: Payout, next: Payout, now: number): Payout {
  const status = statusOf(next);
  const failure = status === "succeeded" ? null : next.failure ?? (status === "failed" ? "unknown_failure" : null);
  const moved = status === before.status ? {} : {
    ended_at: hasEnded(status) ? now : null,
    ...(status === "in_doubt" ? { in_doubt_at: now, polls: 0 } : {}),
  };
  // What can't have left holds none of the limits' allowance.
  const held = status !== "failed" && status !== "rejected" && status !== "cancelled";
  return { ...next, ...moved, status, failure, held };
}
