import { commit, type Context, requireScope } from "../../context/context.ts";
import { abortIfUnchanged, rows } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry, changeOf } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { cancelUnpaidStatements } from "../checkouts/cancel-checkout.ts";
import { checkAmount } from "../checkouts/limits.ts";
import type { PaymentLinkView, updatePaymentLink as contract } from "./contract.ts";
import { checkExpiry } from "./create-payment-link.ts";
import { loadReachedLink, type PaymentLink, selectBegun, updateLink } from "./store.ts";
import { linkView } from "./view.ts";

/**
 * Changes a link for those who begin to pay from now on. Of a link for one payment, the checkout that was begun is cancelled
 * where it could be paid otherwise than the link says now. Errors: `not_found`, `validation_failed`.
 */
export async function updatePaymentLink(ctx: Context, input: Input<typeof contract>): Promise<PaymentLinkView> {
  requireScope(ctx, "checkouts:write");
  if (input.amount != null) checkAmount(ctx, input.amount);
  checkExpiry(ctx, input.expires_at);
  return await retryOnConflict(async () => {
    const before = await loadReachedLink(ctx, input.id);
    const link: PaymentLink = {
      ...before.link,
      amount: input.amount === undefined ? before.link.amount : input.amount,
      description: input.description ?? before.link.description,
      reusable: input.reusable ?? before.link.reusable,
      disabled: input.status === undefined ? before.link.disabled : input.status === "disabled",
      expires_at: input.expires_at === undefined ? before.link.expires_at : input.expires_at,
      updated_at: Math.max(before.link.created_at, ctx.clock.now()),
      version: before.link.version + 1,
    };
    const view = await linkView(ctx, { ...before, link });
    const [begun = []] = isNarrower(before.link, link) ? await rows(ctx.db, selectBegun(link.id)) : [];
    const cancelled = await Promise.all(begun.map((id) => cancelUnpaidStatements(ctx, id)));
    await commit(ctx, link.id, [
      updateLink(link, link.id, before.link.version),
      abortIfUnchanged,
      ...cancelled.flat(),
      auditEntry(ctx, "payment_link.updated", link.id, {}, changeOf(toldOf(before.link), toldOf(link))),
    ], { status: 200, body: view });
    return view;
  });
}

/** Whether what was begun by a link for one payment is not what the link says from now on. */
const isNarrower = (before: PaymentLink, after: PaymentLink): boolean =>
  (!before.reusable || !after.reusable) &&
  (before.amount !== after.amount || before.reusable !== after.reusable || after.disabled ||
    (after.expires_at ?? Infinity) < (before.expires_at ?? Infinity));

const toldOf = ({ amount, description, reusable, disabled, expires_at }: PaymentLink) => ({
  amount,
  description,
  reusable,
  disabled,
  expires_at,
});
