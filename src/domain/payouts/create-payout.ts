import { commit, type Context, requireScope } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { auditEntry, event } from "../../db/trail.ts";
import { withOrigin } from "./digest.ts";
import { keepSignature } from "./signed-request.ts";
import { invalidField } from "../../problems/problem.ts";
import { requireApprovals, withApprovalSums } from "./approval-sums.ts";
import type { PayoutView } from "./contract.ts";
import type { PayoutOrder } from "./order.ts";
import { newPayoutToDestination, recipientPointer } from "./destination.ts";
import { guardDuplicates } from "./duplicates.ts";
import {
  amountError,
  exceededLimits,
  limitExceeded,
  limitsAndRulesOf,
  type Reservation,
  reservationsOf,
  reserve,
} from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { payingShortcode } from "./new-payout.ts";
import { nextStep } from "./plan.ts";
import { insertPayout, planSettings, scheduleNextStep } from "./store.ts";
import { payoutData, payoutView } from "./view.ts";

/** Stores a payout; its job sends it. Errors: `validation_failed`, `limit_exceeded`, `looks_like_a_duplicate`. */
export async function createPayout(ctx: Context, input: PayoutOrder): Promise<PayoutView> {
  requireScope(ctx, "payouts:write");
  const { limits, rules } = await limitsAndRulesOf(ctx);
  const problem = amountError(limits, input.amount);
  if (problem !== null) throw invalidField("/amount", problem);
  const made = await newPayoutToDestination(ctx, input, await payingShortcode(ctx, input.shortcode), limits);
  const policy = input.allow_duplicate === true ? "off" : rules.duplicates.payouts;
  const guard = await guardDuplicates(ctx, policy, [{ payout: made, pointer: "" }]);
  const decided = await requireApprovals(ctx, [guard.payouts[0] ?? made], limits);
  const reservations = reservationsOf(
    decided.map((payout) => ({ payout, amountAt: "/amount", phoneAt: recipientPointer(input) })),
    limits,
  );
  const signed = await keepSignature(ctx);
  const store = async ([decidedOn = made]: readonly Payout[], sums: readonly Statement[]): Promise<PayoutView> => {
    const payout = await withOrigin(ctx, { ...decidedOn, signed_request: signed?.id ?? null });
    const view = await payoutView(ctx, payout);
    await commit(ctx, payout.id, [
      ...guard.statements,
      reserve(reservations),
      ...sums,
      ...(signed?.statements ?? []),
      insertPayout(payout),
      event(ctx, "payout.created", payout.id, { ...await payoutData(ctx, payout) }),
      auditEntry(ctx, "payout.created", payout.id, { amount: payout.amount, status: payout.status }),
      scheduleNextStep(ctx, payout),
    ], { status: 202, body: view });
    ctx.jobs.wake(nextStep(payout, planSettings(ctx), ctx.clock.now()).at);
    return view;
  };
  const write = () => explainLimits(ctx, reservations, () => withApprovalSums(decided, limits, store));
  const view = await guard.explain(write);
  ctx.note({ payout: view.id });
  return view;
}

/** Runs `write`, whose batch has {@link reserve}. If a limit refuses the batch, the error names it. Errors: `limit_exceeded`. */
export async function explainLimits<T>(
  ctx: Context,
  reservations: readonly Reservation[],
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.rule !== "limit_exceeded") throw error;
    throw limitExceeded(await exceededLimits(ctx, reservations));
  }
}
