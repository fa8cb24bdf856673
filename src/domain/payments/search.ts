import { sql } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import { inReach } from "../../db/list.ts";
import type { Reach } from "../../db/reach.ts";
import { attempts, checkouts, mergedPayments, paymentPhones, payments, shortcodes } from "../../db/schema.ts";
import { begins, either, type ListColumns, receiptText } from "../../http/list-filters.ts";
import { accountKey } from "../settlement/account-key.ts";
import { phoneIndexes } from "./phone-index.ts";

/** How the list of payments finds by the payer's phone and by `q`. Each part is found by an index of its own. */
export const paymentColumns = (ctx: Pick<Context, "vault">, reach: Reach): ListColumns => ({
  id: payments.id,
  prefix: "pay",
  at: payments.created_at,
  amount: payments.amount,
  phone: (digits) => {
    const { clear, hashed } = phoneIndexes(ctx, digits);
    const told = sql`select payment_id from ${paymentPhones} where phone_index in ${[...clear, ...hashed]}`;
    return either(payments.id, [
      sql`select p.id from ${attempts} a join ${payments} p on p.checkout_id = a.checkout_id and p.attempt_id = a.id
        where a.phone_index in ${clear}`,
      told,
      sql`select into_id from ${mergedPayments} where id in (${told})`,
    ]);
  },
  search: (text) => {
    const key = accountKey(text);
    const own = sql`select ${shortcodes.id} from ${shortcodes} where ${
      inReach(reach, shortcodes.merchant_id) || sql`true`
    }`;
    return either(payments.id, [
      sql`select ${payments.id} from ${payments} where ${begins(payments.id, text)}`,
      sql`select ${payments.id} from ${payments} where ${begins(payments.receipt, receiptText(text))}`,
      key !== "" && sql`select ${payments.id} from ${payments} where ${payments.shortcode_id} in (${own})
        and ${begins(payments.account_key, key)}`,
      sql`select p.id from ${checkouts} join ${payments} p on p.checkout_id = ${checkouts.id}
        where ${inReach(reach, checkouts.merchant_id) || sql`true`} and ${begins(checkouts.reference, text)}`,
    ]);
  },
  searchFinds: true,
});
