import type { Seen, SeenPayment, SeenRefund } from "../seen.ts";
import type { Out, Transfer } from "../truth.ts";
import {
  checkoutOf,
  claimOf,
  isLeftByHand,
  kes,
  type Played,
  type RuleName,
  takenBack,
  transferOf,
  type Violation,
} from "./violation.ts";

/** What went out: never more than came in, only for money that is there, and every change of mind is told. */
export function outgoing(played: Played): Violation[] {
  const found: Violation[] = played.truth.notes.map(({ rule, about, text }) => ({
    rule: rule as RuleName, // notes are taken under the names of rules
    about,
    text,
  }));
  found.push(...perCustomer(played));
  for (const own of played.seen) {
    for (const refund of own.refunds) found.push(...ofRefund(played, own, refund));
    found.push(...ofPayouts(played, own));
    found.push(...overpaid(played, own), ...shownTakenBack(played, own));
    for (const checkout of own.checkouts) found.push(...held(played, own, checkout.id));
  }
  return found;
}

/** A source or a person called a refund failed that was done: then M-Pesa may be asked again, and it shows afterwards. */
const misled = ({ truth }: Played): boolean =>
  truth.outs.some(({ denied }) => denied) || truth.deeds.some(({ kind }) => kind === "resolve");

/** Nobody gets back more than they paid. Each customer has a phone of their own. */
function perCustomer(played: Played): Violation[] {
  const { truth } = played;
  if (misled(played)) return [];
  const found: Violation[] = [];
  found.push(...afterTakenBack(played));
  for (const phone of new Set(truth.outs.map((out) => out.phone))) {
    const paid = truth.transfers.filter((t) => t.phone === phone);
    if (paid.some(({ receipt }) => takenBack(truth, receipt))) continue; // others may do what the merchant did
    const back = truth.outs.filter((out) => out.phone === phone && out.done);
    const sum = (list: readonly { amount: number }[]) => list.reduce((total, { amount }) => total + amount, 0);
    const asked = truth.payouts.filter((payout) => payout.phone === phone);
    if (sum(back) <= sum(paid) + sum(asked)) continue;
    const label = [...paid, ...asked].map((t) => t.label).join(" and ") || "somebody who never paid";
    const text = `${kes(sum(back))} went to the customer of ${label}, who was owed ${kes(sum(paid) + sum(asked))}`;
    found.push({ rule: "went_back_too_often", about: label, text });
  }
  return found;
}

/** Once M-Pesa's list says that somebody else gave the money back, nothing more of it leaves. */
function afterTakenBack({ truth, graceMs }: Played): Violation[] {
  return truth.outs.flatMap((foreign): Violation[] => {
    if (!foreign.isForeign || foreign.listedAt === null) return [];
    const told = foreign.listedAt + graceMs;
    const again = truth.outs.find((out) => !out.isForeign && out.done && out.phone === foreign.phone && out.at > told);
    if (again === undefined) return [];
    const label = foreign.of?.label ?? "money";
    const text = `${kes(again.amount)} went back for ${label} by ${again.kind}, after M-Pesa's list said that it had`;
    return [{ rule: "went_back_too_often", about: label, text }];
  });
}

/** A payment that somebody else reversed is shown so, once: taken back, or as a refund of ours that may have asked for it. */
function shownTakenBack(played: Played, own: Seen): Violation[] {
  return own.payments.flatMap((payment): Violation[] => {
    const foreign = takenBack(played.truth, payment.receipt);
    const isHere = foreign !== undefined && foreign.place.number === payment.shortcode;
    const ours = own.refunds.filter((r) => r.payment === payment.id && r.method === "reversal");
    const taken = payment.amount_taken_back + (ours.some(({ status }) => status === "succeeded") ? payment.amount : 0);
    const label = labelOf(played, payment);
    if (isHere && (taken === payment.amount || ours.some((r) => r.needs_person))) return [];
    if (!isHere && payment.amount_taken_back === 0) return [];
    const text = isHere
      ? `somebody else reversed ${label} of ${kes(payment.amount)}, and ${kes(taken)} are shown as reversed`
      : `${label} is shown as taken back, and nobody reversed it`;
    return [{ rule: "not_taken_back", about: label, text }];
  });
}

