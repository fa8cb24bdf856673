import { sql } from "drizzle-orm";
import { payments, refunds } from "../../db/schema.ts";
import { begins, either, type ListColumns, receiptText } from "../../http/list-filters.ts";

/** How the list of refunds finds by `q`. Each part is found by an index of its own. */
export const refundColumns: ListColumns = {
  id: refunds.id,
  prefix: "rfd",
  at: refunds.created_at,
  amount: refunds.amount,
  search: (text) =>
    either(refunds.id, [
      sql`select ${refunds.id} from ${refunds} where ${begins(refunds.id, text)}`,
      sql`select ${refunds.id} from ${refunds} where ${begins(refunds.receipt, receiptText(text))}`,
      sql`select ${refunds.id} from ${refunds} where ${begins(refunds.payment_id, text)}`,
      sql`select r.id from ${payments} join ${refunds} r on r.payment_id = ${payments.id}
        where ${begins(payments.receipt, receiptText(text))}`,
    ]),
  searchFinds: true,
};
