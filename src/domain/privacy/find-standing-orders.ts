import type { Place, Vault } from "../../crypto/vault.ts";
import type { Database } from "../../db/database.ts";
import { rows, select } from "../../db/query.ts";
import { standingOrders } from "../../db/schema.ts";
import { maskPhone } from "../../http/fields.ts";

export type StandingOrderRow = typeof standingOrders.$inferSelect;

const selectByMask = select(standingOrders, "WHERE phone_masked = ?1 AND (?2 IS NULL OR merchant_id = ?2)");

/**
 * The standing orders of a phone (12 digits). They have no index of it: those whose mask fits are decrypted and compared.
 * That reads the whole table, and nobody waits for it but who looks after a person's rights.
 */
export async function findStandingOrders(
  { db, vault }: { readonly db: Database; readonly vault: Vault },
  phone: string,
  merchant: string | null,
): Promise<readonly StandingOrderRow[]> {
  const [alike] = await rows(db, { ...selectByMask(maskPhone(phone), merchant), scan: true });
  const phones = await Promise.all(alike.map((order) => vault.openText(order.phone, phonePlace(order.id))));
  return alike.filter((_, i) => phones[i] === phone);
}

export const phonePlace = (id: string): Place => ({ table: "standing_orders", column: "phone", row: id });
