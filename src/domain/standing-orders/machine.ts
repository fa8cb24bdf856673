import type { InferSelectModel } from "drizzle-orm";
import type { standingOrders } from "../../db/schema.ts";
import type { Failure } from "../settlement/failure.ts";

/** The life of a standing order as a join of what was learnt; that it stands outranks all. Nothing here does I/O. */
export type StandingOrder = InferSelectModel<typeof standingOrders>;

/** What a standing order has been told, as bits of `standing_orders.evidence`. */
export const Evidence = {
  accepted: 1,
  /** Daraja refused the request, or it never left. */
  refused: 2,
  ambiguous: 4,
  /** The customer agreed. */
  active: 8,
  failedByCallback: 16,
  /** No answer in time. */
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
  const having = (bit: number): StandingOrder => ({ ...order, evidence: order.evidence | bit });
  switch (fact.kind) {
    case "accepted":
      return {
        ...having(Evidence.accepted),
        response_ref_id: order.response_ref_id ?? fact.responseRefId,
        accepted_at: order.accepted_at ?? now,
      };
    case "active":
      return {
        ...having(Evidence.active),
        receipt: order.receipt ?? fact.receipt,
        failure: null,
        result_code: "0",
        result_description: fact.description,
      };
    case "refused":
      return displayedFailure(having(Evidence.refused), fact, Evidence.failedByCallback | Evidence.active);
    case "failed":
      return displayedFailure(having(Evidence.failedByCallback), fact, Evidence.active);
    case "unclear":
      return order.result_code === null
        ? { ...order, result_code: fact.resultCode, result_description: fact.description }
        : order;
    default:
      return having(Evidence[fact.kind]);
  }
}

/** The failure that is shown, unless something of more weight was said. */
const displayedFailure = (order: StandingOrder, said: Failure, weightier: number): StandingOrder =>
  (order.evidence & weightier) !== 0 ? order : {
    ...order,
    failure: said.failure,
    result_code: said.resultCode,
    result_description: said.description,
  };

/** The state, out of all that was told. */
export function statusOf(evidence: number): StandingOrder["status"] {
  const has = (bits: number) => (evidence & bits) !== 0;
  if (has(Evidence.active)) return "active";
  if (has(Evidence.failedByCallback)) return "failed";
  if (has(Evidence.refused) && !has(Evidence.ambiguous | Evidence.accepted)) return "failed";
  return has(Evidence.overdue) ? "unknown" : "pending";
}
