import type { PaymentView } from "../../domain/checkouts/payment-contract.ts";
import { listRefunds } from "../../domain/refunds/read.ts";
import { shillings } from "../../lib/shillings.ts";
import { Chip } from "../kit/chip.tsx";
import type { Fact, Related } from "../kit/detail-page.tsx";
import { Unknown, WhenLong } from "../kit/values.tsx";
import { mayUse, type Visit } from "../kit/visit.ts";
import { Payer } from "./columns.tsx";
import { paymentsText } from "./text.ts";

const MOST_REFUNDS = 10;

/** What a payment's page says of it. */
export function paymentFacts(row: PaymentView, visit: Visit): readonly Fact[] {
  const words = paymentsText[visit.language];
  const sum = (label: string, cents: number): readonly Fact[] =>
    cents === 0 ? [] : [{ label, value: shillings(cents) }];
  return [
    { label: words.payer, value: <Payer payment={row} look={visit} /> },
    { label: words.account, value: row.account_reference ?? <Unknown text={visit.text} /> },
    { label: words.channel, value: words.channels[row.channel] },
    { label: visit.text.shortcode, value: row.shortcode },
    { label: words.paidAt, value: <WhenLong at={row.paid_at} look={visit} /> },
    { label: words.recordedAt, value: <WhenLong at={row.created_at} look={visit} /> },
    ...sum(words.givenBack, row.amount_refunded),
    ...sum(words.reversed, row.amount_taken_back),
  ];
}

/** Where the money is, and what went back. */
export async function relatedOf(row: PaymentView, visit: Visit): Promise<readonly Related[]> {
  const words = paymentsText[visit.language];
  const places = row.allocations.map(({ checkout, account, amount }): Related => ({
    path: checkout === undefined ? `accounts/${account}` : `checkouts/${checkout}`,
    label: checkout === undefined ? words.standingAccount : words.order,
    chip: shillings(amount),
  }));
  // A payment that came twice is in no place, but its order is known.
  const only: readonly Related[] = places.length === 0 && row.checkout !== null
    ? [{ path: `checkouts/${row.checkout}`, label: words.order, chip: null }]
    : [];
  const refunds = mayUse(visit, "refunds:read")
    ? (await listRefunds(visit.ctx, { payment: row.id, limit: MOST_REFUNDS })).data
    : [];
  return [
    ...places,
    ...only,
    ...refunds.map((refund): Related => ({
      path: `refunds/${refund.id}`,
      label: `${words.giveBack}, ${shillings(refund.amount)}`,
      chip: <Chip kind="refund" status={refund.status} language={visit.language} />,
    })),
  ];
}
