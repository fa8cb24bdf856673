import { accountKey } from "../checkouts/account-key.ts";
import { type Aggregate, type Payment, receive } from "../checkouts/machine.ts";
import { save, untilStored } from "../checkouts/save.ts";
import type { Settled } from "../checkouts/settle-attempt.ts";
import { load } from "../checkouts/store.ts";
import { commit, type Context } from "../context.ts";
import { newId } from "../crypto/ids.ts";
import type { C2bNotice } from "../daraja/notices.ts";
import type { Statement } from "../db/database.ts";
import { first, insert, select, statement } from "../db/query.ts";
import { checkouts, payments } from "../db/schema.ts";
import { auditEntry, event } from "../db/trail.ts";
import type { Shortcode } from "../shortcodes/lookup.ts";
import { paymentView } from "./view.ts";

const insertPayment = insert(payments);
const selectByReceipt = select(payments, "WHERE receipt = ?");
const selectByAccount = select(checkouts, "WHERE shortcode_id = ? AND account_key = ? ORDER BY id DESC LIMIT 1");

type Ending = (settled: Settled, merchantId: string | null) => Statement[];

/**
 * Records money that reached a paybill or till. The same receipt seen before, by whatever way, is the same payment; an
 * account reference that names a checkout pays it; the rest is kept unmatched.
 */
export async function receiveConfirmation(
  ctx: Omit<Context, "merchantId">,
  shortcodeId: string,
  notice: C2bNotice,
  ending: Ending,
): Promise<Settled> {
  const shortcode = await ctx.shortcodes.byId(shortcodeId);
  const own: Context = { ...ctx, merchantId: shortcode.merchantId };
  if (notice.shortcode !== shortcode.number && notice.shortcode !== shortcode.storeNumber) {
    const settled: Settled = { status: "quarantined", problem: "shortcode_differs" };
    await ctx.db.write(ending(settled, shortcode.merchantId));
    return settled;
  }
  return await untilStored(async () => {
    const settled: Settled = { status: "applied", problem: null };
    const end = ending(settled, shortcode.merchantId);
    const known = await first(ctx.db, selectByReceipt(notice.transId));
    if (known !== null) {
      await ctx.db.write([...nameFor(known, await payerName(own, known.id, notice)), ...end]);
      return settled;
    }
    const payment = await paymentOf(own, shortcode, notice);
    const checkout = await named(own, shortcode, notice);
    if (checkout !== null && payment.amount <= checkout.checkout.amount) {
      const after = receive(
        checkout,
        { ...payment, checkout_id: checkout.checkout.id, status: "partial" },
        ctx.clock.now(),
      );
      await save(own, checkout, after, "checkout.paid_by_paybill", { statements: end });
      return settled;
    }
    await commit(own, payment.id, [
      insertPayment(payment),
      event(own, "payment.received", payment.id, await paymentView(own, payment)),
      auditEntry(own, "payment.received", payment.id, { receipt: payment.receipt, status: payment.status }),
      ...end,
    ]);
    return settled;
  });
}

async function named(ctx: Context, shortcode: Shortcode, notice: C2bNotice): Promise<Aggregate | null> {
  const key = accountKey(notice.billRef ?? "");
  const found = key === "" ? null : await first(ctx.db, selectByAccount(shortcode.id, key));
  return found === null ? null : await load(ctx, found.id);
}

async function paymentOf(ctx: Context, shortcode: Shortcode, notice: C2bNotice): Promise<Payment> {
  const id = newId("pay");
  const now = ctx.clock.now();
  const clear = notice.msisdnForm === "clear" ? notice.msisdn : null;
  return {
    id,
    merchant_id: shortcode.merchantId,
    shortcode_id: shortcode.id,
    checkout_id: null,
    attempt_id: null,
    receipt: notice.transId,
    channel: "c2b",
    status: "unmatched",
    amount: notice.amount,
    currency: "KES",
    account_reference: notice.billRef,
    phone: clear === null ? null : await ctx.vault.seal(clear, { table: "payments", column: "phone", row: id }),
    payer_name: await payerName(ctx, id, notice),
    paid_at: notice.transTime,
    created_at: now,
    updated_at: now,
  };
}

async function payerName(ctx: Context, paymentId: string, notice: C2bNotice): Promise<Uint8Array | null> {
  const name = [notice.firstName, notice.middleName, notice.lastName].filter((part) => part !== null && part !== "")
    .join(" ");
  return name === "" ? null : await ctx.vault.seal(name, { table: "payments", column: "payer_name", row: paymentId });
}

/** A payment that STK told of first has no payer's name; the confirmation brings it. */
const nameFor = (known: Payment, name: Uint8Array | null): Statement[] =>
  known.payer_name !== null || name === null
    ? []
    : [statement("UPDATE payments SET payer_name = ? WHERE id = ? AND payer_name IS NULL", name, known.id)];
