import type { InferSelectModel } from "drizzle-orm";
import type { FailureCode } from "../../daraja/codes.ts";
import type { payouts, refunds } from "../../db/schema.ts";

/**
 * The life of a refund as a join: facts add up to the same state in any order and any number, and paid back is the top
 * (design.md section 5). A reversal carries no id of ours, so each request is kept with what became of it: M-Pesa
 * reverses a receipt once, and "already reversed" is our success only if another request of ours is unexplained.
 * Nothing does I/O.
 */
export type Refund = InferSelectModel<typeof refunds>;
export type RefundStatus = Refund["status"];
export type Request = Refund["requests"][number];

/** What a refund has been told beyond its requests, as bits of `refunds.evidence`. */
export const Evidence = {
  /** Given back, by a result or a status query. */
  paid: 1 << 0,
  /** Given back, but another amount or receipt than asked: quarantined. */
  mismatch: 1 << 1,
  queueTimeout: 1 << 2,
  /** A result whose code proves nothing. */
  unclear: 1 << 3,
  /** Transaction Status could not find it. */
  notFound: 1 << 4,
  /** No result in time. */
  overdue: 1 << 5,
  /** Nothing more is asked by itself: it waits for a person. */
  planEnded: 1 << 6,
  resolvedSucceeded: 1 << 7,
  resolvedFailed: 1 << 8,
  /** Given back under two receipts: the money may have left twice. */
  twice: 1 << 9,
  /** The payout that carries it was submitted, is in doubt, ended without paying. */
  payoutSubmitted: 1 << 10,
  payoutInDoubt: 1 << 11,
  payoutFailed: 1 << 12,
  /** M-Pesa said "already reversed" while a request of ours was unexplained: that one did it. */
  reversedByUs: 1 << 13,
} as const;

export interface Failure {
  readonly failure: FailureCode;
  readonly resultCode: string | null;
  readonly description: string;
}

/** Money that went back. `amount` in cents, null where the source names none. `foreign`: it speaks of another payment. */
export interface Paid {
  readonly amount: number | null;
  readonly receipt: string | null;
  readonly at: number | null;
  readonly foreign: boolean;
  readonly conversation: string | null;
  readonly description: string;
}

export type Fact =
  /** Request number `n` (from 1) is about to leave. Stored before the call. */
  | { readonly kind: "started"; readonly n: number }
  /** It provably never left, or was turned away by a rate limit; `retryAt` in ms. */
  | { readonly kind: "unsent"; readonly n: number; readonly retryAt: number }
  | { readonly kind: "accepted"; readonly n: number; readonly conversation: string }
  | { readonly kind: "refused"; readonly n: number } & Failure
  /** Its answer was unclear, or the process died before it was stored: it may have been taken. */
  | { readonly kind: "ambiguous"; readonly n: number }
  /** A notice speaks of it, so one of the requests was taken. */
  | { readonly kind: "taken"; readonly conversation: string }
  | { readonly kind: "paid"; readonly paid: Paid }
  | { readonly kind: "failed" | "already"; readonly conversation: string | null } & Failure
  | { readonly kind: "unclear"; readonly resultCode: string; readonly description: string }
  | { readonly kind: "queue_timeout" | "overdue" | "not_found" | "plan_ended" | "polled" }
  | { readonly kind: "resolved"; readonly resolution: NonNullable<Refund["resolution"]> }
  /** What has become of the payout that carries it. */
  | { readonly kind: "payout"; readonly payout: CarryingPayout };

export type CarryingPayout = Pick<InferSelectModel<typeof payouts>, "status" | "receipt" | "paid_at" | "failure">;

/** Adds one fact. The same fact again changes nothing. */
export const learn = (before: Refund, fact: Fact, now: number): Refund => derive(before, told(before, fact, now), now);

