import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { maskPhone } from "../../http/fields.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { PayoutRequest } from "./order.ts";
import { canPay } from "../shortcodes/initiator.ts";
import type { Limits } from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { statusOf } from "./machine/status.ts";
import { sealName } from "./payee-name.ts";
import { phonePlace } from "./phone-place.ts";

/** The shortcode that pays. Errors: `validation_failed` at `/shortcode`. */
export async function payingShortcode(ctx: Context, number: string | undefined): Promise<Shortcode> {
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, number);
  if (shortcode.kind === "till") {
    throw invalidField("/shortcode", `${shortcode.number} is a till; M-Pesa sends payouts from a paybill`);
  }
  if (canPay(shortcode)) return shortcode;
  throw invalidField(
    "/shortcode",
    `${shortcode.number} has no initiator for payouts; give it an initiator name with a password and certificate`,
  );
}

/** A payout that is not stored yet, with the id that every request for it will carry. */
export async function newPhonePayout(
  ctx: Context,
  input: PayoutRequest,
  shortcode: Shortcode,
  limits: Limits,
  batchId: string | null = null,
): Promise<Payout> {
  const id = newId("pyt");
  const now = ctx.clock.now();
  const payout: Payout = {
    id,
    merchant_id: ctx.merchantId,
    shortcode_id: shortcode.id,
    batch_id: batchId,
    status: "queued",
    amount: input.amount,
    currency: input.currency,
    phone: await ctx.vault.seal(input.phone_number, phonePlace(id)),
    phone_index: ctx.vault.index("phone", input.phone_number),
    phone_masked: maskPhone(input.phone_number),
    reference: input.reference,
    purpose: input.purpose,
    remarks: input.remarks ?? "Payout",
    occasion: input.occasion ?? null,
    metadata: input.metadata ?? {},
    originator_conversation_id: crypto.randomUUID(),
    created_by: ctx.actor,
    approval_required: input.amount >= limits.approvalFrom,
    ...INITIAL_STATE,
    given_name: input.payee === undefined ? null : await sealName(ctx, "given_name", id, input.payee.given_name),
    send_after: now,
    created_at: now,
    updated_at: now,
    version: 1,
  };
  return { ...payout, status: statusOf(payout) };
}

const INITIAL_STATE = {
  decided_by: null,
  decided_at: null,
  reason: null,
  evidence: 0,
  sends: 0,
  unsent: 0,
  missed: 0,
  polls: 0,
  held: true,
  conversation_id: null,
  daraja_originator_id: null,
  receipt: null,
  failure: null,
  result_code: null,
  result_description: null,
  resolution: null,
  first_sent_at: null,
  sent_at: null,
  accepted_at: null,
  in_doubt_at: null,
  paid_at: null,
  ended_at: null,
  destination: "phone",
  receiver: null,
  account_reference: null,
  fee: null,
  refund_id: null,
  answered: 0,
  needs_person: false,
  possible_duplicate_of: null,
  approvals: [],
  given_name: null,
  payee_name: null,
  name_confirmed_by: null,
  name_confirmed_at: null,
  origin: null,
  signed_request: null,
} as const;
