import type { Context } from "../../context/context.ts";
import { sha256 } from "../../crypto/hash.ts";
import type { Statement } from "../../db/database.ts";
import { insert } from "../../db/query.ts";
import { paymentPhones } from "../../db/schema.ts";
import { kenyanMobile } from "../../http/fields.ts";
import type { Money } from "./money.ts";

const insertPhone = insert(paymentPhones, "ON CONFLICT DO NOTHING");

/** A whole SHA-256: shorter hashes were published too, and nobody knows what they are of (daraja.md section 5.3). */
const SHA256 = /^[0-9a-f]{64}$/i;

/** Statements: the payment can be found by the phone that M-Pesa told. None where it told none, or a part of it. */
export function phoneStatements(
  { vault }: Pick<Context, "vault">,
  paymentId: string,
  { phone, phoneHash = null }: Pick<Money, "phone" | "phoneHash">,
): Statement[] {
  const digits = phone === null ? null : kenyanMobile(phone);
  const index = digits !== null
    ? vault.index("phone", digits)
    : phoneHash !== null && SHA256.test(phoneHash)
    ? vault.index("phone_sha256", phoneHash.toLowerCase())
    : null;
  return index === null ? [] : [insertPhone({ payment_id: paymentId, phone_index: index })];
}

/** What {@link phoneStatements} may have stored for a phone (12 digits). */
export const phoneIndexes = ({ vault }: Pick<Context, "vault">, digits: string): readonly [Uint8Array, Uint8Array] => [
  vault.index("phone", digits),
  vault.index("phone_sha256", sha256(digits).toHex()),
];
