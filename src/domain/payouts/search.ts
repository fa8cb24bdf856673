import { sql } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import { inReach } from "../../db/list.ts";
import type { Reach } from "../../db/reach.ts";
import { payouts } from "../../db/schema.ts";
import { begins, either, type ListColumns, receiptText } from "../../http/list-filters.ts";

/** How the list of payouts finds by the payee's phone and by `q`. Each part is found by an index of its own. */
export const payoutColumns = ({ vault }: Pick<Context, "vault">, reach: Reach): ListColumns => ({
  id: payouts.id,
  prefix: "pyt",
  at: payouts.created_at,
  amount: payouts.amount,
  phone: (digits) => {
    const own = inReach(reach, payouts.merchant_id) || sql`true`;
    return sql`${payouts.id} in (select ${payouts.id} from ${payouts}
      where ${own} and ${payouts.phone_index} in ${vault.indexes("phone", digits)})`;
  },
  search: (text) =>
    either(payouts.id, [
      sql`select ${payouts.id} from ${payouts} where ${begins(payouts.id, text)}`,
      sql`select ${payouts.id} from ${payouts} where ${inReach(reach, payouts.merchant_id) || sql`true`}
        and ${begins(payouts.reference, text)}`,
      sql`select ${payouts.id} from ${payouts} where ${begins(payouts.receipt, receiptText(text))}`,
      sql`select ${payouts.id} from ${payouts} where ${begins(payouts.originator_conversation_id, text)}`,
      sql`select ${payouts.id} from ${payouts} where ${begins(payouts.batch_id, text)}`,
    ]),
  searchFinds: true,
});
