import type { Context } from "../../context/context.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { initiatorOf } from "../shortcodes/initiator.ts";
import { conversationIdToAsk } from "./conversation.ts";
import type { Payout } from "./machine/facts.ts";

/**
 * Asks Transaction Status what became of a payout (daraja.md section 7.1). The finding comes as a notice. False when
 * the question was not taken.
 */
export async function askPayoutStatus(ctx: Context, payout: Payout): Promise<boolean> {
  const shortcode = await ctx.shortcodes.byId(payout.shortcode_id);
  const initiator = await initiatorOf(shortcode);
  const id = conversationIdToAsk(payout);
  if (initiator === null || id === null) return false;
  const answer = await ctx.daraja.transactionStatus(shortcode.app, {
    shortcode: shortcode.number,
    initiator,
    of: { originalConversationId: id },
    resultUrl: callbackUrl(ctx, "status_result", payout.id),
    timeoutUrl: callbackUrl(ctx, "status_timeout", payout.id),
  });
  ctx.note({ status_query: answer.outcome });
  return answer.outcome === "accepted";
}
