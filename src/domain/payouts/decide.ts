import { type Context, requireScope } from "../../context/context.ts";
import type { Input } from "../../http/operation.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { Problem } from "../../problems/problem.ts";
import type { PayoutView } from "./contract.ts";
import type { rejectPayout as rejectContract, resolvePayout as resolveContract } from "./decision-contract.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Payout, PayoutStatus } from "./machine/facts.ts";
import { loadAny, loadOwn } from "./read.ts";
import { savePayout } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { isReceiptOfOther } from "./store.ts";
import { payoutView } from "./view.ts";

/** Approves a payout, so that it is sent. Errors: `not_found`, `own_payout`, `wrong_state`. */
export async function approvePayout(ctx: Context, { id }: { id: string }): Promise<PayoutView> {
  requireScope(ctx, "payouts:approve");
  return await decide(ctx, () => loadOwn(ctx, id), "payout.approved", (payout) => {
    if (payout.created_by === ctx.actor) {
      throw new Problem(
        "own_payout",
        "This client created the payout; another one with payouts:approve must approve it.",
      );
    }
    requireStatus(payout, ["awaiting_approval"], "only one that awaits approval can be approved");
    return { kind: "approved", by: ctx.actor };
  });
}

/** Ends a payout that awaits approval. Errors: `not_found`, `wrong_state`. */
export async function rejectPayout(ctx: Context, { id, reason }: Input<typeof rejectContract>): Promise<PayoutView> {
  requireScope(ctx, "payouts:approve");
  return await decide(ctx, () => loadOwn(ctx, id), "payout.rejected", (payout) => {
    requireStatus(payout, ["awaiting_approval"], "only one that awaits approval can be rejected");
    return { kind: "rejected", by: ctx.actor, reason };
  });
}

/** Ends a payout that has not been submitted. Errors: `not_found`, `wrong_state`. */
export async function cancelPayout(ctx: Context, { id }: { id: string }): Promise<PayoutView> {
  requireScope(ctx, "payouts:write");
  return await decide(ctx, () => loadOwn(ctx, id), "payout.cancelled", (payout) => {
    requireStatus(payout, ["awaiting_approval", "queued"], "only one that has not been submitted can be cancelled");
    return { kind: "cancelled" };
  });
}

/** A person says what became of a payout in doubt. Errors: `not_found`, `wrong_state`, `validation_failed`. */
export async function resolvePayout(ctx: Context, input: Input<typeof resolveContract>): Promise<PayoutView> {
  requireScope(ctx, "operator");
  const receipt = input.receipt ?? null;
  if (receipt !== null && input.outcome === "failed") {
    throw new Problem("validation_failed", "/receipt: a payout that failed has none; leave it out.", {
      errors: [{ pointer: "/receipt", detail: "a payout that failed has none; leave it out" }],
    });
  }
  if (await isReceiptOfOther(ctx, receipt, input.id)) {
    throw new Problem("validation_failed", "/receipt: belongs to another payout.", {
      errors: [{ pointer: "/receipt", detail: "belongs to another payout" }],
    });
  }
  return await decide(ctx, () => loadAny(ctx, input.id), "payout.resolved", (payout) => {
    requireStatus(payout, ["in_doubt"], "only one in doubt is for a person to resolve");
    const { outcome, evidence } = input;
    return { kind: "resolved", resolution: { outcome, evidence, receipt, by: ctx.actor, at: ctx.clock.now() } };
  });
}

async function decide(
  ctx: Context,
  read: () => Promise<Payout>,
  action: AuditAction,
  factOf: (payout: Payout) => Fact,
): Promise<PayoutView> {
  return await retryOnConflict(async () => {
    const before = await read();
    const after = applyFact(before, factOf(before), ctx.clock.now());
    const view = await payoutView(ctx, { ...after, updated_at: ctx.clock.now() });
    const audit = after.resolution === null ? {} : { resolution: after.resolution };
    await savePayout(ctx, before, after, action, { answer: { status: 200, body: view }, audit });
    ctx.note({ payout: before.id });
    return view;
  });
}

function requireStatus({ status }: Payout, allowed: readonly PayoutStatus[], rule: string): void {
  if (!allowed.includes(status)) throw new Problem("wrong_state", `The payout is ${status}; ${rule}.`);
}
