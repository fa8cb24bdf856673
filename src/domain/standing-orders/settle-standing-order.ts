import type { Settled } from "../checkouts/settle-attempt.ts";
import type { Context } from "../../context/context.ts";
import { STANDING_ORDER_RESULTS } from "../../daraja/codes.ts";
import type { RatibaNotice } from "../../daraja/notices.ts";
import type { Statement } from "../../db/database.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { type Fact, learn } from "./machine.ts";
import { JOB, load, patienceEnds, save } from "./store.ts";
import { retryOnConflict } from "../../db/retry.ts";

type Ending = (settled: Settled, merchantId: string | null) => readonly Statement[];

/** Adds what a Ratiba callback says to its standing order, with `ending` in the same batch. */
export async function settleStandingOrder(
  ctx: Context,
  id: string,
  notice: RatibaNotice,
  ending: Ending,
): Promise<Settled> {
  return await retryOnConflict(async () => {
    const before = await load(ctx, id);
    if (before === null) {
      const lost: Settled = { status: "quarantined", problem: "standing_order_unknown" };
      await ctx.db.write([...ending(lost, null)]);
      return lost;
    }
    const settled: Settled = { status: "applied", problem: null };
    const after = learn(before, factOf(notice), ctx.clock.now());
    const ended = after.status === "active" || after.status === "failed";
    await save(ctx, before, after, "standing_order.told", {
      statements: [...(ended ? [ctx.jobs.drop(JOB, id)] : []), ...ending(settled, before.merchant_id)],
    });
    return settled;
  });
}

/** Only codes that Safaricom's page lists fail it; of another it is not known what became of the order. */
function factOf({ resultCode, resultDescription: description, transactionId }: RatibaNotice): Fact {
  if (resultCode === "0") return { kind: "active", receipt: transactionId, description };
  const row = STANDING_ORDER_RESULTS.get(resultCode);
  return row === undefined
    ? { kind: "unclear", resultCode, description }
    : { kind: "failed", failure: row.failure, resultCode, description };
}

/** The job that ends the wait for the customer's answer: nothing can be asked, so what it became is not known. */
export async function endPatience(ctx: Context, id: string): Promise<JobOutcome> {
  return await retryOnConflict<JobOutcome>(async () => {
    const before = await load(ctx, id);
    if (before === null || before.status !== "pending") return "finished";
    const at = patienceEnds(ctx, before);
    if (at > ctx.clock.now()) return { runAt: at };
    await save(ctx, before, learn(before, { kind: "overdue" }, ctx.clock.now()), "standing_order.overdue");
    return "finished";
  });
}