/** A refund is for a payment that a transfer of its own explains, and goes to the customer who paid that. */
function ofRefund(played: Played, own: Seen, refund: SeenRefund): Violation[] {
  const { truth } = played;
  const payment = own.payments.find(({ id }) => id === refund.payment);
  const outs = outsOf(played, own, refund);
  const done = outs.some((out) => out.done);
  const label = labelOf(played, payment);
  if (done && (refund.status === "failed" || refund.status === "in_doubt") && !refund.needs_person) {
    const text = `the refund of ${label} is ${refund.status}, and its money went back`;
    return [{ rule: "wrong_outcome", about: label, text }];
  }
  const resolved = truth.deeds.some((deed) => deed.kind === "resolve" && deed.refund === refund.id);
  const isReversed = refund.method === "reversal" && takenBack(truth, payment?.receipt ?? null) !== undefined;
  if (!done && refund.status === "succeeded" && !resolved && !isReversed) {
    return [{ rule: "wrong_outcome", about: label, text: `the refund of ${label} succeeded, and no money went back` }];
  }
  if (!done || payment === undefined) return [];
  return [...proof(played, payment, label), ...payee(played, payment, outs, label)];
}

/** A payout is succeeded exactly when its money went out, and nothing of it is left open unless a person is asked. */
function ofPayouts({ truth }: Played, own: Seen): Violation[] {
  return truth.payouts.filter(({ place }) => place.merchant === own.merchant).flatMap((payout): Violation[] => {
    const { label } = payout;
    const shown = own.payouts.find(({ id }) => id === payout.id);
    if (shown === undefined) {
      return [{ rule: "money_lost", about: label, text: `the payout ${label} is not shown` }];
    }
    const isDone = truth.outs.some((out) => out.originator === shown.originator_conversation_id && out.done);
    const isOpen = ["awaiting_approval", "queued", "submitted", "in_doubt"].includes(shown.status);
    const text = `${label} is ${shown.status}, and its money ${isDone ? "went out" : "did not go out"}`;
    if (isOpen && !shown.needs_person) return [{ rule: "stuck", about: label, text }];
    const resolved = truth.deeds.some(({ kind }) => kind === "resolve");
    const isRight = isOpen || resolved || (shown.status === "succeeded") === isDone;
    return isRight ? [] : [{ rule: "wrong_outcome", about: label, text }];
  });
}

/** A payment with a receipt of M-Pesa's, or the one receiptless payment of a prompt that was paid. */
function proof({ truth }: Played, payment: SeenPayment, label: string): Violation[] {
  if (transferOf(truth, payment.receipt) !== undefined) return [];
  const text = `a payment of ${label} was refunded that no transfer of its own stands for`;
  return [{ rule: "refund_without_money", about: label, text }];
}

/** The money of a checkout goes back to who paid that checkout. */
function payee(played: Played, payment: SeenPayment, outs: readonly Out[], label: string): Violation[] {
  const { truth } = played;
  const checkout = checkoutOf(truth, payment.checkout);
  if (checkout === undefined) return [];
  const payers = truth.transfers.filter((t) => isPaidFor(played, t, payment)).map((t) => t.phone);
  const stranger = outs.find((out) => out.done && !payers.includes(out.phone));
  if (stranger === undefined) return [];
  const text = `the refund of ${label} went to a customer who did not pay ${checkout.label}`;
  return [{ rule: "went_to_stranger", about: label, text, till: checkout.place.index % 2 === 1 }];
}

