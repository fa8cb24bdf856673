import type { Aggregate, Payment } from "./machine.ts";
import type { Services } from "../../context/context.ts";
import type { Place } from "../../crypto/vault.ts";

type Personal = "phone" | "payer_name";

/** Where a payer's phone or name is sealed. */
export const payerDataPlace = (column: Personal, paymentId: string): Place => ({
  table: "payments",
  column,
  row: paymentId,
});

/**
 * What was sealed for the new payment `made` and went over to one that it merged with opens only where it was sealed:
 * seals it anew for the payment that has it now.
 */
export async function resealMovedData(
  { vault }: Pick<Services, "vault">,
  state: Aggregate,
  made: Pick<Payment, "id" | Personal>,
): Promise<Aggregate> {
  const moved = async (payment: Payment, column: Personal): Promise<Uint8Array | null> => {
    const sealed = payment[column];
    if (sealed === null || sealed !== made[column] || payment.id === made.id) return sealed;
    return await vault.seal(
      await vault.open(sealed, payerDataPlace(column, made.id)),
      payerDataPlace(column, payment.id),
    );
  };
  const payments = await Promise.all(
    state.payments.map(async (payment) => ({
      ...payment,
      phone: await moved(payment, "phone"),
      payer_name: await moved(payment, "payer_name"),
    })),
  );
  return { ...state, payments };
}
