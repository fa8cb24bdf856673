import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, rows, select, statement } from "../../db/query.ts";
import { attempts } from "../../db/schema.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { kenyanMobile } from "../../http/fields.ts";
import { phoneIndexes } from "../payments/phone-index.ts";
import { explainLimits } from "../payouts/create-payout.ts";
import { amountError, limitsOf, reservationsOf, reserve } from "../payouts/limits.ts";
import { withOrigin } from "../payouts/digest.ts";
import { newPhonePayout, payingShortcode } from "../payouts/new-payout.ts";
import { nextStep } from "../payouts/plan.ts";
import { insertPayout, planSettings, scheduleNextStep } from "../payouts/store.ts";
import { payoutView } from "../payouts/view.ts";
import { invalidField } from "../../problems/problem.ts";
import type { RefundView } from "./contract.ts";
import type { Refund } from "./machine/facts.ts";
import type { Payment } from "./store.ts";

const selectAttempt = select(attempts, "WHERE id = ?");
const selectPrompts = select(attempts, "WHERE checkout_id = ? ORDER BY id LIMIT 100");
const IS_TOLD = "SELECT 1 FROM payment_phones WHERE payment_id = ? AND hex(phone_index) IN " +
  "(SELECT upper(value) FROM json_each(?))";

type StoreRefund = (refund: Refund, statements: readonly Statement[], wakeAt: number) => Promise<RefundView>;

/**
 * A refund as a payout to the payer's phone, made in the same batch, under all limits and approvals of payouts. The caller
 * checks the scopes. Errors: `validation_failed`, `limit_exceeded`.
 */
export async function refundByPayout(
  ctx: Context,
  refund: Refund,
  payment: Payment,
  store: StoreRefund,
): Promise<RefundView> {
  if (refund.amount % 100 !== 0) {
    throw invalidField("/amount", "must be whole shillings for a payout: a multiple of 100 cents");
  }
  const limits = await limitsOf(ctx);
  const problem = amountError(limits, refund.amount);
  if (problem !== null) throw invalidField("/amount", problem);
  const { number } = await ctx.shortcodes.byId(payment.shortcode_id);
  const request = {
    amount: refund.amount,
    currency: refund.currency,
    phone_number: await payerPhone(ctx, payment),
    reference: refund.id,
    purpose: "business" as const,
    remarks: refund.reason,
    metadata: { refund: refund.id, payment: payment.id },
  };
  const payoutToPhone = await newPhonePayout(ctx, request, await payingShortcode(ctx, number), limits);
  const payout = await withOrigin(ctx, { ...payoutToPhone, refund_id: refund.id });
  const reservations = reservationsOf([{ payout, amountAt: "/amount", phoneAt: "/payment" }], limits);
  const statements = [
    reserve(reservations),
    insertPayout(payout),
    event(ctx, "payout.created", payout.id, { ...await payoutView(ctx, payout) }),
    auditEntry(ctx, "payout.created", payout.id, { amount: payout.amount, status: payout.status, refund: refund.id }),
    scheduleNextStep(ctx, payout),
  ];
  const wakeAt = nextStep(payout, planSettings(ctx), ctx.clock.now()).at;
  return await explainLimits(ctx, reservations, () => store({ ...refund, payout_id: payout.id }, statements, wakeAt));
}

/**
 * The payer's phone: the one that was prompted and paid by its callback, the one that M-Pesa reported unmasked, or one of
 * this checkout's prompts whose whole SHA-256 M-Pesa reported.
 */
async function payerPhone(ctx: Context, payment: Payment): Promise<string> {
  const phone = await promptedPhone(ctx, payment) ?? await reportedPhone(ctx, payment) ??
    await hashedPhone(ctx, payment);
  if (phone !== null && kenyanMobile(`+${phone}`) !== null) return phone;
  throw invalidField(
    "/method",
    "M-Pesa has not said which phone paid this receipt, so no payout can be sent; use a reversal, or a payout of your own",
  );
}

/**
 * Only a callback says that the prompted phone paid this receipt. Otherwise account, amount and time fit, and the money
 * may be another customer's (ADR 0017).
 */
async function promptedPhone(ctx: Context, { attempt_id, receipt_source: source }: Payment): Promise<string | null> {
  const isPayer = attempt_id !== null && source === "callback";
  const attempt = isPayer ? await first(ctx.db, selectAttempt(attempt_id)) : null;
  if (attempt === null) return null;
  return await ctx.vault.openText(attempt.phone, { table: "attempts", column: "phone", row: attempt.id });
}

/** A masked number proves nothing here: many phones have its digits. */
async function hashedPhone(ctx: Context, { id, checkout_id }: Payment): Promise<string | null> {
  if (checkout_id === null) return null;
  const [prompts] = await rows(ctx.db, selectPrompts(checkout_id));
  for (const { id: attempt, phone } of prompts) {
    const digits = await ctx.vault.openText(phone, { table: "attempts", column: "phone", row: attempt });
    const hashed = JSON.stringify(phoneIndexes(ctx, digits).hashed.map((index) => index.toHex()));
    const isTold = { ...statement(IS_TOLD, id, hashed), map: () => true };
    if (await first(ctx.db, isTold) !== null) return digits;
  }
  return null;
}

async function reportedPhone(ctx: Context, { id, phone }: Payment): Promise<string | null> {
  if (phone === null) return null;
  const place = { table: "payments", column: "phone", row: id };
  return await ctx.vault.openText(phone, place).catch(() => null); // sealed for another row when two views were merged
}
