import type { Payment } from "../checkouts/machine.ts";
import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { payerDataPlace } from "../checkouts/payment-sealing.ts";
import type { Money } from "./money.ts";

const FILL = "UPDATE payments SET payer_name = coalesce(payer_name, ?), phone = coalesce(phone, ?), " +
  "paid_at = coalesce(paid_at, ?), account_reference = coalesce(account_reference, ?), updated_at = max(updated_at, ?) " +
  "WHERE id = ?";

/** What one view of a payment knows and those before it did not: a prompt has no payer's name, a query no time. */
export async function addMissingDetails(ctx: Context, known: Payment, money: Money): Promise<Statement[]> {
  const missing = (has: unknown, brings: unknown): boolean => has === null && brings !== null;
  const name = missing(known.payer_name, money.payerName);
  const phone = missing(known.phone, money.phone);
  const more = name || phone || missing(known.paid_at, money.paidAt) ||
    missing(known.account_reference, money.accountReference);
  if (!more) return [];
  const seal = async (column: "phone" | "payer_name", text: string | null) =>
    text === null ? null : await ctx.vault.seal(text, payerDataPlace(column, known.id));
  return [
    statement(
      FILL,
      name ? await seal("payer_name", money.payerName) : null,
      phone ? await seal("phone", money.phone) : null,
      money.paidAt,
      money.accountReference,
      ctx.clock.now(),
      known.id,
    ),
  ];
}
