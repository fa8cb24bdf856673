import { type Context, requireScope } from "../../context/context.ts";
import type { Input } from "../../http/operation.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { PayoutView } from "./contract.ts";
import { approvalOf, requireInTime, requireOtherPerson, requireSeen } from "./approval-rules.ts";
import type {
  approvePayout as approveContract,
  rejectPayout as rejectContract,
  resolvePayout as resolveContract,
} from "./decision-contract.ts";
import { digestOf, requireContent } from "./digest.ts";
import { resolutionDigest } from "./resolution-digest.ts";
import { requireSigned } from "../people/signing.ts";
import { requireOtherLineage } from "../merchants/lineage.ts";
import { applyFact } from "./machine.ts";
import type { Fact, Payout, PayoutStatus } from "./machine/facts.ts";
import { loadOwn } from "./read.ts";
import { savePayout } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { giveReceipt, receiptUse, requireUnused } from "../money-out/receipts.ts";
import { auditedResolution } from "../money-out/resolution-view.ts";
import { isHeldForName, isUnanswered, reportedOutcome } from "./machine/status.ts";
import type { Statement } from "../../db/database.ts";
import { asStored } from "../settlement/next-version.ts";
import { receiptHolder } from "./store.ts";
import { payoutView } from "./view.ts";

/**
 * Approves a payout, so that it is sent. Errors: `not_found`, `own_payout`, `own_lineage`, `wrong_state`,
 * `payout_changed`.
 */
export async function approvePayout(ctx: Context, { id, digest }: Input<typeof approveContract>): Promise<PayoutView> {
  requireScope(ctx, "payouts:approve");
  return await decide(ctx, () => loadOwn(ctx, id), "payout.approved", async (payout) => {
    await requireOtherPerson(ctx, payout.created_by);
    requireStatus(payout, ["awaiting_approval"], "only one that awaits approval can be approved");
    requireInTime(ctx, payout.created_at);
    const content = await requireContent(ctx, payout);
    const stored = digestOf(ctx, content);
    requireSeen(digest, stored, `/v1/payouts/${id}/approval`);
    const statements = requireSigned(ctx, { action: "payout.approve", subjectId: id, digest: stored });
    return { fact: { kind: "approved", approval: approvalOf(ctx, stored) }, statements };
  });
}

/** Ends a payout that awaits approval, or is held for its payee's name. Errors: `not_found`, `wrong_state`. */
export async function rejectPayout(ctx: Context, { id, reason }: Input<typeof rejectContract>): Promise<PayoutView> {
  requireScope(ctx, "payouts:approve");
  return await decide(ctx, () => loadOwn(ctx, id), "payout.rejected", (payout) => {
    if (!isHeldForName(payout)) {
      requireStatus(payout, ["awaiting_approval"], "only one that awaits approval or is held can be rejected");
    }
    return { fact: { kind: "rejected", by: ctx.actor, reason } };
  });
}

/** Ends a payout that has not been submitted. Errors: `not_found`, `wrong_state`. */
export async function cancelPayout(ctx: Context, { id }: { id: string }): Promise<PayoutView> {
  requireScope(ctx, "payouts:write");
  return await decide(ctx, () => loadOwn(ctx, id), "payout.cancelled", (payout) => {
    requireStatus(payout, ["awaiting_approval", "queued"], "only one that has not been submitted can be cancelled");
    return { fact: { kind: "cancelled" } };
  });
}

/**
 * A person says what became of a payout in doubt, or of one where what M-Pesa says does not fit. Nothing is sent or asked
 * by itself after it. Errors: `not_found`, `wrong_state`, `validation_failed`.
 */
export async function resolvePayout(ctx: Context, input: Input<typeof resolveContract>): Promise<PayoutView> {
  requireScope(ctx, "operator");
  const { outcome, evidence, receipt = null } = input;
  if (receipt !== null && outcome === "failed") {
    throw invalidField("/receipt", "a payout that failed has none; leave it out");
  }
  return await decide(ctx, () => loadOwn(ctx, input.id), "payout.resolved", async (payout) => {
    await requireOtherLineage(ctx, payout.created_by);
    requireResolvable(payout, outcome);
    const now = ctx.clock.now();
    const holder = receiptHolder(payout);
    requireUnused(await receiptUse(ctx.db, receipt, holder));
    const despite = reportedOutcome(payout);
    const resolution = { outcome, evidence, receipt, by: ctx.actor, at: now, known: payout.evidence, despite };
    const digest = resolutionDigest(ctx, payout, resolution);
    const signed = requireSigned(ctx, { action: "payout.resolve", subjectId: payout.id, digest });
    return {
      fact: { kind: "resolved", resolution },
      statements: [...giveReceipt(receipt, payout.id, holder, now), ...signed],
    };
  });
}

/** Errors: `wrong_state`. */
function requireResolvable(payout: Payout, outcome: "succeeded" | "failed"): void {
  if (payout.status !== "in_doubt" && !payout.needs_person) {
    throw new Problem("wrong_state", `The payout is ${payout.status}; only one in doubt is for a person to resolve.`);
  }
  if (isHeldForName(payout)) {
    throw new Problem(
      "wrong_state",
      "The payout has not been sent: it waits for its payee's name. Confirm the name with confirm-payee, or cancel it.",
    );
  }
  if (isUnanswered(payout)) {
    throw new Problem("wrong_state", "A request for this payout is under way. Try again in a minute.");
  }
  if (outcome === "failed" && reportedOutcome(payout) === "succeeded") {
    throw new Problem(
      "wrong_state",
      "M-Pesa has reported that this payout was paid, so it can't be resolved as failed.",
    );
  }
}

interface Decision {
  readonly fact: Fact;
  readonly statements?: readonly Statement[];
}

async function decide(
  ctx: Context,
  read: () => Promise<Payout>,
  action: AuditAction,
  decisionOn: (payout: Payout) => Decision | Promise<Decision>,
): Promise<PayoutView> {
  return await retryOnConflict(async () => {
    const before = await read();
    const { fact, statements = [] } = await decisionOn(before);
    const now = ctx.clock.now();
    const after = asStored(before, applyFact(before, fact, now), now);
    const view = await payoutView(ctx, after);
    const audit = after.resolution === null ? {} : { resolution: auditedResolution(after.resolution) };
    await savePayout(ctx, before, after, action, {
      statements,
      answer: { status: 200, body: view },
      audit,
    });
    ctx.note({ payout: before.id });
    return view;
  });
}

function requireStatus({ status }: Payout, allowed: readonly PayoutStatus[], rule: string): void {
  if (!allowed.includes(status)) throw new Problem("wrong_state", `The payout is ${status}; ${rule}.`);
}
