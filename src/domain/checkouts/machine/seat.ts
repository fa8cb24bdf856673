import { accountKey, isExactAccount } from "../../settlement/account-key.ts";
import { derive } from "./derive.ts";
import { Evidence, has } from "./evidence.ts";
import { askedBy, asksPart } from "./due.ts";
import { CLOCK_SKEW_MS, fitsAccount, isOfAccount, isOfSameAccount, wasHereBefore } from "./find-money.ts";
import { createPayment, isGone, noDetails, toFree } from "./link.ts";
import { type Aggregate, type Attempt, isGoingBack, mergePayment, type Payment, type Pool } from "./state.ts";
import { statusOfArrival } from "./status.ts";

/** A prompt that was paid, and whose receipt no callback has named: it has inferred money, a placeholder, or nothing. */
interface Seat {
  readonly state: Aggregate;
  readonly attempt: Attempt;
  readonly placeholder: Payment | undefined;
  readonly inferred: Payment | undefined;
}

/**
 * Gives each prompt that was paid and has no receipt money that can be its own, as an inference. Where all that fits is
 * inferred for other prompts, these take other money that fits them, if there is any (an augmenting path). Money that is
 * free comes first, and duplicates, then what a standing account has, then money that pays another checkout only by its
 * account, then what is going back. A prompt for which nothing is found keeps its placeholder, or gets one.
 */
export function seatMoney(pool: Pool, now: number, newId: () => string): Pool {
  const seats = pool.states.flatMap((state) => seatsOf(state));
  const lacking = seats.filter(({ inferred }) => inferred === undefined);
  if (lacking.length === 0) return pool;
  const money = [
    ...pool.free,
    ...pool.states.flatMap(({ checkout, payments }) => payments.filter((p) => p.checkout_id === checkout.id)),
  ].filter(isOpenToInference);
  const taken = new Map(seats.flatMap((seat) => seat.inferred === undefined ? [] : [[seat.inferred.id, seat]]));
  for (const seat of lacking) {
    for (const worst of [1, 2, 3, 4]) {
      if (findFor(seat, money, taken, pool, worst, new Set(), now)) break;
    }
  }
  return applySeats(pool, seats, taken, now, newId);
}

/** Whether a prompt of this checkout was paid, and no receipt is known for it. */
export const lacksReceipt = (state: Aggregate): boolean =>
  seatsOf(state).some(({ inferred }) => inferred === undefined);

function seatsOf(state: Aggregate): Seat[] {
  return state.attempts.flatMap((attempt): Seat[] => {
    if (!has(attempt.evidence, Evidence.exact | Evidence.claimed)) return [];
    const own = state.payments.filter((p) => p.attempt_id === attempt.id);
    const inferred = own.find((p) => p.receipt !== null);
    if (inferred !== undefined && inferred.receipt_source !== "inferred") return [];
    return [{ state, attempt, placeholder: own.find((p) => p.receipt === null), inferred }];
  });
}

const isOpenToInference = (p: Payment): boolean =>
  p.receipt !== null && p.paid_at !== null &&
  (p.receipt_source === "inferred" || (p.receipt_source === "notice" && p.attempt_id === null) || isTakenAway(p));

/** Whether it is money that no prompt was paid by and that names no account, so that only its amount says whose it may be. */
export const isSpare = (p: Payment): boolean =>
  isOpenToInference(p) && p.attempt_id === null && accountKey(p.account_reference ?? "") === "" &&
  (p.checkout_id === null || p.status === "duplicate_payment");

/** A person has taken it from its place, and put it to no other. */
const isTakenAway = ({ receipt_source: source, status }: Payment): boolean =>
  source === "person" && status === "unmatched";

/** How dear it is to take money from where it is. */
function costOf({ state }: Seat, p: Payment): number {
  if (isGone(p) || isGoingBack(p)) return 4;
  if (isOfAccount(p)) return 2;
  if (p.checkout_id === null || p.checkout_id === state.checkout.id || p.status === "duplicate_payment") return 1;
  return p.receipt_source === "inferred" ? 1 : 3;
}