function told(refund: Refund, fact: Fact, now: number): Refund {
  const having = (bit: number): Refund => ({ ...refund, evidence: refund.evidence | bit });
  switch (fact.kind) {
    case "started":
      return fact.n <= refund.requests.length
        ? refund
        : { ...refund, requests: [...refund.requests, { state: "calling", conversation: null, at: now }] };
    case "unsent":
      return { ...answered(refund, fact.n, "unsent"), send_after: Math.max(refund.send_after, fact.retryAt) };
    case "ambiguous":
      return answered(refund, fact.n, "unclear");
    case "accepted":
      return { ...answered(refund, fact.n, "accepted", fact.conversation), accepted_at: refund.accepted_at ?? now };
    case "refused":
      return shown(answered(refund, fact.n, "refused"), fact);
    case "failed":
    case "already":
      return shown(closed(refund, fact.conversation, fact.kind, now), fact);
    case "taken":
      return closed(refund, fact.conversation, "accepted", now);
    case "paid":
      return paid(refund, fact.paid, now);
    case "unclear":
      return refund.result_code === null
        ? { ...having(Evidence.unclear), result_code: fact.resultCode, result_description: fact.description }
        : having(Evidence.unclear);
    case "polled":
      return { ...refund, polls: refund.polls + 1 };
    case "resolved":
      return {
        ...having(fact.resolution.outcome === "succeeded" ? Evidence.resolvedSucceeded : Evidence.resolvedFailed),
        resolution: refund.resolution ?? fact.resolution,
      };
    case "payout":
      return followed(refund, fact.payout);
    default:
      return having(plainBits[fact.kind]);
  }
}

const plainBits = {
  queue_timeout: Evidence.queueTimeout,
  overdue: Evidence.overdue,
  not_found: Evidence.notFound,
  plan_ended: Evidence.planEnded,
} as const;

const replaced = (refund: Refund, at: number, request: Request): Refund => ({
  ...refund,
  requests: refund.requests.map((old, i) => (i === at ? request : old)),
});

/** The answer to request `n`. A result that came before it knows more. */
function answered(refund: Refund, n: number, state: Request["state"], conversation: string | null = null): Refund {
  const old = refund.requests[n - 1];
  if (old === undefined) return refund;
  const open = old.state === "calling" || (old.state === "unclear" && state === "accepted");
  return replaced(refund, n - 1, {
    ...old,
    state: open ? state : old.state,
    conversation: old.conversation ?? conversation,
  });
}

/**
 * The request that a result speaks of: the one of that conversation, else the first whose conversation is not known, else
 * the first that is open, since the callback's address is this refund's alone.
 */
function requestOf(refund: Refund, conversation: string | null): number {
  const known = refund.requests.findIndex((r) => conversation !== null && r.conversation === conversation);
  if (known !== -1) return known;
  const nameless = refund.requests.findIndex((r) => r.conversation === null && isOpen(r));
  return nameless !== -1 ? nameless : refund.requests.findIndex(isOpen);
}

/** What a notice says of the request it speaks of. A result ends it; that it paid outranks what else was said. */
function closed(refund: Refund, conversation: string | null, state: Request["state"], now: number): Refund {
  const at = requestOf(refund, conversation);
  const old = refund.requests[at];
  if (old === undefined) return refund;
  const next = replaced(refund, at, {
    ...old,
    state: isOpen(old) || state === "paid" ? state : old.state,
    conversation: old.conversation ?? conversation,
  });
  return { ...next, accepted_at: refund.accepted_at ?? now };
}

function paid(refund: Refund, said: Paid, now: number): Refund {
  if (said.foreign || (said.amount !== null && said.amount !== refund.amount)) {
    return { ...refund, evidence: refund.evidence | Evidence.mismatch };
  }
  const second = refund.receipt !== null && said.receipt !== null && said.receipt !== refund.receipt;
  const receipts = [refund.receipt, said.receipt].filter((receipt) => receipt !== null).sort();
  return {
    ...closed(refund, said.conversation, "paid", now),
    evidence: refund.evidence | Evidence.paid | (second ? Evidence.twice : 0),
    receipt: receipts[0] ?? null,
    refunded_at: refund.refunded_at ?? said.at,
    result_code: "0",
    result_description: said.description,
    failure: null,
  };
}

/** The failure that is shown is the last one told, unless the money went back. */
const shown = (refund: Refund, said: Failure): Refund =>
  (refund.evidence & Evidence.paid) !== 0 ? refund : {
    ...refund,
    failure: said.failure,
    result_code: said.resultCode,
    result_description: said.description,
  };

