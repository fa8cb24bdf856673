import { expire } from "../../../src/domain/checkouts/machine.ts";
import { applyFact } from "../../../src/domain/payouts/machine.ts";
import type { Fact, Payout } from "../../../src/domain/payouts/machine/facts.ts";
import { allNews, applyNews, checkoutWithAttempts, type News } from "../../domain/checkouts/fixtures.ts";
import { endingOf, expected } from "../../domain/checkouts/oracle.ts";
import { ASKED, essence, fact, fresh, implied, NOW } from "../../domain/payouts/facts.ts";
import { applyFact as tellRefund } from "../../../src/domain/refunds/machine.ts";
import type { Fact as RefundFact, Refund } from "../../../src/domain/refunds/machine/facts.ts";
import { accepted, failed, others, paid, sent } from "../../domain/refunds/facts.ts";
import {
  applyFact as tellOrder,
  type Fact as OrderFact,
  type StandingOrder,
} from "../../../src/domain/standing-orders/machine.ts";
import type { Machine } from "./explore.ts";

type Checkout = ReturnType<typeof checkoutWithAttempts>;
const ENDED = ["succeeded", "expired", "cancelled", "review"];
const LATE = Date.parse("2030-01-01T00:00:00Z");

/** A checkout with two attempts, and money that comes beside them, whole and in parts. */
export const checkout: Machine<Checkout, News> = {
  name: "checkout with two attempts",
  start: checkoutWithAttempts(2),
  facts: allNews(2),
  apply: (state, news, step) => applyNews(state, [news], step * 100),
  key: ({ checkout, attempts, payments }) =>
    JSON.stringify([
      checkout.status,
      checkout.expired_at !== null,
      checkout.cancelled_at !== null,
      attempts.map((a) => [a.status, a.evidence, a.result_code]),
      payments.map((p) => [p.receipt, p.status, p.amount, p.attempt_id, p.receipt_source, p.channel]),
    ]),
  wrong(state, told) {
    const wanted = expected({ attempts: 2, news: told });
    const ending = endingOf(state);
    for (const [name, value] of Object.entries(wanted)) {
      const is = JSON.stringify(ending[name as keyof typeof ending]); // a name of an ending
      if (value !== null && is !== JSON.stringify(value)) return `${name} is ${is}, not ${JSON.stringify(value)}`;
    }
    const end = expire(applyNews(state, [0, 1].map(planEnded), 9_000), LATE).checkout.status;
    return ENDED.includes(end) ? null : `there is no way out: when all plans have ended it is ${end}`;
  },
  mayDiffer: true,
};

const planEnded = (attempt: number): News => ({ kind: "learn", attempt, fact: { kind: "plan_ended" } });

const payoutFacts: readonly Fact[] = [
  fact.started(1),
  fact.started(2),
  fact.unsent(1),
  fact.accepted,
  fact.ambiguous,
  fact.duplicate,
  fact.refused,
  fact.queueTimeout,
  fact.notFound,
  fact.overdue,
  fact.planEnded,
  fact.cancelled,
  fact.approved,
  fact.rejected,
  fact.unclear,
  fact.mismatch,
  fact.failed("result"),
  fact.failed("status", "1"),
  fact.paid(),
  fact.paid({ receipt: "UKM9Z9Z9Z9" }),
  fact.paid({ amount: ASKED + 100 }),
];

/** A payout that somebody must approve. */
export const payout: Machine<Payout, Fact> = {
  name: "payout",
  start: fresh({ approval_required: true, status: "awaiting_approval" }),
  facts: payoutFacts,
  apply: (state, told, step) => applyFact(state, told, NOW + step * 1_000),
  key: (state) => JSON.stringify(essence(state)),
  wrong(state, told) {
    const status = implied(told, true);
    if (state.status !== status) return `it is ${state.status}, and the facts imply ${status}`;
    const left = applyFact(state, fact.planEnded, NOW + 900_000);
    const waits = ["awaiting_approval", "queued"].includes(status);
    const hasWayOut = waits || left.ended_at !== null || left.needs_person;
    return hasWayOut ? null : `there is no way out: when its plan has ended it is ${left.status} and nobody is asked`;
  },
  mayDiffer: false,
};