function fits({ state, attempt, placeholder }: Seat, p: Payment, pool: Pool, now: number): boolean {
  const { checkout } = state;
  if (asksPart(state, attempt.id) && p.checkout_id === checkout.id && wasHereBefore(state, attempt.id, p)) return false;
  if (p.amount !== askedBy(state, attempt.id) || p.shortcode_id !== checkout.shortcode_id || p.paid_at === null) {
    return false;
  }
  if (!fitsAccount(p, checkout.account_reference) || namesAnother(pool, checkout.account_reference, p)) return false;
  if (isOfAccount(p) && !isOfSameAccount(p, checkout.account_reference)) return false;
  const known = placeholder?.created_at ?? attempt.ended_at ?? now;
  return p.paid_at >= attempt.created_at - CLOCK_SKEW_MS && p.paid_at <= known + CLOCK_SKEW_MS;
}

/** Whether the account that was typed is exactly another checkout's, and only spelt like this one. */
export function namesAnother(
  pool: Pick<Pool, "states">,
  account: string,
  { account_reference: typed }: Payment,
): boolean {
  if (typed === null || accountKey(typed) === "" || isExactAccount(typed, account)) return false;
  return pool.states.some(({ checkout }) => isExactAccount(typed, checkout.account_reference));
}

/** Looks for money for a seat; may move inferred money of other seats. Changes `taken` only where it finds some. */
function findFor(
  seat: Seat,
  money: readonly Payment[],
  taken: Map<string, Seat>,
  pool: Pool,
  worst: number,
  visited: Set<string>,
  now: number,
): boolean {
  const choices = money.filter((p) => costOf(seat, p) <= worst && fits(seat, p, pool, now)).toSorted((a, b) =>
    Number(taken.has(a.id)) - Number(taken.has(b.id)) || costOf(seat, a) - costOf(seat, b) ||
    (a.paid_at ?? 0) - (b.paid_at ?? 0) || ((a.receipt ?? "") < (b.receipt ?? "") ? -1 : 1)
  );
  for (const p of choices) {
    if (visited.has(p.id)) continue;
    visited.add(p.id);
    const holder = taken.get(p.id);
    if (holder !== undefined && !findFor(holder, money, taken, pool, worst, visited, now)) continue;
    taken.set(p.id, seat);
    return true;
  }
  return false;
}

/** Writes into the states what was found, and derives those that changed. */
function applySeats(
  pool: Pool,
  seats: readonly Seat[],
  taken: ReadonlyMap<string, Seat>,
  now: number,
  newId: () => string,
): Pool {
  const newMoney = new Map<Seat, Payment>();
  const all = [...pool.free, ...pool.states.flatMap(({ payments }) => payments)];
  for (const payment of all) {
    const seat = taken.get(payment.id);
    if (seat !== undefined && seat.inferred?.id !== payment.id) newMoney.set(seat, payment);
  }
  const moved = new Set([...newMoney.values()].map(({ id }) => id));
  const states = pool.states.map((state) => {
    const own = seats.filter((seat) => seat.state === state);
    let next: Aggregate = { ...state, payments: state.payments.filter(({ id }) => !moved.has(id)) };
    for (const seat of own) {
      const money = newMoney.get(seat);
      if (money !== undefined) next = sit(next, seat, money);
      else if (seat.inferred === undefined && seat.placeholder === undefined) {
        next = createPayment(next, seat.attempt.id, { ...noDetails, paymentId: newId() }, now);
      }
    }
    const isSame = next.payments.length === state.payments.length &&
      next.payments.every((p, i) => p === state.payments[i]);
    return isSame ? state : derive(next, now);
  });
  return { states, free: pool.free.filter(({ id }) => !moved.has(id)) };
}

function sit(state: Aggregate, { attempt, placeholder, inferred }: Seat, money: Payment): Aggregate {
  const without = notSettledBy(
    placeholder === undefined ? state : mergePayment(state, placeholder, money.id),
    placeholder,
    money,
  );
  const before = placeholder?.status ?? inferred?.status;
  const status = isGone(money)
    ? money.status
    : before === undefined || before === "refunded" || before === "taken_back"
    ? statusOfArrival(without, money.amount)
    : before;
  const linked: Payment = {
    ...toFree(money),
    checkout_id: state.checkout.id,
    attempt_id: attempt.id,
    receipt_source: "inferred",
    channel: "stk",
    status,
  };
  return { ...without, payments: [...without.payments, linked] };
}

/** What went back of the money had gone back before it was this prompt's, so the checkout does not stay settled by it. */
const notSettledBy = (state: Aggregate, placeholder: Payment | undefined, money: Payment): Aggregate =>
  placeholder?.status === "matched" && isGoingBack(money) && state.checkout.status === "succeeded"
    ? { ...state, checkout: { ...state.checkout, status: "review" } }
    : state;
