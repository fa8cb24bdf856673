import { isWhole } from "./due.ts";
import { Evidence, has, isProven, statusOfAttempt } from "./evidence.ts";
import { isGone } from "./link.ts";
import { brokenSum, settleParts } from "./parts.ts";
import {
  type Aggregate,
  type Attempt,
  type Payment,
  paymentsOfAttempt,
  paymentsOfCheckout,
  replacePayment,
} from "./state.ts";
import { statusOfCheckout } from "./status.ts";

/** Computes every status anew after a step: payments first, then attempts, parts and the checkout. */
export function derive(changed: Aggregate, now: number): Aggregate {
  const state = preferProvenPayment(changed, now);
  const attempts = state.attempts.map((attempt) => {
    const evidence = withSecond(state, attempt);
    const status = statusOfAttempt(evidence);
    if (status === attempt.status) return evidence === attempt.evidence ? attempt : { ...attempt, evidence };
    return { ...attempt, evidence, status, ended_at: status === "pending" ? null : now };
  });
  const next = settleParts({ ...state, attempts }, now);
  return { ...next, checkout: { ...state.checkout, status: statusOfCheckout(next) } };
}

/**
 * If the matched payment belongs to an attempt in doubt and another payment does not, that other payment is matched
 * instead. So is a duplicate of the whole amount where only parts are matched that no longer add up to it.
 */
function preferProvenPayment(state: Aggregate, now: number): Aggregate {
  const inDoubt = new Set(state.attempts.filter((a) => !isProven(a.evidence)).map((a) => a.id));
  const payments = paymentsOfCheckout(state);
  const broken = brokenSum(state); // parts that pay nothing any more
  const matched = payments.find((p) => p.status === "matched" && !broken.includes(p));
  if (matched === undefined) return matchDuplicate(state, payments, inDoubt, now);
  if (!inDoubt.has(matched.attempt_id ?? "")) return state;
  const proven = payments.find((p) =>
    p.status === "duplicate_payment" && p.amount === state.checkout.amount && !inDoubt.has(p.attempt_id ?? "")
  );
  if (proven === undefined) return state;
  const unmatched = replacePayment(state, { ...matched, status: "duplicate_payment" }, now);
  return replacePayment(unmatched, { ...proven, status: "matched" }, now);
}

/**
 * The payment that settled the checkout has turned out to be another checkout's. A duplicate of the whole amount settles
 * it instead. Money that was given back has settled the checkout all the same, if it was the whole amount; what M-Pesa took
 * back has not.
 */
function matchDuplicate(
  state: Aggregate,
  payments: readonly Payment[],
  inDoubt: ReadonlySet<string>,
  now: number,
): Aggregate {
  const { amount } = state.checkout;
  if (payments.some((p) => p.status === "refunded" && p.amount >= amount)) return state;
  const duplicate = payments.find((p) =>
    p.status === "duplicate_payment" && p.amount === amount && !inDoubt.has(p.attempt_id ?? "") &&
    p.amount_refunded + p.amount_taken_back === 0
  );
  return duplicate === undefined ? state : replacePayment(state, { ...duplicate, status: "matched" }, now);
}

/**
 * The evidence with the bit `second` right for the attempt's payments. A payment that is gone leaves the bit as it was,
 * unless another attempt had settled the checkout before this one got it, or settles it now instead.
 */
function withSecond(state: Aggregate, attempt: Attempt): number {
  const { id, evidence, status } = attempt;
  if (!has(evidence, Evidence.exact | Evidence.claimed)) return evidence;
  const payments = paymentsOfAttempt(state, id);
  if (payments.some((p) => p.status === "matched" || p.status === "partial")) return evidence & ~Evidence.second;
  const isLate = status !== "succeeded" &&
    state.attempts.some((a) => a.id !== id && isWhole(a) && a.status === "succeeded");
  const isReplaced = paymentsOfCheckout(state).some((p) =>
    p.status === "matched" && p.attempt_id !== null && p.amount >= state.checkout.amount
  );
  return payments.some(isGone) && !isLate && !isReplaced ? evidence : evidence | Evidence.second;
}
