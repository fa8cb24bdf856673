import type { Context } from "../../context/context.ts";
import { rows, select } from "../../db/query.ts";
import { payouts } from "../../db/schema.ts";
import { Problem } from "../../problems/problem.ts";
import { type Batch, loadBatch } from "./batches.ts";
import { type Content, requireContent } from "./digest.ts";

const OPENED_AT_ONCE = 250;

const selectAwaiting = select(payouts, "WHERE batch_id = ? AND status = 'awaiting_approval' ORDER BY id");

/**
 * A batch with its payouts that await approval, opened, in the order of the request. Errors: `not_found`, `wrong_state`
 * where there are none, `payout_changed`.
 */
export async function loadAwaiting(
  ctx: Context,
  id: string,
): Promise<{ readonly batch: Batch; readonly contents: readonly Content[] }> {
  const batch = await loadBatch(ctx, id);
  const [members] = await rows(ctx.db, selectAwaiting(id));
  if (members.length === 0) throw new Problem("wrong_state", "No payout of this batch awaits approval.");
  const contents: Content[] = [];
  for (let start = 0; start < members.length; start += OPENED_AT_ONCE) {
    const part = members.slice(start, start + OPENED_AT_ONCE);
    contents.push(...await Promise.all(part.map((payout) => requireContent(ctx, payout))));
  }
  return { batch, contents };
}
