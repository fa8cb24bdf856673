import fc from "fast-check";
import { applyFact } from "../../../src/domain/payouts/machine.ts";
import { Evidence, type Fact, type Payout, type PayoutStatus } from "../../../src/domain/payouts/machine/facts.ts";

export const NOW = 1_790_000_000_000;
export const ASKED = 150_000;

/** A payout as it is stored first. */
export function fresh(changes: Partial<Payout> = {}): Payout {
  return {
    id: "pyt_01kamcvdf2ej5s2k8sxw9ggk6r",
    merchant_id: "mer_01kamcvd000000000000000001",
    shortcode_id: "sho_01kamcvd000000000000000001",
    batch_id: null,
    status: "queued",
    amount: ASKED,
    currency: "KES",
    phone: new Uint8Array(),
    phone_index: new Uint8Array(16),
    phone_masked: "2547•••••678",
    reference: "pay-1001",
    purpose: "business",
    remarks: "Payout",
    occasion: null,
    metadata: {},
    originator_conversation_id: "7f3c1f0a-0000-4000-8000-000000000001",
    created_by: "cli_demo",
    approval_required: false,
    decided_by: null,
    decided_at: null,
    reason: null,
    evidence: 0,
    sends: 0,
    unsent: 0,
    missed: 0,
    polls: 0,
    held: true,
    conversation_id: null,
    daraja_originator_id: null,
    receipt: null,
    failure: null,
    result_code: null,
    result_description: null,
    resolution: null,
    send_after: NOW,
    first_sent_at: null,
    sent_at: null,
    accepted_at: null,
    in_doubt_at: null,
    paid_at: null,
    ended_at: null,
    created_at: NOW,
    updated_at: NOW,
    version: 1,
    destination: "phone",
    receiver: null,
    account_reference: null,
    fee: null,
    refund_id: null,
    answered: 0,
    needs_person: false,
    possible_duplicate_of: null,
    approvals: [],
    given_name: null,
    payee_name: null,
    name_confirmed_by: null,
    name_confirmed_at: null,
    origin: null,
    signed_request: null,
    ...changes,
  };
}

/** Adds facts, one a second. */
export const after = (facts: readonly Fact[], from: Payout = fresh()): Payout =>
  facts.reduce((payout, fact, i) => applyFact(payout, fact, NOW + (i + 1) * 1_000), from);

export const fact = {
  started: (n = 1): Fact => ({ kind: "started", n }),
  unsent: (n = 1): Fact => ({ kind: "unsent", n, retryAt: NOW + 5_000 }),
  accepted: { kind: "accepted", conversationId: "AG_20261122_1", originatorId: null } as Fact,
  ambiguous: { kind: "ambiguous" } as Fact,
  duplicate: { kind: "duplicate" } as Fact,
  queueTimeout: { kind: "queue_timeout" } as Fact,
  notFound: { kind: "not_found" } as Fact,
  overdue: { kind: "overdue" } as Fact,
  planEnded: { kind: "plan_ended" } as Fact,
  mismatch: { kind: "mismatch" } as Fact,
  cancelled: { kind: "cancelled" } as Fact,
  nameMismatch: { kind: "name_mismatch" } as Fact,
  nameChecked: { kind: "name_checked" } as Fact,
  nameConfirmed: (by = "cli_approver"): Fact => ({ kind: "name_confirmed", by }),
  approved: {
    kind: "approved",
    approval: { by: "cli_approver", at: NOW, digest: "d".repeat(64), signed: false },
  } as Fact,
  rejected: { kind: "rejected", by: "cli_approver", reason: "no" } as Fact,
  refused: { kind: "refused", failure: "phone_invalid", resultCode: "400.002.02", description: "Invalid" } as Fact,
  failed: (via: "result" | "status" = "result", code = "2040"): Fact => ({
    kind: "failed",
    via,
    failure: "recipient_not_registered",
    resultCode: code,
    description: "declined",
  }),
  unclear: { kind: "unclear", resultCode: "17", description: "?" } as Fact,
  paid: (changes: Partial<(Fact & { kind: "paid" })["paid"]> = {}): Fact => ({
    kind: "paid",
    paid: { amount: ASKED, receipt: "UKM1A2B3C4", paidAt: NOW, foreign: false, description: "ok", ...changes },
  }),
  resolved: (outcome: "succeeded" | "failed"): Fact => ({
    kind: "resolved",
    resolution: { outcome, evidence: "portal", receipt: null, by: "cli_operator", at: NOW },
  }),
};

