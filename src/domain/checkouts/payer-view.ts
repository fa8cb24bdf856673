import type { InferSelectModel } from "drizzle-orm";
import type { Services } from "../../context/context.ts";
import { VaultError } from "../../crypto/vault.ts";
import type { payments } from "../../db/schema.ts";
import { maskName, maskPhone } from "../../http/fields.ts";
import type { PaymentView } from "./payment-contract.ts";
import { payerDataPlace } from "./payment-sealing.ts";

type Row = Pick<InferSelectModel<typeof payments>, "id" | "phone" | "payer_name">;

/** The payer of a payment, masked. What can't be decrypted is shown as unknown: a lost key must not hold money up. */
export async function payerView({ vault }: Pick<Services, "vault">, payment: Row): Promise<PaymentView["payer"]> {
  const open = async (column: "phone" | "payer_name"): Promise<string | null> => {
    const sealed = payment[column];
    if (sealed === null) return null;
    try {
      return await vault.openText(sealed, payerDataPlace(column, payment.id));
    } catch (error) {
      if (error instanceof VaultError) return null;
      throw error;
    }
  };
  const [phone, name] = await Promise.all([open("phone"), open("payer_name")]);
  return {
    name: name === null ? null : maskName(name),
    phone_number: phone !== null && /^\d{12}$/.test(phone) ? maskPhone(phone) : null,
  };
}
