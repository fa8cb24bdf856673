import { accountKey } from "../settlement/account-key.ts";
import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { payerDataPlace } from "../checkouts/payment-sealing.ts";
import type { Money } from "./money.ts";

const SET_MISSING = "UPDATE payments SET payer_name = coalesce(payer_name, ?), phone = coalesce(phone, ?), " +
  "paid_at = coalesce(paid_at, ?), account_reference = coalesce(account_reference, ?), " +
  "account_key = CASE account_key WHEN '' THEN ? ELSE account_key END, uploaded = uploaded AND ?, " +
  "updated_at = max(updated_at, ?), version = version + 1 " +
  "WHERE id = ?";

/** Adds the details that `money` has and the stored payment lacks. An STK callback has no payer's name, and a query has no time. */
export async function addMissingDetails(ctx: Context, known: Payment, money: Money): Promise<Statement[]> {
  const isNew = (stored: unknown, received: unknown): boolean => stored === null && received !== null;
  const hasNewName = isNew(known.payer_name, money.payerName);
  const hasNewPhone = isNew(known.phone, money.phone);
  const hasNewDetails = hasNewName || hasNewPhone || isNew(known.paid_at, money.paidAt) ||
    isNew(known.account_reference, money.accountReference) || (known.uploaded && !money.uploaded);
  if (!hasNewDetails) return [];
  const seal = async (column: "phone" | "payer_name", text: string | null) =>
    text === null ? null : await ctx.vault.seal(text, payerDataPlace(column, known.id));
  return [
    statement(
      SET_MISSING,
      hasNewName ? await seal("payer_name", money.payerName) : null,
      hasNewPhone ? await seal("phone", money.phone) : null,
      money.paidAt,
      money.accountReference,
      accountKey(money.accountReference ?? ""),
      money.uploaded ? 1 : 0,
      ctx.clock.now(),
      known.id,
    ),
  ];
}
