import type { Context } from "../../context/context.ts";
import { standingOrderResultTable } from "../../daraja/codes.ts";
import { type RatibaNotice, unreadableNames, valueOrNull } from "../../daraja/notices.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { appliedWithout, type FinishNotice, quarantined, type SettlementOutcome } from "../settlement/outcome.ts";
import { applyFact, type Fact } from "./machine.ts";
import { answerDueAt, loadStandingOrder, saveStandingOrder } from "./store.ts";
import { retryOnConflict } from "../../db/retry.ts";

/**
 * Adds what a Ratiba callback says to its standing order, with `finishNotice` in the same batch. It moves no money, so a
 * receipt that can't be read counts as not known. Code 0 with the status ERROR contradicts itself and is quarantined.
 */
export async function settleStandingOrder(
  ctx: Context,
  id: string,
  notice: RatibaNotice,
  finishNotice: FinishNotice,
): Promise<SettlementOutcome> {
  return await retryOnConflict(async () => {
    const before = await loadStandingOrder(ctx, id);
    if (before === null) {
      const unknown = quarantined("standing_order_unknown");
      await ctx.db.write([...finishNotice(unknown, null)]);
      return unknown;
    }
    const contradicts = notice.resultCode === "0" && notice.status?.toUpperCase() === "ERROR";
    const { transactionId: receipt, phone } = notice;
    const outcome = contradicts ? quarantined("status_differs") : appliedWithout(unreadableNames({ receipt, phone }));
    const after = contradicts ? before : applyFact(before, factOf(notice), ctx.clock.now());
    const ended = after.status === "active" || after.status === "failed";
    await saveStandingOrder(ctx, before, after, "standing_order.told", {
      statements: [
        ...(ended ? [ctx.jobs.drop("standing_order", id)] : []),
        ...finishNotice(outcome, before.merchant_id),
      ],
    });
    return outcome;
  });
}

/** Only a code that Safaricom's page lists fails the order. After any other code the outcome is not known. */
function factOf({ resultCode, resultDescription: description, transactionId }: RatibaNotice): Fact {
  if (resultCode === "0") return { kind: "active", receipt: valueOrNull(transactionId), description };
  const row = standingOrderResultTable.get(resultCode);
  return row === undefined
    ? { kind: "unclear", resultCode, description }
    : { kind: "failed", failure: row.failure, resultCode, description };
}

/** The job that ends the wait for the customer's answer. Daraja can't be asked about an order, so it becomes `unknown`. */
export async function markUnanswered(ctx: Context, id: string): Promise<JobOutcome> {
  return await retryOnConflict<JobOutcome>(async () => {
    const before = await loadStandingOrder(ctx, id);
    if (before === null || before.status !== "pending") return "finished";
    const at = answerDueAt(ctx, before);
    if (at > ctx.clock.now()) return { runAt: at };
    await saveStandingOrder(
      ctx,
      before,
      applyFact(before, { kind: "overdue" }, ctx.clock.now()),
      "standing_order.overdue",
    );
    return "finished";
  });
}
