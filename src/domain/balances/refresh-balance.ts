import { commit, type Context, requireScope } from "../../context/context.ts";
import { describeFailure } from "../../daraja/codes.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { callbackUrl } from "../settlement/callback-url.ts";
import { initiatorOf } from "../shortcodes/initiator.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { BalanceRefreshView, refreshBalance as contract } from "./contract.ts";

/**
 * Asks M-Pesa what a shortcode holds (daraja.md section 7.2); the answer comes as a notice. Errors: `validation_failed`
 * at `/shortcode`, `daraja_refused`, `daraja_unavailable`.
 */
export async function refreshBalance(ctx: Context, input: Input<typeof contract>): Promise<BalanceRefreshView> {
  requireScope(ctx, "balances:read");
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const initiator = await initiatorOf(shortcode);
  if (initiator === null) {
    throw invalidField(
      "/shortcode",
      `${shortcode.number} has no initiator to ask as; give it an initiator name with a password and certificate`,
    );
  }
  const answer = await ctx.daraja.accountBalance(shortcode.app, {
    shortcode: shortcode.number,
    initiator,
    resultUrl: callbackUrl(ctx, "balance_result", shortcode.id),
    timeoutUrl: callbackUrl(ctx, "balance_timeout", shortcode.id),
  });
  ctx.note({ balance_query: answer.outcome, shortcode: shortcode.id });
  if (answer.outcome === "rejected") {
    const { message, advice } = describeFailure(answer.code);
    throw new Problem("daraja_refused", `${message} ${advice}`);
  }
  if (answer.outcome === "unreachable") {
    throw new Problem("daraja_unavailable", "M-Pesa could not be asked. Try again in a few minutes.");
  }
  // An unclear answer may still bring the balance; asking again does no harm.
  const view: BalanceRefreshView = {
    shortcode: shortcode.number,
    status: "asked",
    asked_at: formatTime(ctx.clock.now()),
  };
  const trail = auditEntry(ctx, "balance.asked", shortcode.id, { answer: answer.outcome });
  await commit(ctx, shortcode.id, [trail], { status: 202, body: view });
  return view;
}
