import { accountKey } from "../../settlement/account-key.ts";
import { chooseCheckout } from "./choose.ts";
import { derive } from "./derive.ts";
import { Evidence, has } from "./evidence.ts";
import { findSameMoney } from "./find-money.ts";
import { isGone, toFree } from "./link.ts";
import { seatMoney } from "./seat.ts";
import { type Aggregate, isGoingBack, type Payment, type Pool, withoutPayment } from "./state.ts";
import { isWhole } from "./due.ts";
import { statusOfArrival } from "./status.ts";

/** Each move takes money nearer to where all that is known puts it, so few rounds are needed; more would be a circle. */
const MOST_MOVES = 50;

/**
 * Puts the money of a pool where all that is known of it says, whatever order the notices came in. First each prompt that
 * was paid gets money that can be its own. Then money that only its account names is chosen for anew, where it settles
 * nothing: it was unmatched, a duplicate, or its checkout was paid by its own prompt. What settled a checkout stays.
 * `newId` gives the id of a payment without a receipt.
 */
export function placeMoney(pool: Pool, now: number, newId: () => string): Pool {
  let next = seatMoney(pool, now, newId);
  const made = new Set<string>();
  for (let moves = 0; moves < MOST_MOVES; moves++) {
    const moved = moveNamed(next, now, made);
    if (moved === null) return next;
    next = moved;
  }
  return next;
}

/** The pool after the first move of money that its account names elsewhere; null where all of it is in its place. */
function moveNamed({ states, free }: Pool, now: number, made: Set<string>): Pool | null {
  const money = [
    ...free.filter((p) => isNamed(p) && p.status === "unmatched"),
    ...states.flatMap((state) => state.payments.filter((p) => isMovable(state, p))),
  ].toSorted((a, b) => movedAt(a) - movedAt(b) || ((a.receipt ?? "") < (b.receipt ?? "") ? -1 : 1));
  for (const payment of money) {
    const without: Pool = {
      free: free.filter(({ id }) => id !== payment.id),
      states: states.map((state) =>
        payment.checkout_id === state.checkout.id ? derive(withoutPayment(state, payment), now) : state
      ),
    };
    const target = chooseCheckout(without.states.map(({ checkout }) => checkout), {
      accountReference: payment.account_reference,
      amount: payment.amount,
      paidAt: payment.paid_at,
    })?.id ?? null;
    const move = `${payment.id} ${target}`;
    if (target === payment.checkout_id || made.has(move)) continue;
    const placed = target === null ? toFreePool(without, payment) : addTo(without, target, payment, now);
    if (placed === null) continue;
    made.add(move);
    return placed;
  }
  return null;
}

const movedAt = ({ paid_at, created_at }: Payment): number => paid_at ?? created_at;

/** Money that only its account gives to a checkout, and of which nothing goes back. */
const isNamed = (p: Payment): boolean =>
  p.receipt !== null && p.receipt_source === "notice" && p.attempt_id === null && !isGone(p) && !isGoingBack(p) &&
  accountKey(p.account_reference ?? "") !== "";

/** Whether this checkout has money that may have another place, whatever else there is at its account. */
export const hasMovable = (state: Aggregate): boolean => state.payments.some((p) => isMovable(state, p));

const isMovable = (state: Aggregate, p: Payment): boolean =>
  p.checkout_id === state.checkout.id && isNamed(p) && (p.status === "duplicate_payment" || isPaidByPrompt(state));

const isPaidByPrompt = ({ attempts }: Aggregate): boolean =>
  attempts.filter(isWhole).some(({ evidence }) =>
    has(evidence, Evidence.exact | Evidence.claimed) && !has(evidence, Evidence.mismatch)
  );

const toFreePool = ({ states, free }: Pool, payment: Payment): Pool => ({ states, free: [...free, toFree(payment)] });

function addTo({ states, free }: Pool, target: string, payment: Payment, now: number): Pool | null {
  const state = states.find(({ checkout }) => checkout.id === target);
  if (state === undefined || findSameMoney(state, payment) !== undefined) return null;
  const status = statusOfArrival(state, payment.amount);
  const added = { ...state, payments: [...state.payments, { ...payment, checkout_id: target, status }] };
  return { free, states: states.map((s) => (s === state ? derive(added, now) : s)) };
}
