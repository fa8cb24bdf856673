import { applyFact } from "../../../src/domain/refunds/machine.ts";
import type { Fact, Refund } from "../../../src/domain/refunds/machine/facts.ts";

/** A refund by reversal as it is stored first. */
export const fresh: Refund = {
  id: "rfd_01kamcvdf2ej5s2k8sxw9ggk6s",
  merchant_id: "",
  shortcode_id: "",
  payment_id: "",
  payout_id: null,
  status: "queued",
  method: "reversal",
  amount: 150_000,
  currency: "KES",
  reason: "Out of stock",
  created_by: "",
  requests: [],
  evidence: 0,
  polls: 0,
  promised: true,
  needs_person: false,
  receipt: null,
  failure: null,
  result_code: null,
  result_description: null,
  resolution: null,
  send_after: 0,
  accepted_at: null,
  in_doubt_at: null,
  refunded_at: null,
  ended_at: null,
  created_at: 0,
  updated_at: 0,
  version: 1,
};

/** The refund after these facts. */
export const tell = (refund: Refund, facts: readonly Fact[]): Refund =>
  facts.reduce((state, fact) => applyFact(state, fact, 1), refund);

export const sent = tell(fresh, [{ kind: "started", n: 1 }]);
export const accepted: Fact = { kind: "accepted", n: 1, conversation: "AG_1" };
export const ambiguous: Fact = { kind: "ambiguous", n: 1 };
export const paid: Fact & { kind: "paid" } = {
  kind: "paid",
  paid: { amount: 150_000, receipt: "UKN1A2B3C4", at: 5, foreign: false, conversation: "AG_1", description: "ok" },
};
export const failed: Fact = {
  kind: "failed",
  conversation: "AG_1",
  failure: "insufficient_float",
  resultCode: "1",
  description: "no",
};
export const already = (conversation: string): Fact => ({
  ...failed,
  kind: "already",
  failure: "already_reversed",
  conversation,
});
export const others: Fact[] = [
  { kind: "taken", conversation: "AG_1" },
  { kind: "queue_timeout" },
  { kind: "not_found" },
  { kind: "overdue" },
  { kind: "unclear", resultCode: "17", description: "?" },
  { ...paid, paid: { ...paid.paid, amount: 100 } },
  { kind: "mismatch" },
];
