import { derive } from "./derive.ts";
import { findSameMoney } from "./find-money.ts";
import { isGone, linkPayment, noDetails, toFree } from "./link.ts";
import { type Aggregate, isGoingBack, mergePayment, type Payment, replacePayment } from "./state.ts";

/** The checkout after a person's word, and the payment that has lost its place to the one that the person chose. */
export interface Placed {
  readonly state: Aggregate;
  /** As unmatched money; it is among `state.payments`. */
  readonly freed: Payment | null;
}

/**
 * A person says that the payment is what a prompt of this checkout was paid by. It takes the place of the prompt's payment
 * without a receipt, or of one that was only inferred for it. Null where the checkout has neither of that amount: then the
 * payment is money beside the prompts. It must be among `before.payments`.
 */
export function placeByPerson(before: Aggregate, paymentId: string, now: number): Placed | null {
  const chosen = before.payments.find(({ id }) => id === paymentId);
  if (chosen === undefined || chosen.receipt === null || isGone(chosen)) return null;
  const placeholder = findSameMoney(before, chosen) ?? ofPrompt(before, chosen, ({ receipt }) => receipt === null);
  const linked = (to: Aggregate, { attempt_id, status }: Payment) =>
    derive(linkPayment(to, { ...chosen, receipt_source: "person", status }, attempt_id, noDetails, now), now);
  if (placeholder !== undefined) {
    return { state: linked(mergePayment(before, placeholder, chosen.id), placeholder), freed: null };
  }
  const inferred = ofPrompt(before, chosen, (p) => p.receipt_source === "inferred" && !isGoingBack(p));
  if (inferred === undefined) return null;
  const freed = toFree(inferred);
  return { state: linked(replacePayment(before, freed, now), inferred), freed };
}

/** The payment of a prompt of this checkout that `accepts` allows, with the amount of `chosen`: one that settles comes first. */
const ofPrompt = (
  { checkout, payments }: Aggregate,
  chosen: Payment,
  accepts: (payment: Payment) => boolean,
): Payment | undefined =>
  payments.filter((p) =>
    p.id !== chosen.id && p.checkout_id === checkout.id && p.attempt_id !== null && p.amount === chosen.amount &&
    accepts(p)
  ).toSorted((a, b) => Number(b.status === "matched") - Number(a.status === "matched"))[0];