function followed(refund: Refund, { status, receipt, paid_at, failure }: CarryingPayout): Refund {
  const having = (bit: number): Refund => ({ ...refund, evidence: refund.evidence | bit });
  if (status === "succeeded") {
    return {
      ...having(Evidence.paid),
      receipt: refund.receipt ?? receipt,
      refunded_at: refund.refunded_at ?? paid_at,
      failure: null,
    };
  }
  if (status === "in_doubt") return having(Evidence.payoutInDoubt);
  if (status === "submitted") return having(Evidence.payoutSubmitted);
  const ended = status === "failed" || status === "rejected" || status === "cancelled";
  return ended ? { ...having(Evidence.payoutFailed), failure: failure ?? "payout_stopped" } : refund;
}

/** Whether the request may have been taken, or was, and no result has ended it. */
export const isOpen = ({ state }: Request): boolean =>
  state === "calling" || state === "unclear" || state === "accepted";

/** The state, out of all that was told. */
export function statusOf(refund: Refund): RefundStatus {
  const has = (bits: number) => (refund.evidence & bits) !== 0;
  if (has(Evidence.paid | Evidence.reversedByUs | Evidence.resolvedSucceeded)) return "succeeded";
  if (has(Evidence.resolvedFailed)) return "failed";
  if (has(Evidence.mismatch)) return "in_doubt";
  if (refund.method === "payout") return statusByPayout(has);
  const { requests } = refund;
  const doubtful = Evidence.queueTimeout | Evidence.unclear | Evidence.notFound | Evidence.overdue | Evidence.planEnded;
  const open = requests.filter(isOpen);
  if (open.length > 0) {
    return has(doubtful) || open.some(({ state }) => state === "unclear") ? "in_doubt" : "submitted";
  }
  return requests.some(({ state }) => state !== "unsent") ? "failed" : "queued";
}

/**
 * M-Pesa refuses to reverse a receipt twice. Where it says so to one request while an earlier one of ours is unexplained,
 * and none is still under way, the earlier one did it; else someone else did, and this refund has given nothing back.
 */
function reversedByUs({ requests }: Refund): boolean {
  return requests.some(({ state }) => state === "already") && requests.some(({ state }) => state === "unclear") &&
    !requests.some(({ state }) => state === "accepted" || state === "calling");
}

function statusByPayout(has: (bits: number) => boolean): RefundStatus {
  if (has(Evidence.payoutFailed)) return "failed";
  if (has(Evidence.payoutInDoubt)) return "in_doubt";
  return has(Evidence.payoutSubmitted) ? "submitted" : "queued";
}

/** Whether nothing more is expected; a late notice that it was paid back still counts. */
export const hasEnded = (status: RefundStatus): boolean => status === "succeeded" || status === "failed";

/** Whether a request is out whose answer is not stored: a call under way, or one that died with its process. */
export const isCalling = ({ requests }: Refund): boolean => requests.at(-1)?.state === "calling";

/** Whether it waits for a person to look at it. */
export const needsPerson = ({ status, evidence }: Pick<Refund, "status" | "evidence">): boolean =>
  (status === "in_doubt" && (evidence & (Evidence.planEnded | Evidence.mismatch)) !== 0) ||
  (evidence & Evidence.twice) !== 0;

function derive(before: Refund, said: Refund, now: number): Refund {
  const next = reversedByUs(said) ? { ...said, evidence: said.evidence | Evidence.reversedByUs } : said;
  const status = statusOf(next);
  const failure = status === "succeeded" ? null : next.failure ?? (status === "failed" ? "unknown_failure" : null);
  const moved = status === before.status ? {} : {
    ended_at: hasEnded(status) ? now : null,
    ...(status === "in_doubt" ? { in_doubt_at: now, polls: 0 } : {}),
    ...(status === "succeeded" ? { refunded_at: next.refunded_at ?? now } : {}),
  };
  // What failed gives its part of the payment free, unless the payer has it back from someone else.
  const promised = status !== "failed" || failure === "already_reversed";
  return { ...next, ...moved, status, failure, promised };
}