/** A refund by reversal whose one request has left; the answer to the request itself is one of the facts. */
export const refund: Machine<Refund, RefundFact> = {
  name: "refund",
  start: sent,
  facts: [accepted, paid, failed, ...others],
  apply: (state, told, step) => tellRefund(state, told, step * 1_000),
  key: ({ in_doubt_at: _d, ended_at: _e, accepted_at: _a, updated_at: _u, ...state }) => JSON.stringify(state),
  wrong(state, told) {
    const isPaid = told.includes(paid);
    if ((state.status === "succeeded") !== isPaid) return `it is ${state.status}, and paid: ${isPaid}`;
    if (state.status === "failed" && !told.includes(failed)) return "it is failed, and nobody said so";
    const left = tellRefund(state, { kind: "plan_ended" }, 900_000);
    if (left.ended_at !== null || left.needs_person) return null;
    return `there is no way out: when its plan has ended it is ${left.status} and nobody is asked`;
  },
  mayDiffer: false,
};

const ORDER: StandingOrder = {
  id: "sto_1",
  merchant_id: "mer_1",
  shortcode_id: "sho_1",
  status: "pending",
  name: "Rent",
  amount: 150_000,
  currency: "KES",
  phone: new Uint8Array(1),
  phone_masked: "2547•••••678",
  frequency: "monthly",
  start_day: "2026-12-01",
  end_day: "2027-12-01",
  account_reference: "INV1",
  description: "Rent",
  evidence: 0,
  response_ref_id: null,
  receipt: null,
  failure: null,
  result_code: null,
  result_description: null,
  created_by: "cli_1",
  accepted_at: null,
  ended_at: null,
  created_at: 0,
  updated_at: 0,
  version: 1,
};
const agreed = { kind: "active", description: "ok" } as const;
const refusal = { failure: "unknown_failure", resultCode: "400.002.02", description: "no" } as const;

/** A standing order whose request has left. */
export const standingOrder: Machine<StandingOrder, OrderFact> = {
  name: "standing order",
  start: ORDER,
  facts: [
    { kind: "accepted", responseRefId: "1-2-3" },
    { kind: "refused", ...refusal },
    { kind: "failed", ...refusal, resultCode: "1032" },
    { ...agreed, receipt: null },
    { ...agreed, receipt: "UKN1A2B3C4" },
    { kind: "unclear", resultCode: "7", description: "what?" },
    { kind: "ambiguous" },
    { kind: "overdue" },
  ],
  apply: (state, told, step) => tellOrder(state, told, step * 1_000),
  key: ({ ended_at: _e, accepted_at: _a, updated_at: _u, ...state }) => JSON.stringify(state),
  wrong(state, told) {
    const wanted = impliedOrder(told.map(({ kind }) => kind));
    if (state.status !== wanted) return `it is ${state.status}, and the facts imply ${wanted}`;
    if ((state.ended_at !== null) !== ["active", "failed"].includes(wanted)) {
      return "its end has no time, or no end has one";
    }
    const left = tellOrder(state, { kind: "overdue" }, 900_000);
    return left.status === "pending" ? "there is no way out: it is pending though its time is over" : null;
  },
  mayDiffer: false,
};

/** That the customer agreed outranks all; a refusal counts only where nothing says that the request was taken. */
function impliedOrder(kinds: readonly OrderFact["kind"][]): StandingOrder["status"] {
  const has = (kind: OrderFact["kind"]): boolean => kinds.includes(kind);
  if (has("active")) return "active";
  if (has("failed") || (has("refused") && !has("ambiguous") && !has("accepted"))) return "failed";
  return has("overdue") ? "unknown" : "pending";
}
