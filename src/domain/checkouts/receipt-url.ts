import type { Services } from "../../context/context.ts";

/** The address of the receipt of a payment, to share. Who has it sees the receipt, and nothing of who paid. */
export const receiptUrl = (
  { config, capabilities }: Pick<Services, "config" | "capabilities">,
  paymentId: string,
): string => `${config.server.publicUrl}/r/${capabilities.mint("payment_receipt", paymentId)}`;
