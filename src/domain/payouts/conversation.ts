import type { Payout } from "./machine/facts.ts";

/** The id Daraja knows the request by: ours, or one it made itself (v1, and payments to businesses); null: none is known. */
export const conversationIdToAsk = (payout: Payout): string | null =>
  payout.daraja_originator_id ??
    (payout.destination === "phone" ? payout.originator_conversation_id : payout.conversation_id);