function isPaidFor({ truth }: Played, transfer: Transfer, payment: SeenPayment): boolean {
  if (transfer.prompt !== null) {
    return transfer.prompt.checkout.id === payment.checkout || transfer.receipt === payment.receipt;
  }
  if (transfer.receipt !== payment.receipt) return false;
  const matched = truth.deeds.some((d) => (d.kind === "match" || d.kind === "allocate") && d.payment === payment.id);
  return matched || transfer.account !== null;
}

/** The requests that a refund sent, by the address for their results or by the payout's own id. */
function outsOf({ truth, resultUrlsOf }: Played, own: Seen, refund: SeenRefund): Out[] {
  if (refund.method === "reversal") {
    const urls = resultUrlsOf(refund.id);
    return truth.outs.filter((out) => urls.includes(out.resultUrl));
  }
  const payout = own.payouts.find(({ id }) => id === refund.payout);
  return truth.outs.filter((out) => out.originator === payout?.originator_conversation_id);
}

const labelOf = ({ truth }: Played, payment: SeenPayment | undefined): string =>
  transferOf(truth, payment?.receipt ?? null)?.label ?? checkoutOf(truth, payment?.checkout ?? null)?.label ?? "money";

/** Where more went back than was paid, because M-Pesa or a person called something failed, an alert says so. */
function overpaid(played: Played, own: Seen): Violation[] {
  if (!misled(played) && !played.truth.outs.some(({ isForeign }) => isForeign)) return [];
  const found: Violation[] = [];
  for (const payment of own.payments) {
    const refunds = own.refunds.filter((r) => r.payment === payment.id && r.status === "succeeded");
    const back = refunds.reduce((total, { amount }) => total + amount, payment.amount_taken_back);
    if (back <= payment.amount) continue;
    const subjects = [payment.id, ...refunds.flatMap(({ id, payout }) => [id, payout])];
    const told = played.alerts.some(({ fields }) => Object.values(fields).some((v) => subjects.includes(v as string)));
    const asked = refunds.some(({ needs_person }) => needs_person);
    if (told || asked) continue;
    const label = labelOf(played, payment);
    const text = `${kes(back)} went back for ${label} of ${kes(payment.amount)}, and no alert says so`;
    found.push({ rule: "hidden_overpayment", about: label, text });
  }
  return found;
}

/** What a checkout holds by the service's word is what came in for it less what went back. */
function held(played: Played, own: Seen, id: string): Violation[] {
  const money = own.payments.filter((p) => p.checkout === id);
  const refunds = own.refunds.filter((r) => money.some((p) => p.id === r.payment));
  const sum = (list: readonly { amount: number }[]) => list.reduce((total, { amount }) => total + amount, 0);
  const taken = money.reduce((total, { amount_taken_back: amount }) => total + amount, 0);
  const shown = sum(money) - taken - sum(refunds.filter(({ status }) => status === "succeeded"));
  const arrived = sum(money.flatMap((p) => {
    const transfer = transferOf(played.truth, p.receipt);
    return (transfer?.place.number === p.shortcode ? transfer : claimOf(played.truth, p)) ?? [];
  })) +
    sum(money.filter((p) => isLeftByHand(played, p)));
  const outs = new Set([
    ...refunds.flatMap((r) => outsOf(played, own, r)).filter(({ done }) => done),
    ...money.flatMap((p) => {
      const foreign = takenBack(played.truth, p.receipt);
      return foreign?.place.number === p.shortcode ? foreign : []; // what only a file claims for another place stays
    }),
  ]);
  const real = arrived - sum([...outs]);
  const below = shown < 0 && !misled(played) && taken === 0;
  if (shown === real && !below) return [];
  const label = checkoutOf(played.truth, id)?.label ?? "a checkout";
  const text = `${label} holds ${kes(shown)} by the service's word, and ${kes(real)} in truth`;
  return [{ rule: "held_differs", about: label, text }];
}
