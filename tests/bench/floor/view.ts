import type { Row } from "./store.ts";
import type { Parts } from "./parts.ts";
import { time, timeOrNull } from "./ids.ts";

export interface Checkout {
  readonly id: string;
  readonly status: string;
  readonly amount: number;
  readonly reference: string;
  readonly account: string;
  readonly description: string;
  readonly returnUrl: string | null;
  /** JSON. */
  readonly metadata: string;
  readonly expiresAt: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly version: number;
}

export interface Attempt {
  readonly id: string;
  readonly status: string;
  readonly masked: string;
  readonly createdAt: number;
  readonly acceptedAt: number | null;
  readonly endedAt: number | null;
  readonly version: number;
}

export interface Payment {
  readonly id: string;
  readonly receipt: string | null;
  readonly amount: number;
}

/** A checkout with all that belongs to it. */
export interface Whole {
  readonly merchant: string;
  readonly checkout: Checkout;
  readonly attempts: readonly Attempt[];
  readonly payment: Payment | null;
}

const attemptColumns = "a.id, a.status, a.phone_masked, a.created_at, a.accepted_at, a.ended_at, a.version";
const listed = (columns: string, from: string) =>
  `(SELECT json_group_array(json_array(${columns})) FROM ${from} WHERE checkout_id = c.id)`;

/**
 * A checkout with what belongs to it as one JSON text, of the columns that the view needs: quicker than a join, and
 * twice as quick as three statements (each value of a row costs the addon a microsecond). Its tail follows.
 */
export const SELECT_WHOLE = "SELECT json_array(c.merchant_id, c.id, c.status, c.amount, c.reference, " +
  "c.account_reference, c.description, c.return_url, c.metadata, c.expires_at, c.created_at, c.updated_at, c.version, " +
  `${listed(attemptColumns, "attempts a")}, ${listed("p.id, p.receipt, p.amount", "payments p")}) FROM checkouts c`;

type AttemptRow = [string, string, string, number, number | null, number | null, number];
type WholeRow = [
  ...[string, string, string, number, string, string, string, string | null, string, number, number, number, number],
  AttemptRow[],
  [string, string | null, number][],
];

const attemptOf = ([id, status, masked, createdAt, acceptedAt, endedAt, version]: AttemptRow): Attempt => (
  { id, status, masked, createdAt, acceptedAt, endedAt, version }
);

/** Reads a row of {@link SELECT_WHOLE}. */
export function wholeOf(row: Row): Whole {
  const [merchant, id, status, amount, reference, account, description, returnUrl, metadata, ...more]: WholeRow = JSON
    .parse(String(row[0]));
  const [expiresAt, createdAt, updatedAt, version, attempts, payments] = more;
  const checkout = { id, status, amount, reference, account, description, returnUrl, metadata, expiresAt };
  const payment = payments[0];
  return {
    merchant,
    checkout: { ...checkout, createdAt, updatedAt, version },
    attempts: attempts.map(attemptOf),
    payment: payment === undefined ? null : { id: payment[0], receipt: payment[1], amount: payment[2] },
  };
}

/** The same JSON as the product's, by plain code. */
export function dataOf({ paybill }: Parts, { checkout, attempts, payment }: Whole): Record<string, unknown> {
  const { number } = paybill;
  const received = payment?.amount ?? 0;
  return {
    id: checkout.id,
    status: checkout.status,
    amount: checkout.amount,
    amount_received: received,
    amount_due: checkout.amount - received,
    amount_allocated: 0,
    currency: "KES",
    reference: checkout.reference,
    account_reference: checkout.account,
    description: checkout.description,
    shortcode: number,
    paybill: { number, account: checkout.account },
    till: null,
    return_url: checkout.returnUrl,
    metadata: JSON.parse(checkout.metadata),
    items: [],
    partial: "collect",
    split: false,
    possible_duplicate_of: null,
    attempts: attempts.map((attempt) => ({
      id: attempt.id,
      status: attempt.status,
      phone_number: attempt.masked,
      amount: checkout.amount,
      result_code: attempt.status === "succeeded" ? "0" : null,
      result_description: null,
      created_at: time(attempt.createdAt),
      accepted_at: timeOrNull(attempt.acceptedAt),
      ended_at: timeOrNull(attempt.endedAt),
      version: attempt.version,
    })),
    payment: payment === null ? null : { id: payment.id, receipt: payment.receipt, amount: payment.amount },
    last_failure: null,
    expires_at: time(checkout.expiresAt),
    created_at: time(checkout.createdAt),
    updated_at: time(checkout.updatedAt),
    version: checkout.version,
  };
}

const noSecret = "0".repeat(98); // as long as the product's, and proof of nothing

/** {@link dataOf} with the address of the checkout's page. */
export const viewOf = (parts: Parts, whole: Whole): Record<string, unknown> => ({
  ...dataOf(parts, whole),
  prompts_failing: false,
  hosted_url: `${parts.publicUrl}/pay/${whole.checkout.id}?token=${noSecret}`,
});
