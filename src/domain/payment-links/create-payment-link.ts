import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { ConstraintError } from "../../db/database.ts";
import { auditEntry } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import { checkAmount } from "../checkouts/limits.ts";
import { randomCode } from "./code.ts";
import type { createPaymentLink as contract, PaymentLinkView } from "./contract.ts";
import { insertLink, loadReachedLink, type PaymentLink } from "./store.ts";
import { linkView } from "./view.ts";

const MAX_TRIES = 8;

/** Creates a payment link with a random code. Errors: `validation_failed`. */
export async function createPaymentLink(ctx: Context, input: Input<typeof contract>): Promise<PaymentLinkView> {
  requireScope(ctx, "checkouts:write");
  if (input.amount != null) checkAmount(ctx, input.amount);
  checkExpiry(ctx, input.expires_at);
  for (let tries = 1;; tries++) {
    try {
      return await createOnce(ctx, input);
    } catch (error) {
      const isTaken = error instanceof ConstraintError && error.rule === "payment_links.code";
      if (!isTaken || tries === MAX_TRIES) throw error;
    }
  }
}

async function createOnce(ctx: Context, input: Input<typeof contract>): Promise<PaymentLinkView> {
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const now = ctx.clock.now();
  const link: PaymentLink = {
    id: newId("lnk"),
    merchant_id: ctx.merchantId,
    shortcode_id: shortcode.id,
    code: randomCode(),
    amount: input.amount ?? null,
    currency: input.currency,
    description: input.description,
    reusable: input.reusable,
    disabled: false,
    expires_at: input.expires_at ?? null,
    created_by: ctx.actor,
    created_at: now,
    updated_at: now,
    version: 1,
  };
  const view = await linkView(ctx, { link, timesPaid: 0, received: 0 });
  const { amount, reusable } = link;
  await commit(ctx, link.id, [
    insertLink(link),
    auditEntry(ctx, "payment_link.created", link.id, { amount, reusable, expires_at: view.expires_at }),
  ], { status: 201, body: view });
  ctx.note({ payment_link: link.id });
  return view;
}

/** Errors: `validation_failed` for a time that is over. */
export function checkExpiry(ctx: Pick<Context, "clock">, expiresAt: number | null | undefined): void {
  if (expiresAt != null && expiresAt <= ctx.clock.now()) throw invalidField("/expires_at", "must be in the future");
}

/** The link that an earlier request with the same Idempotency-Key made. */
export const resumePaymentLink = async (ctx: Context, { id }: { id: string }): Promise<PaymentLinkView> =>
  await linkView(ctx, await loadReachedLink(ctx, id));
