/** One asynchronous movement (payout, reversal, B2B) and what became of it. */
export interface Conversation {
  readonly originatorConversationId: string;
  readonly conversationId: string;
  /** Paybill or till number of who asked. */
  readonly shortcode: string;
  /** Whole shillings. */
  readonly amount: number;
  readonly initiatedAt: number;
  readonly reason: string;
  readonly debitParty: string;
  readonly creditParty: string;
  readonly debitAccount: string;
  /** As Transaction Status words it, or "". */
  readonly charges: string;
  /** The customer's; null between organisations. */
  readonly phone: string | null;
  status: "Initiated" | "Completed" | "Declined";
  receipt: string | null;
  finalisedAt: number | null;
  /** Taken, but Transaction Status can't find it (scenario 9017). */
  readonly isHidden: boolean;
}

/** A conversation that has just been opened. */
export function openConversation(
  parts: Omit<Conversation, "status" | "receipt" | "finalisedAt">,
): Conversation {
  return { ...parts, status: "Initiated", receipt: null, finalisedAt: null };
}
