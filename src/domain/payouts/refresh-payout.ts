import { commit, type Context, requireScope } from "../../context/context.ts";
import { auditEntry } from "../../db/trail.ts";
import { askPayoutStatus } from "./ask.ts";
import type { PayoutView } from "./contract.ts";
import { isCalling } from "./machine/status.ts";
import { loadOwn } from "./read.ts";
import { payoutView } from "./view.ts";

/**
 * Asks Transaction Status now about a payout that was sent, and has one that waits to be sent looked at now. The finding
 * comes as a notice, so the answer is the payout as it stands. Errors: `not_found`.
 */
export async function refreshPayout(ctx: Context, { id }: { id: string }): Promise<PayoutView> {
  requireScope(ctx, "payouts:write");
  const payout = await loadOwn(ctx, id);
  const view = await payoutView(ctx, payout);
  if (payout.status === "queued") {
    const now = ctx.clock.now();
    const look = ctx.jobs.schedule("payout", id, payout.merchant_id, Math.max(now, payout.send_after));
    await commit(ctx, id, [look, auditEntry(ctx, "payout.refreshed", id, {})], { status: 200, body: view });
    ctx.jobs.wake(Math.max(now, payout.send_after));
    return view;
  }
  const asked = (payout.status === "submitted" || payout.status === "in_doubt") && !isCalling(payout);
  if (!asked) return view;
  const taken = await askPayoutStatus(ctx, payout);
  await commit(ctx, id, [auditEntry(ctx, "payout.refreshed", id, { taken })], { status: 200, body: view });
  return view;
}
