import { accountKey } from "../settlement/account-key.ts";
import { asStored } from "../settlement/next-version.ts";
import type { Payment } from "../checkouts/machine.ts";
import { paymentView } from "../checkouts/payment-view.ts";
import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, update } from "../../db/query.ts";
import { payments } from "../../db/schema.ts";
import { event } from "../../db/trail.ts";
import { payerDataPlace } from "../checkouts/payment-sealing.ts";
import type { Money } from "./money.ts";
import { phoneStatements } from "./phone-index.ts";

const updateDetails = update(
  payments,
  ["payer_name", "phone", "paid_at", "account_reference", "account_key", "uploaded", "updated_at", "version"],
  "WHERE id = ? AND version = ?",
);

/**
 * Statements: add the details that `money` has and the stored payment lacks. An STK callback has no payer's name, and a
 * query has no time. They abort with `conflict` if the payment was changed after it was loaded.
 */
export async function addMissingDetails(ctx: Context, known: Payment, money: Money): Promise<Statement[]> {
  const isNew = (stored: unknown, received: unknown): boolean => stored === null && received !== null;
  const hasNewName = isNew(known.payer_name, money.payerName);
  const hasNewPhone = isNew(known.phone, money.phone);
  const hasNewDetails = hasNewName || hasNewPhone || isNew(known.paid_at, money.paidAt) ||
    isNew(known.account_reference, money.accountReference) || (known.uploaded && !money.uploaded);
  if (!hasNewDetails) return [];
  const seal = async (column: "phone" | "payer_name", text: string | null) =>
    text === null ? null : await ctx.vault.seal(text, payerDataPlace(column, known.id));
  const stored = asStored(known, {
    ...known,
    payer_name: hasNewName ? await seal("payer_name", money.payerName) : known.payer_name,
    phone: hasNewPhone ? await seal("phone", money.phone) : known.phone,
    paid_at: known.paid_at ?? money.paidAt,
    account_reference: known.account_reference ?? money.accountReference,
    account_key: known.account_key === "" ? accountKey(money.accountReference ?? "") : known.account_key,
    uploaded: known.uploaded && money.uploaded,
  }, ctx.clock.now());
  return [
    updateDetails(stored, known.id, known.version),
    abortIfUnchanged,
    ...phoneStatements(ctx, known.id, money),
    event(ctx, "payment.updated", known.id, await paymentView(ctx, stored)),
  ];
}
