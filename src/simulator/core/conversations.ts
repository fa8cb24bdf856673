/** One asynchronous movement (payout, reversal, B2B) and what became of it. */
export interface Conversation {
  readonly originatorConversationId: string;
  readonly conversationId: string;
  /** The paybill or till number that sent the request. */
  readonly shortcode: string;
  /** Whole shillings. */
  readonly amount: number;
  /** ms since the epoch. */
  readonly initiatedAt: number;
  readonly reason: string;
  readonly debitParty: string;
  readonly creditParty: string;
  readonly debitAccount: string;
  /** The charges in the form of Transaction Status, or "". */
  readonly charges: string;
  /** The customer's phone; null between organisations. */
  readonly phone: string | null;
  status: "Initiated" | "Completed" | "Declined";
  receipt: string | null;
  finalisedAt: number | null;
  /** The request was accepted, but Transaction Status does not find it (scenario 9017). */
  readonly isHidden: boolean;
}

/** A conversation that has just started. */
export function openConversation(
  parts: Omit<Conversation, "status" | "receipt" | "finalisedAt">,
): Conversation {
  return { ...parts, status: "Initiated", receipt: null, finalisedAt: null };
}
