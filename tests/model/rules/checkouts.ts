import { isTill, KEPT_WITHIN } from "../history.ts";
import type { Seen, SeenCheckout, SeenPayment } from "../seen.ts";
import type { Checkout, Transfer } from "../truth.ts";
import { isExactly, mayName } from "./accounts.ts";
import {
  appliedTo,
  checkoutOf,
  claimOf,
  isByHand,
  kes,
  partAt,
  type Played,
  takenBack,
  transferOf,
  type Violation,
} from "./violation.ts";

/** What each checkout is paid by: its own prompts, money whose account names it, and what a person matched to it. */
export function checkouts(played: Played): Violation[] {
  const found: Violation[] = [];
  for (const own of played.seen) {
    for (const shown of own.checkouts) {
      const checkout = checkoutOf(played.truth, shown.id);
      if (checkout === undefined) continue;
      const settling = own.payments.filter((p) =>
        p.checkout === shown.id || p.allocations.some((part) => part.checkout === shown.id)
      );
      found.push(
        ...rightful(played, checkout, settling),
        ...amounts(played, own, checkout, shown, settling),
        ...received(own, checkout, shown),
        ...shownAsPaid(played, own, checkout, shown),
        ...ended(played, checkout, shown),
      );
    }
  }
  return found;
}

/** Why money may count for a checkout; null: no reason. */
function rightful(played: Played, checkout: Checkout, settling: readonly SeenPayment[]): Violation[] {
  const found: Violation[] = [];
  for (const payment of settling) {
    const transfer = transferOf(played.truth, payment.receipt);
    if (transfer === undefined || isPlacedByHand(played, payment, transfer, checkout)) continue;
    if (transfer.place !== checkout.place && claimOf(played.truth, payment)) continue; // what only a file says
    const wrong = wrongfulness(played, checkout, transfer);
    if (wrong !== null) found.push({ ...wrong, about: checkout.label, till: isTill(checkout.place.index) });
  }
  return found;
}

/** A callback outranks a person who allocated a part; a match is refused where one has spoken. */
const isPlacedByHand = (played: Played, { id }: SeenPayment, transfer: Transfer, checkout: Checkout): boolean =>
  isByHand(played, id, checkout.id) && (transfer.prompt?.checkout === checkout || !transfer.told.has("callback") ||
    played.truth.deeds.some(({ kind, payment }) => kind === "match" && payment === id));

function wrongfulness(
  { truth }: Played,
  checkout: Checkout,
  transfer: Transfer,
): Pick<Violation, "rule" | "text"> | null {
  const { prompt, account, label } = transfer;
  if (prompt?.checkout === checkout) return null;
  // Prompts that are alike in place, account and amount can't be told apart but by a callback that names the receipt.
  const alike = prompt !== null && (prompt.checkout.account === checkout.account || account === null) &&
    prompt.checkout.place === checkout.place &&
    truth.prompts.some((p) => p.checkout === checkout && p.asked === transfer.amount);
  if (prompt !== null && transfer.told.has("callback")) {
    return {
      rule: "another_checkouts_money",
      text: `${label}, which a callback proved to be of ${prompt.checkout.label}, counts for ${checkout.label}`,
    };
  }
  if (alike) return null;
  if (account === null) {
    // A till's prompt and a walk-in of one amount can't be told apart either, until a callback speaks.
    const guess = truth.prompts.some((p) =>
      p.checkout === checkout && p.outcome === "paid" && p.asked === transfer.amount
    );
    return guess
      ? null
      : { rule: "paid_by_nothing", text: `${label}, paid at a till by nobody's prompt, counts for ${checkout.label}` };
  }
  if (!mayName(account, checkout.account)) {
    return { rule: "another_account", text: `${label} named "${account}" and counts for "${checkout.account}"` };
  }
  const meant = truth.checkouts.find((c) =>
    c !== checkout && c.place === checkout.place && isExactly(account, c.account) && c.amount === transfer.amount
  );
  if (meant !== undefined && !isExactly(account, checkout.account)) {
    return {
      rule: "another_account",
      text: `${label} named "${account}", the account of ${meant.label}, and counts for ${checkout.label}`,
    };
  }
  return null;
}

