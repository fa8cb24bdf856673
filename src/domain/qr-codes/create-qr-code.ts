import { renderSVG } from "uqr";
import { checkAmount } from "../checkouts/limits.ts";
import { commit, type Context, requireScope } from "../../context/context.ts";
import { describeFailure } from "../../daraja/codes.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { createQrCode as contract, QrCodeView } from "./contract.ts";

type QrInput = Input<typeof contract>;

/**
 * Makes two codes for a payment: Safaricom's (daraja.md section 7.6), and our own, which does not need M-Pesa.
 * Errors: `validation_failed`, `daraja_refused`.
 */
export async function createQrCode(ctx: Context, input: QrInput): Promise<QrCodeView> {
  requireScope(ctx, "checkouts:write");
  checkAmount(ctx, input.amount);
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const view: QrCodeView = { png: await requestPng(ctx, shortcode, input), svg: renderSVG(qrText(shortcode, input)) };
  const audit = auditEntry(ctx, "qr_code.drawn", shortcode.id, { amount: input.amount, png: view.png !== null });
  await commit(ctx, shortcode.id, [audit], { status: 200, body: view });
  return view;
}

/** Safaricom's code as a PNG in base64; null where M-Pesa gave no answer that can be used. */
async function requestPng(ctx: Context, shortcode: Shortcode, input: QrInput): Promise<string | null> {
  const answer = await ctx.daraja.qr(shortcode.app, {
    shortcode: shortcode.number,
    merchantName: shortcode.name,
    reference: input.reference,
    amount: input.amount,
    kind: shortcode.kind,
    payee: shortcode.number,
  });
  ctx.note({ qr: answer.outcome });
  if (answer.outcome === "accepted") return answer.value.png;
  if (answer.outcome !== "rejected" || answer.code === "daraja_busy") return null;
  const { message, advice } = describeFailure(answer.code);
  throw new Problem("daraja_refused", `${message} ${advice}`);
}

/** The text of our own code. Safaricom's encoding is not published, so the text is for people, who type what it says. */
export function qrText(
  { kind, number, name }: Pick<Shortcode, "kind" | "number" | "name">,
  { amount, reference }: Pick<QrInput, "amount" | "reference">,
): string {
  const shillings = `KES ${amount / 100}`;
  return kind === "till"
    ? `M-PESA, Buy Goods: till ${number} (${name}), ${shillings}. Reference ${reference}`
    : `M-PESA, Pay Bill: business ${number} (${name}), account ${reference}, ${shillings}`;
}
