import { isTill } from "../history.ts";
import type { Seen, SeenPayment } from "../seen.ts";
import type { Transfer } from "../truth.ts";
import { checkoutOf, isLeftByHand, kes, type Played, transferOf, type Violation } from "./violation.ts";

/**
 * Payments equal the transfers that happened: one payment for each, by receipt, at the merchant and shortcode where the
 * money is, with its amount. At the end M-Pesa has named every receipt, so a payment without one is one too many.
 */
export function incoming(played: Played): Violation[] {
  const { truth, seen } = played;
  const found: Violation[] = [];
  for (const transfer of truth.transfers) found.push(...ofTransfer(played, transfer));
  for (const one of seen) {
    for (const payment of one.payments) {
      if (transferOf(truth, payment.receipt) === undefined && !isLeftByHand(played, payment)) {
        found.push(...withoutTransfer(one, payment, played));
      }
    }
    found.push(...strangers(one, played));
  }
  return found;
}

function ofTransfer({ truth, seen }: Played, transfer: Transfer): Violation[] {
  const { place, receipt, label, amount } = transfer;
  const till = isTill(place.index);
  const own = seen.find(({ merchant }) => merchant === place.merchant);
  const payment = own?.payments.find((p) => p.receipt === receipt);
  if (payment === undefined) {
    const elsewhere = seen.some((one) => one.payments.some((p) => p.receipt === receipt));
    const text = `no payment of ${place.merchant.name} has the receipt of ${label} (${kes(amount)})`;
    return [{ rule: elsewhere ? "wrong_merchant_or_shortcode" : "money_lost", about: label, text, till }];
  }
  if (payment.shortcode !== place.number) {
    const text = `the payment of ${label} is booked at another shortcode`;
    return [{ rule: "wrong_merchant_or_shortcode", about: label, text, till }];
  }
  if (payment.amount !== amount) {
    const claimed = truth.claims.some((claim) => claim.receipt === receipt);
    const text = `the payment of ${label} is ${kes(payment.amount)}, and ${kes(amount)} was paid` +
      (claimed ? " (a statement was uploaded)" : "");
    return [{ rule: "wrong_amount", about: label, text, till }];
  }
  return [];
}

/** A payment that no transfer explains: one without a receipt, or one that only an upload claims. */
function withoutTransfer(own: Seen, payment: SeenPayment, { truth }: Played): Violation[] {
  const checkout = checkoutOf(truth, payment.checkout);
  const about = checkout?.label ?? "money";
  const till = checkout === undefined ? undefined : isTill(checkout.place.index);
  const text = payment.receipt === null
    ? `a payment of ${
      kes(payment.amount)
    } without a receipt is left at ${own.merchant.name}, beside all receipts of M-Pesa`
    : `a payment of ${kes(payment.amount)} has a receipt that M-Pesa never gave`;
  return [{ rule: "counted_twice", about, text, ...(till === undefined ? {} : { till }) }];
}

/** Neither money nor ids of another merchant are shown. */
function strangers({ merchant, payments, checkouts }: Seen, { truth }: Played): Violation[] {
  const found: Violation[] = [];
  for (const payment of payments) {
    const transfer = transferOf(truth, payment.receipt);
    if (transfer === undefined || transfer.place.merchant === merchant) continue;
    if (truth.claims.some((c) => c.receipt === payment.receipt && c.place.merchant === merchant)) continue;
    const text = `${merchant.name} sees the payment of ${transfer.label}, which is ${transfer.place.merchant.name}'s`;
    found.push({ rule: "stranger_sees", about: transfer.label, text });
  }
  const ids = new Set(payments.map(({ id }) => id));
  for (const { id, payment } of checkouts) {
    if (payment === null || ids.has(payment.id)) continue;
    const label = checkoutOf(truth, id)?.label ?? "a checkout";
    found.push({ rule: "stranger_sees", about: label, text: `${label} shows a payment that is not its merchant's` });
  }
  return found;
}
