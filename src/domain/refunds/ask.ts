import type { Context } from "../../context/context.ts";
import { initiatorOf } from "../shortcodes/initiator.ts";
import { isOpen, type Refund } from "./machine.ts";

/** The conversation of the last request that is open and known to M-Pesa; null: there is nothing to ask with. */
export const conversationOf = ({ requests }: Refund): string | null =>
  requests.findLast((request) => isOpen(request) && request.conversation !== null)?.conversation ?? null;

/**
 * Asks Transaction Status what became of a reversal (daraja.md section 7.1). The finding comes as a notice. False when
 * there is nothing to ask with, or the question was not taken.
 */
export async function ask(ctx: Context, refund: Refund): Promise<boolean> {
  const shortcode = await ctx.shortcodes.byId(refund.shortcode_id);
  const initiator = await initiatorOf(shortcode);
  const conversation = conversationOf(refund);
  if (initiator === null || conversation === null) return false;
  const url = (kind: "refund_status_result" | "refund_status_timeout") =>
    `${ctx.config.server.publicUrl}/notify/${ctx.capabilities.mint(kind, refund.id)}`;
  const answer = await ctx.daraja.transactionStatus(shortcode.app, {
    shortcode: shortcode.number,
    initiator,
    of: { originalConversationId: conversation },
    resultUrl: url("refund_status_result"),
    timeoutUrl: url("refund_status_timeout"),
  });
  ctx.note({ status_query: answer.outcome });
  return answer.outcome === "accepted";
}
