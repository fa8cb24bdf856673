import type { Context } from "../../context/context.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { initiatorOf } from "../shortcodes/initiator.ts";
import { conversationIdToAsk } from "./conversation.ts";
import type { Refund } from "./machine/facts.ts";

/**
 * Asks Transaction Status what became of a reversal (daraja.md section 7.1). The finding comes as a notice. False when
 * there is nothing to ask with, or the question was not taken.
 */
export async function askRefundStatus(ctx: Context, refund: Refund): Promise<boolean> {
  const shortcode = await ctx.shortcodes.byId(refund.shortcode_id);
  const initiator = await initiatorOf(shortcode);
  const conversation = conversationIdToAsk(refund);
  if (initiator === null || conversation === null) return false;
  const answer = await ctx.daraja.transactionStatus(shortcode.app, {
    shortcode: shortcode.number,
    initiator,
    of: { originalConversationId: conversation },
    resultUrl: callbackUrl(ctx, "refund_status_result", refund.id),
    timeoutUrl: callbackUrl(ctx, "refund_status_timeout", refund.id),
  });
  ctx.note({ status_query: answer.outcome });
  return answer.outcome === "accepted";
}