/** What settles a checkout is what it asks, unless a person said otherwise. */
function amounts(
  played: Played,
  own: Seen,
  checkout: Checkout,
  shown: SeenCheckout,
  settling: readonly SeenPayment[],
): Violation[] {
  const till = isTill(checkout.place.index);
  const matched = settling.filter(({ status }) => status === "matched" || status === "refunded");
  if (settling.some(({ id }) => isByHand(played, id, checkout.id))) return [];
  const applied = appliedTo(own, checkout.id);
  const sum = settling.filter(({ status }) => status === "matched").reduce(
    (total, { amount }) => total + amount,
    applied,
  );
  if (sum > checkout.amount + moreThanAsked(checkout)) {
    const text = `${kes(sum)} count as matched for ${checkout.label}, which asks ${kes(checkout.amount)}`;
    return [{ rule: "matched_too_much", about: checkout.label, text, till }];
  }
  if (
    shown.status === "succeeded" && matched.reduce((total, { amount }) => total + amount, applied) < checkout.amount
  ) {
    const text = `${checkout.label} is succeeded with ${kes(sum)} of ${kes(checkout.amount)}`;
    return [{ rule: "paid_by_nothing", about: checkout.label, text, till }];
  }
  return [];
}

/** A checkout whose own prompt was paid, as a callback or a query of M-Pesa says, ends as succeeded. */
function shownAsPaid({ truth }: Played, own: Seen, checkout: Checkout, shown: SeenCheckout): Violation[] {
  // What asked for a part settles only together with the others.
  const prompts = truth.prompts.filter((p) => p.checkout === checkout && p.asked === checkout.amount);
  // Where the answer to the push was lost, or a query called it failed, only a callback can still prove it.
  const proven = prompts.some(({ outcome, plan, transfer, denied, answerLost }) =>
    outcome === "paid" && ((plan.answer === "accepted" && !answerLost && !denied) || transfer?.told.has("callback"))
  );
  if (!proven || shown.status === "succeeded" || prompts.some((p) => p.contradicted)) return [];
  // The prompt's own money was taken back, or that of one that can't be told apart from it.
  if (own.payments.some((p) => p.checkout === checkout.id && takenBack(truth, p.receipt))) return [];
  const back = own.refunds.some((r) => own.payments.some((p) => p.id === r.payment && p.checkout === checkout.id));
  if (back) return []; // money that went back before it settled anything leads to review
  const text = `${checkout.label} was paid by its own prompt, as M-Pesa says, and is ${shown.status}`;
  return [{ rule: "paid_and_not_shown", about: checkout.label, text, till: isTill(checkout.place.index) }];
}

/** Cents that may settle a checkout beyond what it asks. */
const moreThanAsked = ({ overpayment }: Checkout): number =>
  overpayment === "refund_difference" ? Infinity : overpayment === "keep_within" ? KEPT_WITHIN * 100 : 0;

/** What a checkout calls received is what is held of its money, and what is due is the rest of it. */
function received(own: Seen, checkout: Checkout, shown: SeenCheckout): Violation[] {
  const held = own.payments.reduce((sum, p) => sum + partAt(own, p, checkout.id), appliedTo(own, checkout.id));
  const due = shown.status === "succeeded" ? 0 : Math.max(0, checkout.amount - held);
  if (shown.amount_received === held && shown.amount_due === due) return [];
  const text = `${checkout.label} says ${kes(shown.amount_received)} received and ${kes(shown.amount_due)} due, and ` +
    `${kes(held)} is held`;
  return [{ rule: "received_differs", about: checkout.label, text }];
}

/** After all plans have ended nothing is pending. */
function ended(_: Played, checkout: Checkout, shown: SeenCheckout): Violation[] {
  if (shown.status !== "pending" && shown.status !== "open") return [];
  const text = `${checkout.label} is still ${shown.status}, though its time is over`;
  return [{ rule: "stuck", about: checkout.label, text, till: isTill(checkout.place.index) }];
}
