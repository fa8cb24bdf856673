import { accountKey, isExactAccount, isSameAccount } from "../../settlement/account-key.ts";
import { askedBy, asksPart } from "./due.ts";
import { isGone } from "./link.ts";
import { type Aggregate, isGoingBack, type Payment, paymentsOfAttempt } from "./state.ts";

/** A confirmation that comes within this time of a query's "paid" may be about the same money. */
const MERGE_WINDOW_MS = 30 * 60_000;
/** Our clock and M-Pesa's may differ by this much. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/** Whether an attempt that was paid has its payment, or money that it can have without taking it from another checkout. */
export const hasOwnMoney = (state: Aggregate, attemptId: string, now: number): boolean =>
  paymentsOfAttempt(state, attemptId).length > 0 || findUnclaimed(state, attemptId, now) !== undefined ||
  findFree(state, attemptId, now) !== undefined;

/**
 * Paybill money of this checkout that no attempt has claimed, and that moved after the attempt's push: what a query calls
 * paid is the same money, however late the query is, and also if it was given back since. What was here before a prompt of
 * the rest is no money of that prompt.
 */
export const findUnclaimed = (state: Aggregate, attemptId: string, now: number): Payment | undefined =>
  state.payments.find((p) =>
    p.attempt_id === null && p.checkout_id === state.checkout.id && p.amount === askedBy(state, attemptId) &&
    !(asksPart(state, attemptId) && wasHereBefore(state, attemptId, p)) &&
    (p.paid_at === null
      ? now - p.created_at < MERGE_WINDOW_MS
      : p.paid_at >= pushedAt(state, attemptId) - CLOCK_SKEW_MS)
  );

/**
 * Money that a person has given to this checkout and to no other place, and that moved after the attempt's push: the person
 * did not know that a prompt was paid by it, and beside it the transfer would count twice.
 */
export const findGiven = (state: Aggregate, attemptId: string, now: number): Payment | undefined =>
  state.payments.find((p) =>
    p.checkout_id === null && p.allocations !== null && isOnlyHere(state, p.allocations) && !isGoingBack(p) &&
    p.amount === askedBy(state, attemptId) && p.paid_at !== null && p.paid_at <= now + CLOCK_SKEW_MS &&
    p.paid_at >= pushedAt(state, attemptId) - CLOCK_SKEW_MS && fitsAccount(p, state.checkout.account_reference)
  );

const isOnlyHere = ({ checkout }: Aggregate, parts: NonNullable<Payment["allocations"]>): boolean =>
  parts.every((part) => "checkout" in part && part.checkout === checkout.id);

/** Whether the payment was stored before the attempt's prompt was made. */
export const wasHereBefore = (state: Aggregate, attemptId: string, { created_at }: Payment): boolean =>
  created_at < pushedAt(state, attemptId);

const pushedAt = (state: Aggregate, attemptId: string): number =>
  state.attempts.find(({ id }) => id === attemptId)?.created_at ?? Infinity;

/** Money at a till names no account, so it may be anybody's. */
export const fitsAccount = ({ account_reference: typed }: Payment, account: string): boolean =>
  typed === null || accountKey(typed) === "" || isSameAccount(typed, account);

/** Whether a standing account has it because it names it: no person put it there. */
export const isOfAccount = ({ checkout_id, allocations, receipt_source: source }: Payment): boolean =>
  checkout_id === null && allocations !== null && source === "notice";

/** Whether a standing account has it that is exactly this checkout's: a prompt of the checkout may have been paid by it. */
export const isOfSameAccount = (p: Payment, account: string): boolean =>
  isOfAccount(p) && isExactAccount(p.account_reference ?? "", account);

/**
 * Money of nobody, or of the standing account, loaded with the checkout, that may be what an attempt was paid by: the
 * earliest that fits, and that of the account after it. Money that went back, or is promised back, comes last; without it
 * the transfer would count twice. It is no money of the account any more as it is given here.
 */
export function findFree(state: Aggregate, attemptId: string, now: number): Payment | undefined {
  const since = pushedAt(state, attemptId) - CLOCK_SKEW_MS;
  const { account_reference: account } = state.checkout;
  const [found] = state.payments
    .filter((p) =>
      p.checkout_id === null && (p.status === "unmatched" || isGone(p) || isOfSameAccount(p, account)) &&
      p.amount === askedBy(state, attemptId) && p.paid_at !== null && fitsAccount(p, account) &&
      p.paid_at >= since && p.paid_at <= now + CLOCK_SKEW_MS
    )
    .toSorted((a, b) =>
      Number(isGoingBack(a)) - Number(isGoingBack(b)) || Number(isOfAccount(a)) - Number(isOfAccount(b)) || inTurn(a, b)
    );
  return found === undefined || isGone(found) ? found : { ...found, status: "unmatched" };
}

/**
 * The money that was inferred for a prompt of the checkout and gives way to `freed`, which may be that prompt's as well: it is
 * going back, or it moved later. So the order in which they came does not matter.
 */
export function findLater(state: Aggregate, freed: Payment): Payment | undefined {
  const { checkout, attempts, payments } = state;
  const moved = freed.paid_at;
  if (moved === null || !fitsAccount(freed, checkout.account_reference)) return undefined;
  const mayBeItsOwn = (p: Payment) =>
    attempts.some(({ id, created_at, ended_at }) =>
      id === p.attempt_id && moved >= created_at - CLOCK_SKEW_MS &&
      moved <= Math.max(p.created_at, ended_at ?? 0) + CLOCK_SKEW_MS
    );
  const [latest] = payments.filter((p) =>
    p.checkout_id === checkout.id && p.receipt_source === "inferred" && p.amount === freed.amount && mayBeItsOwn(p)
  ).toSorted((a, b) => inTurn(b, a));
  return latest !== undefined && inTurn(freed, latest) < 0 ? latest : undefined;
}

/** Sorts money that may be a prompt's: the earliest first, and what went back, or is promised back, last. */
const inTurn = (a: Payment, b: Payment): number =>
  Number(isGoingBack(a)) - Number(isGoingBack(b)) || (a.paid_at ?? 0) - (b.paid_at ?? 0) ||
  ((a.receipt ?? "") < (b.receipt ?? "") ? -1 : 1);

/** The payment without a receipt that stands for the same money as `seen`, which arrived at the paybill or till. */
export const findSameMoney = (state: Aggregate, seen: Payment): Payment | undefined =>
  state.payments.find((p) => p.receipt === null && isSameMoney(state, p, seen));

/** The money must have moved after the push was sent and before a query said paid. */
function isSameMoney({ attempts }: Aggregate, withoutReceipt: Payment, seen: Payment): boolean {
  if (withoutReceipt.amount !== seen.amount) return false;
  if (seen.paid_at === null) return Math.abs(seen.created_at - withoutReceipt.created_at) < MERGE_WINDOW_MS;
  const pushedAt = attempts.find((a) => a.id === withoutReceipt.attempt_id)?.created_at ?? withoutReceipt.created_at;
  return seen.paid_at >= pushedAt - CLOCK_SKEW_MS && seen.paid_at <= withoutReceipt.created_at + CLOCK_SKEW_MS;
}
