/** What the check of the ledger may find, and what a person does about it. `GET /v1/ledger/checks` shows the text. */
export const findingTexts = {
  sum: "The accounts of this shortcode do not add up to zero. Tell the developers: an entry was stored by half.",
  balance: "An account's balance is not the sum of its entries. Tell the developers, and trust the entries.",
  payments:
    "The payments of this shortcode are worth another amount than the ledger has received. Look for a payment whose ledger entries (GET /v1/ledger?subject=) lack its amount.",
  suspense:
    "Unmatched and partial payments are worth another amount than the account `suspense` holds. Look for the finding `payment_ledger`; it names the payments.",
  refunds:
    "Duplicate payments are worth another amount than the account `refunds` holds. Look for the finding `payment_ledger`; it names the payments.",
  payouts:
    "Payouts that succeeded are worth another amount than the ledger has paid out. Compare GET /v1/payouts?status=succeeded with GET /v1/ledger.",
  reversals:
    "Reversals that succeeded are worth another amount than the ledger has paid back. Compare GET /v1/refunds?status=succeeded with GET /v1/ledger.",
  taken_back:
    "What M-Pesa took back is worth another amount than the ledger has posted for it. Compare GET /v1/payments?status=taken_back with GET /v1/ledger.",
  over_refunded:
    "More went back of these payments than was paid. Compare their refunds with the M-Pesa portal, and ask the customer for the difference.",
  mpesa_utility:
    "M-Pesa's utility account moved by another amount than the ledger since the last check. Look in the portal's statement for a top-up, a charge or a transfer that Malipo does not know.",
  mpesa_working:
    "M-Pesa's working account moved by another amount than the ledger since the last check. Look in the portal's statement for a top-up, a charge or a transfer that Malipo does not know.",
  receipt_twice:
    "The receipt of these payments is counted at another of your shortcodes too, and M-Pesa gives a receipt once. See in the M-Pesa portal where the money is, and refund neither before you know.",
  held_negative:
    "The account holds less than nothing: more left it than came in. Look for the finding `payment_ledger`; it names the payments.",
  over_promised:
    "Refunds that are done and refunds that are under way are together more than was paid. Stop those that have not left (cancel their payout, or pause payouts) and look at the rest in the M-Pesa portal.",
  refund_totals:
    "What these payments say was given back or promised is not the sum of their refunds. Do not refund them; tell the developers.",
  checkout_unpaid:
    "These checkouts are `succeeded`, and their payments are worth less than was asked. Do not deliver before you have found the money in the M-Pesa portal; match a payment if it is there.",
  account_overdrawn:
    "More left these accounts than came to them: money that they had applied proved to be another's. Read GET /v1/accounts/{id}/statement, and take money back from a checkout or allocate more to the account.",
  allocations:
    "What these payments say of their places is not what the places have, or it is more than was paid. Allocate them again, and tell the developers.",
  checkout_allocated:
    "What these checkouts count of allocated money is not the sum of its rows. Their job corrects it; if it is still there tomorrow, tell the developers.",
  payment_ledger:
    "The ledger entries of these payments do not add up to what their status says. Compare GET /v1/payments/{id} with GET /v1/ledger?subject={id}, and tell the developers.",
  placeholder_overdue:
    "A query called these payments paid, and M-Pesa's receipt never came. Upload the statement of that day, or look the receipt up in the M-Pesa portal; until then they can't be refunded.",
  counted_twice:
    "These payments pay nothing, name no account, and fit a prompt by amount and time that a query called paid and whose receipt never came: probably one transfer is counted twice. Look the receipt up in the M-Pesa portal. If it is the prompt's phone, match the payment to the prompt's checkout (POST /v1/payments/{id}/match); do not refund it before.",
  missing_at_mpesa:
    "M-Pesa's list does not contain these payments. Look the receipts up in the M-Pesa portal. If they are there, upload the statement of that day; if not, do not deliver and do not refund.",
  differs_at_mpesa:
    "M-Pesa's list names another amount for these receipts, or one that can't be read. Look them up in the M-Pesa portal.",
  out_contradicted:
    "M-Pesa contradicts what is recorded of this money, or what a person decided. Look in the M-Pesa portal, then POST /v1/payouts/{id}/resolve or /v1/refunds/{id}/resolve.",
  out_status:
    "M-Pesa named a receipt for these payouts or refunds, and they have not succeeded here. Look the receipt up in the M-Pesa portal, and tell the developers.",
} as const;

export type FindingKind = keyof typeof findingTexts;

/** A difference of one kind at one shortcode, in cents. */
export interface Finding {
  /** The paybill's or till's number. */
  readonly shortcode: string;
  readonly kind: FindingKind;
  /** What our rows give. */
  readonly expected: number;
  /** What the ledger, the refunds, or M-Pesa give. */
  readonly found: number;
  /** How many payments, checkouts, payouts or refunds it is about; absent for a comparison of sums. */
  readonly count?: number;
  /** The oldest of them, at most {@link MAX_SUBJECTS} ids. */
  readonly subjects?: readonly string[];
}

export const MAX_SUBJECTS = 20;

/** The text of a stored finding. A kind that an older version stored may be gone. */
export const findingText = (kind: string): string =>
  findingTexts[kind as FindingKind] ?? "This version does not know the kind any more. Check the ledger again.";
