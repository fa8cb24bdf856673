import { mostOfParts, SHILLING } from "./due.ts";
import { isProven } from "./evidence.ts";
import { type Aggregate, heldOf, isByHand, type Payment, paymentsOfCheckout, replacePayment } from "./state.ts";
import { statusOfCheckout } from "./status.ts";

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
export function brokenSum(state: Aggregate): Payment[] {
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
 * gives such a sum. All parts are looked at, however many there are: if some were left out, the order in which they came
 * would decide. Of several choices it takes the one with the oldest parts.
 */
function partsAddingUpTo(amount: number, most: number, parts: readonly Payment[]): readonly Payment[] {
  const held = parts.map(heldOf);
  const total = held.reduce((sum, one) => sum + one, 0);
  if (total < amount) return [];
  const unit = held.every((one) => one % SHILLING === 0) ? SHILLING : 1;
  const units = held.map((one) => BigInt(one / unit));
  const least = Math.ceil(amount / unit);
  const sum = smallestSum(reachable(units, BigInt(Math.floor(Math.min(most, total) / unit))).at(-1) ?? 1n, least);
  return sum === null ? [] : choiceOf(parts, units, BigInt(sum));
}

/** For each number of parts, from 0 on: the sums up to `most` that some of so many oldest parts give, as the bits that are set. */
function reachable(units: readonly bigint[], most: bigint): bigint[] {
  const sums = [1n];
  const mask = (1n << (most + 1n)) - 1n;
  let last = 1n;
  for (const one of units) {
    last = (last | (last << one)) & mask;
    sums.push(last);
  }
  return sums;
}

/** The smallest bit that is set from `least` on; null: there is none. */
function smallestSum(sums: bigint, least: number): number | null {
  const bits = (sums >> BigInt(least)).toString(2);
  const fromEnd = bits.length - 1 - bits.lastIndexOf("1");
  return bits === "0" ? null : least + fromEnd;
}

/** Parts that give exactly `sum`, which some of them do. A part is left out where the parts before it give the sum too. */
function choiceOf(parts: readonly Payment[], units: readonly bigint[], sum: bigint): Payment[] {
  const before = reachable(units, sum);
  const chosen: Payment[] = [];
  let left = sum;
  for (let i = parts.length - 1; i >= 0 && left > 0n; i--) {
    const [part, one, sums] = [parts[i], units[i], before[i]];
    if (part === undefined || one === undefined || sums === undefined) continue;
    if (((sums >> left) & 1n) === 1n) continue;
    chosen.push(part);
    left -= one;
  }
  return chosen.reverse();
}
