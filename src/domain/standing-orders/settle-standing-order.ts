import type { Context } from "../../context/context.ts";
import { standingOrderResultTable } from "../../daraja/codes.ts";
import type { RatibaNotice } from "../../daraja/notices.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { APPLIED, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";
import { type Fact, learn } from "./machine.ts";
import { JOB, load, patienceEnds, save } from "./store.ts";
import { retryOnConflict } from "../../db/retry.ts";

/** Adds what a Ratiba callback says to its standing order, with `finishNotice` in the same batch. */
export async function settleStandingOrder(
  ctx: Context,
  id: string,
  notice: RatibaNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  return await retryOnConflict(async () => {
    const before = await load(ctx, id);
    if (before === null) {
      const unknown = quarantined("standing_order_unknown");
      await ctx.db.write([...finishNotice(unknown, null)]);
      return unknown;
    }
    const after = learn(before, factOf(notice), ctx.clock.now());
    const ended = after.status === "active" || after.status === "failed";
    await save(ctx, before, after, "standing_order.told", {
      statements: [...(ended ? [ctx.jobs.drop(JOB, id)] : []), ...finishNotice(APPLIED, before.merchant_id)],
    });
    return APPLIED;
  });
}

/** Only codes that Safaricom's page lists fail it; of another it is not known what became of the order. */
function factOf({ resultCode, resultDescription: description, transactionId }: RatibaNotice): Fact {
  if (resultCode === "0") return { kind: "active", receipt: transactionId, description };
  const row = standingOrderResultTable.get(resultCode);
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
