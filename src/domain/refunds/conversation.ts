import type { Refund } from "./machine/facts.ts";
import { isOpen } from "./machine/requests.ts";

/** The conversation of the last request that is open and known to M-Pesa; null: there is nothing to ask with. */
export const conversationIdToAsk = ({ requests }: Refund): string | null =>
  requests.findLast((request) => isOpen(request) && request.conversation !== null)?.conversation ?? null;
