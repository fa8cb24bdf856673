import type { Aggregate, Payment } from "./machine.ts";
import type { Services } from "../../context/context.ts";
import type { Place } from "../../crypto/vault.ts";

type PersonalColumn = "phone" | "payer_name";

/** Where a payer's phone or name is stored. The encryption binds it to this place. */
export const payerDataPlace = (column: PersonalColumn, paymentId: string): Place => ({
  table: "payments",
  column,
  row: paymentId,
});

/**
 * Encrypts the payer's data anew where it moved to another payment. The phone and name of `created` were encrypted for its
 * own row. If `created` was merged into an existing payment, they can't be decrypted there.
 */
export async function resealMovedData(
  { vault }: Pick<Services, "vault">,
  state: Aggregate,
  created: Pick<Payment, "id" | PersonalColumn>,
): Promise<Aggregate> {
  const resealed = async (payment: Payment, column: PersonalColumn): Promise<Uint8Array | null> => {
    const sealed = payment[column];
    if (sealed === null || sealed !== created[column] || payment.id === created.id) return sealed;
    return await vault.seal(
      await vault.open(sealed, payerDataPlace(column, created.id)),
      payerDataPlace(column, payment.id),
    );
  };
  const payments = await Promise.all(
    state.payments.map(async (payment) => ({
      ...payment,
      phone: await resealed(payment, "phone"),
      payer_name: await resealed(payment, "payer_name"),
    })),
  );
  return { ...state, payments };
}
