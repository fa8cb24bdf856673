import type { InferSelectModel } from "drizzle-orm";
import type { standingOrders } from "../../db/schema.ts";
import type { Failure } from "../settlement/failure.ts";

/**
 * The life of a standing order. Facts lead to the same status in any order and any number, and `active` outranks all
 * others. Nothing here does I/O.
 */
export type StandingOrder = InferSelectModel<typeof standingOrders>;

/** What is known about a standing order, as bits of `standing_orders.evidence`. Bits are stored: add, never change or reuse. */
export const Evidence = {
  accepted: 1,
  /** Daraja refused the request, or it never left. */
  refused: 2,
  ambiguous: 4,
  /** The customer agreed. */
  active: 8,
  failedByCallback: 16,
  /** No answer came in time. */
  overdue: 32,
} as const;

export type Fact =
  | { readonly kind: "accepted"; readonly responseRefId: string }
  | { readonly kind: "refused" | "failed" } & Failure
  | { readonly kind: "active"; readonly receipt: string | null; readonly description: string }
  /** A callback whose code proves nothing. */
  | { readonly kind: "unclear"; readonly resultCode: string; readonly description: string }
  | { readonly kind: "ambiguous" | "overdue" };

/** Adds one fact. The same fact again changes nothing. */
export function applyFact(before: StandingOrder, fact: Fact, now: number): StandingOrder {
  const next = addEvidence(before, fact, now);
  const status = statusOf(next.evidence);
  const ended = status === "active" || status === "failed";
  return status === before.status ? next : { ...next, status, ended_at: ended ? now : null };
}

function addEvidence(order: StandingOrder, fact: Fact, now: number): StandingOrder {
  const withBit = (bit: number): StandingOrder => ({ ...order, evidence: order.evidence | bit });
  switch (fact.kind) {
    case "accepted":
      return {
        ...withBit(Evidence.accepted),
        response_ref_id: order.response_ref_id ?? fact.responseRefId,
        accepted_at: order.accepted_at ?? now,
      };
    case "active":
      return {
        ...withBit(Evidence.active),
        receipt: order.receipt ?? fact.receipt,
        failure: null,
        result_code: "0",
        result_description: fact.description,
      };
    case "refused":
      return displayedFailure(withBit(Evidence.refused), fact, Evidence.failedByCallback | Evidence.active);
    case "failed":
      return displayedFailure(withBit(Evidence.failedByCallback), fact, Evidence.active);
    case "unclear":
      return order.result_code === null
        ? { ...order, result_code: fact.resultCode, result_description: fact.description }
        : order;
    default:
      return withBit(Evidence[fact.kind]);
  }
}

/** The failure to show, unless a source of higher rank has named another one. */
const displayedFailure = (order: StandingOrder, failure: Failure, outrankedBy: number): StandingOrder =>
  (order.evidence & outrankedBy) !== 0 ? order : {
    ...order,
    failure: failure.failure,
    result_code: failure.resultCode,
    result_description: failure.description,
  };

/** The status that follows from all the evidence. */
export function statusOf(evidence: number): StandingOrder["status"] {
  const has = (bits: number) => (evidence & bits) !== 0;
  if (has(Evidence.active)) return "active";
  if (has(Evidence.failedByCallback)) return "failed";
  if (has(Evidence.refused) && !has(Evidence.ambiguous | Evidence.accepted)) return "failed";
  return has(Evidence.overdue) ? "unknown" : "pending";
}
