import { mostOfParts } from "./due.ts";
import { isProven } from "./evidence.ts";
import { type Aggregate, heldOf, isByHand, type Payment, paymentsOfCheckout, replacePayment } from "./state.ts";
import { statusOfCheckout } from "./status.ts";

/** The search for parts doubles with each part, so only the newest are looked at. */
const MAX_PARTS = 12;

/**
 * Decides about partial payments (ADR 0011). They wait until what is held of some of them adds up to the amount. Those
 * then settle the checkout, and the payment of an attempt in doubt becomes a duplicate. Parts that are left over when the
 * checkout is paid become duplicates too, to be refunded.
 */
export function settleParts(changed: Aggregate, now: number): Aggregate {
  const setStatus = (to: Aggregate, payments: readonly Payment[], status: Payment["status"]): Aggregate =>
    payments.reduce((next, p) => replacePayment(next, { ...p, status }, now), to);
  const state = setStatus(changed, brokenSum(changed), "partial");
  if (statusOfCheckout(state) === "succeeded") return setStatus(state, openParts(state), "duplicate_payment");
  const { checkout } = state;
  const given = checkout.amount_allocated;
  const open = openParts(state).filter((p) => heldOf(p) > 0);
  const parts = partsAddingUpTo(checkout.amount - given, mostOfParts(checkout) - given, open);
  if (parts.length === 0) return setStatus(state, openParts(state), "partial");
  const inDoubt = paymentsOfCheckout(state).filter((p) => p.status === "matched");
  const settled = setStatus(setStatus(state, inDoubt, "duplicate_payment"), parts, "matched");
  return setStatus(settled, openParts(settled), "duplicate_payment");
}

/** Cents that its own payments have to bring: the rest was given to it from others. */
const dueOf = ({ checkout }: Aggregate): number => checkout.amount - checkout.amount_allocated;

/** Payments of less than the amount that do not count towards the checkout yet. */
const openParts = (state: Aggregate): Payment[] =>
  paymentsOfCheckout(state).filter((p) =>
    isPart(state, p) && (p.status === "partial" || p.status === "duplicate_payment")
  );

/** Less than the amount, from the paybill or a prompt of the rest. That of a prompt in doubt counts for nothing. */
const isPart = (state: Aggregate, p: Payment): boolean => p.amount < state.checkout.amount && !isInDoubt(state, p);

const isInDoubt = ({ attempts }: Aggregate, { attempt_id }: Payment): boolean =>
  attempts.some((a) => a.id === attempt_id && !isProven(a.evidence));

/** Parts that settled the checkout together with one that has turned out to be another checkout's: they wait again. */
function brokenSum(state: Aggregate): Payment[] {
  const payments = paymentsOfCheckout(state);
  if (payments.some(isByHand)) return [];
  const doubtful = payments.filter((p) =>
    p.amount < state.checkout.amount && p.status === "matched" && isInDoubt(state, p)
  );
  const counted = payments.filter((p) => isPart(state, p) && (p.status === "matched" || p.status === "refunded"));
  const sum = counted.reduce((total, { amount, amount_taken_back: taken }) => total + amount - taken, 0);
  return sum >= dueOf(state) ? doubtful : [...doubtful, ...counted.filter(({ status }) => status === "matched")];
}

/**
 * Parts of which `amount` (cents) is held together, or as little more as can be, up to `most`; none where no choice of them
 * gives such a sum.
 */
function partsAddingUpTo(amount: number, most: number, parts: readonly Payment[]): readonly Payment[] {
  let choices = new Map<number, readonly Payment[]>([[0, []]]);
  for (const part of parts.slice(-MAX_PARTS)) {
    const more = [...choices].map(([sum, chosen]) => [sum + heldOf(part), [...chosen, part]] as const);
    choices = new Map([...more.filter(([sum]) => sum <= most), ...choices]);
  }
  const enough = [...choices.keys()].filter((sum) => sum >= amount);
  return enough.length === 0 ? [] : choices.get(Math.min(...enough)) ?? [];
}
