import type { Context } from "../../context/context.ts";
import { describeFailure, type FailureCode } from "../../daraja/codes.ts";
import { estimateFee } from "../../daraja/tariffs.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { resolutionView } from "../money-out/resolution-view.ts";
import type { PayoutView } from "./contract.ts";
import type { Payout } from "./machine/facts.ts";
import { maskedPayee, payeeOf } from "./payee-name.ts";

/** A payout as events tell it. They are stored in clear, so the names of the payee are masked. */
export async function payoutData(ctx: Context, row: Payout): Promise<PayoutView> {
  const view = await payoutView(ctx, row);
  return { ...view, payee: maskedPayee(view.payee) };
}

/** A payout as the API answers it to its merchant. */
export async function payoutView(ctx: Context, row: Payout): Promise<PayoutView> {
  const { number } = await ctx.shortcodes.byId(row.shortcode_id);
  return {
    id: row.id,
    status: row.status,
    amount: row.amount,
    currency: row.currency,
    phone_number: row.phone_masked,
    payee: await payeeOf(ctx, row),
    destination: { type: row.destination, number: row.receiver, account_reference: row.account_reference },
    reference: row.reference,
    purpose: row.purpose,
    remarks: row.remarks,
    occasion: row.occasion,
    shortcode: number,
    metadata: row.metadata,
    batch: row.batch_id,
    originator_conversation_id: row.originator_conversation_id,
    conversation_id: row.conversation_id,
    fee: row.fee,
    fee_estimate: row.destination === "phone" ? estimateFee("b2c", row.amount, row.created_at) : null,
    receipt: row.receipt ?? row.resolution?.receipt ?? null,
    result_code: row.result_code,
    result_description: row.result_description,
    failure: failureOf(row),
    approval: row.approval_required
      ? {
        expires_at: formatTime(row.created_at + ctx.config.limits.payouts.approvalExpiresMs),
        decided_by: row.decided_by,
        decided_at: formatTimeOrNull(row.decided_at),
      }
      : null,
    approvals: row.approvals.map(({ by, at, digest, signed }) => ({ by, at: formatTime(at), digest, signed })),
    reason: row.reason,
    resolution: resolutionView(row.resolution),
    needs_person: row.needs_person,
    possible_duplicate_of: row.possible_duplicate_of,
    created_by: row.created_by,
    submitted_at: formatTimeOrNull(row.accepted_at),
    in_doubt_at: formatTimeOrNull(row.in_doubt_at),
    paid_at: formatTimeOrNull(row.paid_at),
    ended_at: formatTimeOrNull(row.ended_at),
    created_at: formatTime(row.created_at),
    updated_at: formatTime(row.updated_at),
    version: row.version,
  };
}

function failureOf({ status, failure }: Payout): PayoutView["failure"] {
  if (status !== "failed" || failure === null) return null;
  const code = failure as FailureCode; // only the machine writes it
  return { code, ...describeFailure(code) };
}
