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

/** Statements: the payment can be found by the phone that M-Pesa told. One that it masked helps suggestions only. */
export function phoneStatements(
  { vault }: Pick<Context, "vault">,
  paymentId: string,
  { phone, phoneHash = null, phoneMasked = null }: Pick<Money, "phone" | "phoneHash" | "phoneMasked">,
): Statement[] {
  const digits = phone === null ? null : kenyanMobile(phone);
  const index = digits !== null
    ? vault.index("phone", digits)
    : phoneHash !== null && SHA256.test(phoneHash)
    ? vault.index("phone_sha256", phoneHash.toLowerCase())
    : maskedIndex(vault, phoneMasked);
  return index === null ? [] : [insertPhone({ payment_id: paymentId, phone_index: index })];
}

/** Masks differ in how many digits they show (daraja.md section 5.3): what all of them show is compared. */
export function maskedIndex(vault: Context["vault"], masked: string | null): Uint8Array | null {
  const digits = (masked ?? "").replaceAll(/[\s+]/g, "");
  const [begins, ends] = [digits.slice(0, 4), digits.slice(-3)];
  return /^254[17]$/.test(begins) && /^\d{3}$/.test(ends) ? vault.index("phone_masked", `${begins}*${ends}`) : null;
}

/** The same, and for a phone that M-Pesa masked. That one fits many phones, so it proves nothing: it is for suggestions. */
export const phoneFormsOf = (ctx: Pick<Context, "vault">, digits: string): readonly Uint8Array[] => [
  ...Object.values(phoneIndexes(ctx, digits)).flat(),
  ...ctx.vault.indexes("phone_masked", `${digits.slice(0, 4)}*${digits.slice(-3)}`),
];

/** What {@link phoneStatements} may have stored for a phone (12 digits), and only for this one. */
export const phoneIndexes = (
  { vault }: Pick<Context, "vault">,
  digits: string,
): { readonly clear: readonly Uint8Array[]; readonly hashed: readonly Uint8Array[] } => ({
  clear: vault.indexes("phone", digits),
  hashed: vault.indexes("phone_sha256", sha256(digits).toHex()),
});
