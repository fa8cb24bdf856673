import type { Context } from "../../context/context.ts";
import { first, type Query } from "../../db/query.ts";
import { payerDataPlace } from "../checkouts/payment-sealing.ts";
import { phoneIndexes } from "../payments/phone-index.ts";
import { readableName } from "./learn-name.ts";

interface Payer {
  readonly id: string;
  readonly name: Uint8Array;
}

/** The last payment of a merchant that came from this phone and names its payer. There is an index of each key in use. */
const selectPayer = (merchantId: string, { clear, hashed }: ReturnType<typeof phoneIndexes>): Query<Payer> => ({
  sql: "SELECT p.id, p.payer_name FROM payments p WHERE p.merchant_id = ?1 AND p.payer_name IS NOT NULL AND p.id IN (" +
    "SELECT payment_id FROM payment_phones WHERE phone_index IN (SELECT unhex(value) FROM json_each(?2)) UNION " +
    "SELECT q.id FROM attempts a JOIN payments q ON q.checkout_id = a.checkout_id AND q.attempt_id = a.id " +
    "WHERE a.phone_index IN (SELECT unhex(value) FROM json_each(?3))) ORDER BY p.id DESC LIMIT 1",
  args: [merchantId, hexOf([...clear, ...hashed]), hexOf(clear)],
  map: ([id, name]) => ({ id: String(id), name: name as Uint8Array }), // a BLOB, and not null
});
const hexOf = (indexes: readonly Uint8Array[]): string => JSON.stringify(indexes.map((index) => index.toHex()));

/** The name that M-Pesa gave with a payment from this phone (12 digits); null: none is known. */
export async function nameOfPayer(ctx: Context, merchantId: string, digits: string): Promise<string | null> {
  const payer = await first(ctx.db, selectPayer(merchantId, phoneIndexes(ctx, digits)));
  if (payer === null) return null;
  return readableName(await ctx.vault.openText(payer.name, payerDataPlace("payer_name", payer.id)));
}