/** Any fact. */
export const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.integer({ min: 1, max: 3 }).map(fact.started),
  fc.integer({ min: 1, max: 3 }).map(fact.unsent),
  fc.constantFrom("AG_1", "AG_2").map((conversationId): Fact => ({
    kind: "accepted",
    conversationId,
    originatorId: null,
  })),
  fc.constantFrom(
    fact.ambiguous,
    fact.duplicate,
    fact.queueTimeout,
    fact.notFound,
    fact.overdue,
    fact.planEnded,
    fact.cancelled,
    fact.approved,
    fact.rejected,
    fact.refused,
    fact.unclear,
    fact.mismatch,
    fact.nameMismatch,
    fact.nameChecked,
  ),
  fc.constantFrom("cli_approver", "cli_treasurer").map(fact.nameConfirmed),
  fc.tuple(fc.constantFrom("result" as const, "status" as const), fc.constantFrom("1", "2040"))
    .map(([via, code]) => fact.failed(via, code)),
  fc.record({
    amount: fc.constantFrom(ASKED, null, ASKED + 100),
    receipt: fc.constantFrom("UKM1A2B3C4", "UKM9Z9Z9Z9", null),
    foreign: fc.boolean(),
    description: fc.constantFrom("ok", "completed"),
  }).map(fact.paid),
);

/** What the rules of design.md section 5 say of a set of facts, told another way than the machine does. */
export function implied(facts: readonly Fact[], approvalRequired: boolean): PayoutStatus {
  const some = (...kinds: Fact["kind"][]) => facts.some(({ kind }) => kinds.includes(kind));
  const paid = facts.filter((f) => f.kind === "paid").map((f) => f.paid);
  const matches = paid.some((p) => !p.foreign && (p.amount === null || p.amount === ASKED));
  const resolved = facts.find((f) => f.kind === "resolved")?.resolution.outcome;
  if (matches || resolved === "succeeded") return "succeeded";
  if (resolved === "failed") return "failed";
  if (paid.length > 0 || some("mismatch")) return "in_doubt";
  if (some("failed")) return "failed";
  const maybeTaken = some("accepted", "ambiguous", "duplicate", "unclear", "queue_timeout", "not_found");
  if (some("refused") && !maybeTaken) return "failed";
  if (some("ambiguous", "duplicate", "unclear", "queue_timeout", "not_found", "overdue", "plan_ended")) {
    return "in_doubt";
  }
  const last = (kind: "started" | "unsent") => Math.max(0, ...facts.map((f) => (f.kind === kind ? f.n : 0)));
  if (some("accepted") || last("started") > last("unsent")) return "submitted";
  if (some("cancelled")) return "cancelled";
  if (some("rejected")) return "rejected";
  return approvalRequired && !some("approved") ? "awaiting_approval" : "queued";
}

/** What must not hang on order or number: all but the times and the plan's own counts. */
export function essence(payout: Payout): Record<string, unknown> {
  const { updated_at: _u, decided_at: _d, in_doubt_at: _i, ended_at: _e, accepted_at: _a, ...rest } = payout;
  const {
    first_sent_at: _f,
    sent_at: _s,
    polls: _p,
    missed: _m,
    answered: _w,
    phone: _ph,
    phone_index: _pi,
    ...named
  } = rest;
  const { name_confirmed_at: _n, ...kept } = named;
  return kept;
}

export { Evidence };
