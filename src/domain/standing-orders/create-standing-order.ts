import { checkAmount } from "../checkouts/limits.ts";
import { commit, type Context, requireScope } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { newId } from "../../crypto/ids.ts";
import { nairobiDay } from "../../daraja/time.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { maskPhone } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { createStandingOrder as contract, StandingOrderView } from "./contract.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { applyFact, type Fact, type StandingOrder } from "./machine.ts";
import { answerDueAt, insertOrder, loadStandingOrder, saveStandingOrder } from "./store.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { asStored } from "../settlement/next-version.ts";
import { standingOrderView } from "./view.ts";

type StandingOrderInput = Input<typeof contract>;
type AnswerFact = Fact & { readonly kind: "accepted" | "refused" | "ambiguous" };

const answerActions: Readonly<Record<AnswerFact["kind"], AuditAction>> = {
  accepted: "standing_order.accepted",
  refused: "standing_order.refused",
  ambiguous: "standing_order.ambiguous",
};

/** Asks a customer to agree to a standing order, once (daraja.md section 7.8). Errors: `validation_failed`. */
export async function createStandingOrder(ctx: Context, input: StandingOrderInput): Promise<StandingOrderView> {
  requireScope(ctx, "checkouts:write");
  checkAmount(ctx, input.amount);
  checkDays(ctx, input);
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const order = await newStandingOrder(ctx, input, shortcode);
  const patience = answerDueAt(ctx, order);
  await commit(ctx, order.id, [
    insertOrder(order),
    event(ctx, "standing_order.created", order.id, { ...await standingOrderView(ctx, order) }),
    auditEntry(ctx, "standing_order.created", order.id, { amount: order.amount, frequency: order.frequency }),
    ctx.jobs.schedule("standing_order", order.id, ctx.merchantId, patience),
  ]);
  ctx.jobs.wake(patience);
  ctx.note({ standing_order: order.id });
  const fact = await sendRequest(ctx, order, shortcode, input.phone_number);
  return await retryOnConflict(async (again) => {
    const before = again ? await loadStandingOrder(ctx, order.id) ?? order : order;
    const now = ctx.clock.now();
    const after = asStored(before, applyFact(before, fact, now), now);
    const view = await standingOrderView(ctx, after);
    await saveStandingOrder(ctx, before, after, answerActions[fact.kind], { answer: { status: 201, body: view } });
    return view;
  });
}

function checkDays(ctx: Context, { start_date, end_date }: StandingOrderInput): void {
  if (start_date < nairobiDay(ctx.clock.now())) throw invalidField("/start_date", "must not lie in the past");
  if (end_date < start_date) throw invalidField("/end_date", "must not come before start_date");
}

async function newStandingOrder(ctx: Context, input: StandingOrderInput, shortcode: Shortcode): Promise<StandingOrder> {
  const id = newId("sto");
  const now = ctx.clock.now();
  return {
    id,
    merchant_id: ctx.merchantId,
    shortcode_id: shortcode.id,
    status: "pending",
    name: input.name,
    amount: input.amount,
    currency: input.currency,
    phone: await ctx.vault.seal(input.phone_number, { table: "standing_orders", column: "phone", row: id }),
    phone_masked: maskPhone(input.phone_number),
    frequency: input.frequency,
    start_day: input.start_date,
    end_day: input.end_date,
    account_reference: input.account_reference ?? id.slice(-8).toUpperCase(),
    description: input.description ?? "Payment",
    evidence: 0,
    response_ref_id: null,
    receipt: null,
    failure: null,
    result_code: null,
    result_description: null,
    created_by: ctx.actor,
    accepted_at: null,
    ended_at: null,
    created_at: now,
    updated_at: now,
    version: 1,
  };
}

async function sendRequest(
  ctx: Context,
  order: StandingOrder,
  shortcode: Shortcode,
  phone: string,
): Promise<AnswerFact> {
  const answer = await ctx.daraja.standingOrder(shortcode.app, {
    name: order.name,
    shortcode: shortcode.number,
    transactionType: shortcode.kind,
    amount: order.amount,
    phone,
    startDay: order.start_day,
    endDay: order.end_day,
    frequency: order.frequency,
    accountReference: order.account_reference,
    description: order.description,
    callbackUrl: callbackUrl(ctx, "standing_order_result", order.id),
  });
  ctx.note({ standing_order_push: answer.outcome });
  switch (answer.outcome) {
    case "accepted":
      return { kind: "accepted", responseRefId: answer.value.responseRefId };
    case "rejected":
      return { kind: "refused", failure: answer.code, resultCode: answer.darajaCode, description: answer.message };
    case "unreachable": {
      const description = "The request never left for M-Pesa.";
      return { kind: "refused", failure: "daraja_unreachable", resultCode: null, description };
    }
    case "ambiguous":
      return { kind: "ambiguous" };
  }
}
