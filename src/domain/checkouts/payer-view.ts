import type { InferSelectModel } from "drizzle-orm";
import type { Services } from "../../context/context.ts";
import { VaultError } from "../../crypto/vault.ts";
import type { payments } from "../../db/schema.ts";
import { maskName, maskPhone } from "../../http/fields.ts";
import type { PaymentView } from "./payment-contract.ts";
import { payerDataPlace } from "./payment-sealing.ts";

type Row = Pick<InferSelectModel<typeof payments>, "id" | "phone" | "payer_name">;

/** What M-Pesa told of the payer. What can't be decrypted is null: a lost key must not hold money up. */
export async function openPayer(
  { vault }: Pick<Services, "vault">,
  payment: Row,
): Promise<{ readonly name: string | null; readonly phone: string | null }> {
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
  return { phone, name };
}

/** The payer of a payment, masked; unknown where it can't be decrypted. */
export async function payerView(services: Pick<Services, "vault">, payment: Row): Promise<PaymentView["payer"]> {
  const { phone, name } = await openPayer(services, payment);
  return {
    name: name === null ? null : maskName(name),
    phone_number: phone !== null && /^\d{12}$/.test(phone) ? maskPhone(phone) : null,
  };
}
