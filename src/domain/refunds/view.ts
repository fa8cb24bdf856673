import type { Context } from "../../context/context.ts";
import { describeFailure, type FailureCode } from "../../daraja/codes.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { resolutionView } from "../money-out/resolution-view.ts";
import type { RefundView } from "./contract.ts";
import type { Refund } from "./machine/facts.ts";

/** A refund as its merchant sees it. */
export async function refundView(ctx: Pick<Context, "shortcodes">, row: Refund): Promise<RefundView> {
  const { number } = await ctx.shortcodes.byId(row.shortcode_id);
  return {
    id: row.id,
    status: row.status,
    payment: row.payment_id,
    method: row.method,
    amount: row.amount,
    currency: row.currency,
    reason: row.reason,
    shortcode: number,
    payout: row.payout_id,
    receipt: row.receipt ?? row.resolution?.receipt ?? null,
    result_code: row.result_code,
    result_description: row.result_description,
    failure: failureOf(row),
    resolution: resolutionView(row.resolution),
    needs_person: row.needs_person,
    created_by: row.created_by,
    submitted_at: formatTimeOrNull(row.accepted_at),
    in_doubt_at: formatTimeOrNull(row.in_doubt_at),
    refunded_at: formatTimeOrNull(row.refunded_at),
    ended_at: formatTimeOrNull(row.ended_at),
    created_at: formatTime(row.created_at),
    updated_at: formatTime(row.updated_at),
    version: row.version,
  };
}

function failureOf({ status, failure }: Refund): RefundView["failure"] {
  if (status !== "failed" || failure === null) return null;
  if (failure === "payout_stopped") {
    const message = "The payout that should carry the refund was rejected, cancelled or not approved in time.";
    return { code: failure, message, advice: "Ask for the refund again; nothing was sent." };
  }
  if (failure === "already_reversed") {
    const message = "This payment has been given back before, but not by this refund.";
    return { code: failure, message, advice: "Look in the M-Pesa portal who reversed it. Nothing is left to do." };
  }
  const code = failure as FailureCode; // only the machine writes it
  return { code, ...describeFailure(code) };
}
