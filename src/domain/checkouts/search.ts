import { sql } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import { inReach } from "../../db/list.ts";
import type { Reach } from "../../db/reach.ts";
import { attempts, checkouts, payments, shortcodes } from "../../db/schema.ts";
import { begins, either, type ListColumns, receiptText } from "../../http/list-filters.ts";
import { accountKey } from "../settlement/account-key.ts";

/** How the list of checkouts finds by phone and by `q`. Each part is found by an index of its own. */
export const checkoutColumns = ({ vault }: Pick<Context, "vault">, reach: Reach): ListColumns => ({
  id: checkouts.id,
  prefix: "chk",
  at: checkouts.created_at,
  amount: checkouts.amount,
  phone: (digits) => {
    const indexes = vault.indexes("phone", digits);
    return sql`${checkouts.id} in (select checkout_id from ${attempts} where phone_index in ${indexes})`;
  },
  search: (text) => {
    const key = accountKey(text);
    const own = sql`select ${shortcodes.id} from ${shortcodes} where ${
      inReach(reach, shortcodes.merchant_id) || sql`true`
    }`;
    return either(checkouts.id, [
      sql`select ${checkouts.id} from ${checkouts} where ${begins(checkouts.id, text)}`,
      sql`select ${checkouts.id} from ${checkouts} where ${inReach(reach, checkouts.merchant_id) || sql`true`}
        and ${begins(checkouts.reference, text)}`,
      key !== "" && sql`select ${checkouts.id} from ${checkouts} where ${checkouts.shortcode_id} in (${own})
        and ${begins(checkouts.account_key, key)}`,
      sql`select ${payments.checkout_id} from ${payments} where ${begins(payments.receipt, receiptText(text))}`,
    ]);
  },
  searchFinds: true,
});
