import type { Context } from "../../context/context.ts";
import { describeFailure, describeForShopper, type FailureCode } from "../../daraja/codes.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { CheckoutView } from "./contract.ts";
import { amountDue, type Attempt, type Checkout, type Payment } from "./machine.ts";

/** The columns that a view is made of. No whole phone number is among them. */
export const viewColumns = {
  checkout: [
    "id",
    "merchant_id",
    "shortcode_id",
    "status",
    "amount",
    "currency",
    "reference",
    "account_reference",
    "description",
    "return_url",
    "metadata",
    "amount_received",
    "amount_allocated",
    "partial",
    "split",
    "items",
    "possible_duplicate_of",
    "expires_at",
    "created_at",
    "updated_at",
    "version",
  ],
  attempt: [
    "id",
    "status",
    "phone_masked",
    "amount",
    "failure",
    "result_code",
    "result_description",
    "created_at",
    "accepted_at",
    "ended_at",
    "version",
  ],
  payment: ["id", "checkout_id", "receipt", "status", "amount"],
} as const;

type AttemptRow = Pick<Attempt, typeof viewColumns.attempt[number]>;

/** The columns of a checkout, its attempts and its payments that a view is made of. */
export interface ViewRows {
  readonly checkout: Pick<Checkout, typeof viewColumns.checkout[number]>;
  readonly attempts: readonly AttemptRow[];
  readonly payments: readonly Pick<Payment, typeof viewColumns.payment[number]>[];
}

/** Whether the caller gets the link of the page where phones can be prompted. Who may only read gets that of the receipt. */
export const getsPayLink = ({ scopes }: Pick<Context, "scopes">): boolean => scopes.has("checkouts:write");

/** A checkout as the API answers it to its merchant. */
export async function checkoutView(ctx: Context, state: ViewRows): Promise<CheckoutView> {
  const token = ctx.capabilities.mint(getsPayLink(ctx) ? "hosted" : "receipt", state.checkout.id);
  return {
    ...await checkoutData(ctx, state),
    prompts_failing: ctx.darajaHealth.promptsFail,
    hosted_url: `${ctx.config.server.publicUrl}/pay/${state.checkout.id}?token=${token}`,
  };
}

/** The same for events: without `hosted_url`, which contains the secret of the hosted page, and what is of the moment. */
export async function checkoutData(
  ctx: Context,
  { checkout, attempts, payments }: ViewRows,
): Promise<Omit<CheckoutView, "hosted_url" | "prompts_failing">> {
  const shortcode = await ctx.shortcodes.byId(checkout.shortcode_id);
  const payment = payments.find((p) =>
    p.checkout_id === checkout.id && (p.status === "matched" || p.status === "refunded")
  );
  return {
    id: checkout.id,
    status: checkout.status,
    amount: checkout.amount,
    amount_received: checkout.amount_received,
    amount_due: amountDue(checkout),
    amount_allocated: checkout.amount_allocated,
    currency: checkout.currency,
    reference: checkout.reference,
    account_reference: checkout.account_reference,
    description: checkout.description,
    shortcode: shortcode.number,
    paybill: shortcode.kind === "paybill" ? { number: shortcode.number, account: checkout.account_reference } : null,
    till: shortcode.kind === "till" ? { number: shortcode.number } : null,
    return_url: checkout.return_url,
    metadata: checkout.metadata,
    items: checkout.items,
    partial: checkout.partial,
    split: checkout.split,
    possible_duplicate_of: checkout.possible_duplicate_of,
    attempts: attempts.map((attempt) => attemptView(attempt, checkout.amount)),
    payment: payment === undefined ? null : { id: payment.id, receipt: payment.receipt, amount: payment.amount },
    last_failure: checkout.status === "succeeded" ? null : lastFailure(attempts),
    expires_at: formatTime(checkout.expires_at),
    created_at: formatTime(checkout.created_at),
    updated_at: formatTime(checkout.updated_at),
    version: checkout.version,
  };
}

const attemptView = (attempt: AttemptRow, whole: number): CheckoutView["attempts"][number] => ({
  id: attempt.id,
  status: attempt.status,
  phone_number: attempt.phone_masked,
  amount: attempt.amount ?? whole,
  // A query may have reported a failure before; the result that settled the attempt is M-Pesa's 0.
  result_code: attempt.status === "succeeded" ? "0" : attempt.result_code,
  result_description: attempt.status === "succeeded" ? null : attempt.result_description,
  created_at: formatTime(attempt.created_at),
  accepted_at: formatTimeOrNull(attempt.accepted_at),
  ended_at: formatTimeOrNull(attempt.ended_at),
  version: attempt.version,
});

function lastFailure(attempts: readonly AttemptRow[]): CheckoutView["last_failure"] {
  const failed = attempts.findLast((attempt) => attempt.status === "failed");
  if (failed === undefined || failed.failure === null) return null;
  const code = failed.failure as FailureCode; // only the machine writes the column
  const { message, advice } = describeFailure(code);
  return {
    code,
    message: describeForShopper(code),
    operator_message: `${message} ${advice}`,
    result_code: failed.result_code,
  };
}
