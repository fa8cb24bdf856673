import type { Services } from "../../context/context.ts";
import { first, select } from "../../db/query.ts";
import { checkouts, payments } from "../../db/schema.ts";
import { billOf } from "../checkouts/items.ts";
import { type Brand, recentBrand } from "../merchants/brands.ts";
import type { ReceiptClaims } from "./claims.ts";
import type { ReceiptSigner } from "./signer.ts";

type PaymentRow = typeof payments.$inferSelect;
type CheckoutRow = typeof checkouts.$inferSelect;

/** What became of the money since. `taken_back`: M-Pesa reversed it without a refund of the shop. */
export type ReceiptState = "paid" | "partly_given_back" | "given_back" | "taken_back";

/** A receipt as it is now. */
export interface Receipt {
  readonly merchantId: string;
  readonly brand: Brand;
  readonly claims: ReceiptClaims;
  readonly state: ReceiptState;
  /** Cents. */
  readonly givenBack: number;
  /** All of it, signed. */
  readonly signed: string;
  /** The same for a QR code: where there are many items, without them. */
  readonly short: string;
}

/** A QR code with more characters than this is hard to scan from paper. */
const MAX_QR_TEXT = 700;

/** A payment that was merged into another one of the same transfer is that one. */
const selectPayment = select(
  payments,
  "WHERE id = ?1 OR id = (SELECT into_id FROM merged_payments WHERE id = ?1) ORDER BY id = ?1 DESC LIMIT 1",
);
const selectCheckout = select(checkouts, "WHERE id = ?");

const stateOf = ({ amount, amount_refunded, amount_taken_back }: PaymentRow): ReceiptState => {
  if (amount_taken_back >= amount) return "taken_back";
  const back = amount_refunded + amount_taken_back;
  if (back === 0) return "paid";
  return back >= amount ? "given_back" : "partly_given_back";
};

const givenBackOf = ({ amount, amount_refunded, amount_taken_back }: PaymentRow): number =>
  Math.min(amount, amount_refunded + amount_taken_back);

/** The receipt of a payment as it is now, signed; null: there is no such payment. */
export async function readReceipt(
  services: Pick<Services, "db" | "clock" | "config">,
  signer: ReceiptSigner,
  paymentId: string,
): Promise<Receipt | null> {
  const payment = await first(services.db, selectPayment(paymentId));
  if (payment === null) return null;
  const [checkout, brand] = await Promise.all([
    payment.checkout_id === null ? null : first(services.db, selectCheckout(payment.checkout_id)),
    recentBrand(services, payment.merchant_id),
  ]);
  const claims = claimsOf(services, payment, checkout, brand);
  const signed = await signer.sign(claims);
  const { items, ...others } = claims;
  const short = signed.length <= MAX_QR_TEXT || items === undefined
    ? signed
    : await signer.sign({ ...others, more: items.length });
  const { merchant_id: merchantId } = payment;
  return { merchantId, brand, claims, signed, short, state: stateOf(payment), givenBack: givenBackOf(payment) };
}

function claimsOf(
  { config }: Pick<Services, "config">,
  payment: PaymentRow,
  checkout: CheckoutRow | null,
  brand: Brand,
): ReceiptClaims {
  const givenBack = givenBackOf(payment);
  const { receipt, receipt_source: source, status } = payment;
  const isWhole = checkout !== null && checkout.amount === payment.amount && checkout.items.length > 0 &&
    status !== "duplicate_payment"; // what was bought was paid by another payment
  return {
    iss: config.server.publicUrl,
    sub: payment.id,
    iat: Math.floor(payment.updated_at / 1_000),
    merchant: brand.name,
    ...brand.kra_pin === null ? {} : { pin: brand.kra_pin },
    amount: payment.amount,
    currency: payment.currency,
    ...givenBack === 0 ? {} : { given_back: givenBack },
    mpesa: source === "inferred" ? null : receipt, // one that was put to it may be another customer's
    at: Math.floor((payment.paid_at ?? payment.created_at) / 1_000),
    ref: checkout?.reference ?? payment.account_reference,
    ...isWhole ? { items: billOf(checkout).map(lineOf) } : {},
  };
}

const lineOf = ({ name, quantity, amount }: CheckoutRow["items"][number]): [string, number, number] => [
  name,
  quantity,
  amount,
];

/** What became of the money of a receipt since it was signed; null: the payment is gone. */
export async function readState(
  { db }: Pick<Services, "db">,
  paymentId: string,
): Promise<{ readonly state: ReceiptState; readonly givenBack: number } | null> {
  const payment = await first(db, selectPayment(paymentId));
  return payment === null ? null : { state: stateOf(payment), givenBack: givenBackOf(payment) };
}
