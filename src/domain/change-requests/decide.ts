import { commit, type Context, requirePlatform, requireScope } from "../../context/context.ts";
import { retryOnConflict } from "../../db/retry.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { requireOtherLineage } from "../merchants/lineage.ts";
import { requireSigned } from "../people/signing.ts";
import { apply, decisionStatements } from "./apply.ts";
import type { ChangeRequestView, confirmChange as confirming, rejectChange as rejecting } from "./contract.ts";
import type { ChangeKinds } from "./kind.ts";
import { changeDigest, type ChangeRow, changeView, decided, loadOwn } from "./store.ts";

/**
 * Confirms a change, and applies it as who proposed it. Errors: `not_found`, `own_lineage`, `wrong_state`, `change_stale`,
 * `insufficient_scope`, `signature_required`, `payout_changed`.
 */
export async function confirmChange(
  ctx: Context,
  { id }: Input<typeof confirming>,
  kinds: ChangeKinds,
): Promise<ChangeRequestView> {
  requireScope(ctx, "operator");
  const after = await retryOnConflict(async () => {
    const row = await loadOpen(ctx, id);
    await requireOtherLineage(ctx, row.proposed_by);
    const digest = changeDigest(ctx, row);
    const signed = requireSigned(ctx, { action: "change.confirm", subjectId: id, digest });
    return await apply(ctx, row, kinds, signed);
  });
  ctx.note({ change: id, status: after.status });
  if (after.status === "stale") throw new Problem("change_stale", `The change was not applied. ${after.reason ?? ""}`);
  return changeView(after);
}

/** Ends a change before it applies; its own proposer may do so too. Errors: `not_found`, `wrong_state`, `insufficient_scope`. */
export async function rejectChange(
  ctx: Context,
  { id, reason }: Input<typeof rejecting>,
): Promise<ChangeRequestView> {
  requireScope(ctx, "operator");
  return await retryOnConflict(async () => {
    const row = await loadOpen(ctx, id);
    const after = decided(row, "rejected", { by: ctx.actor, reason, now: ctx.clock.now() });
    const view = changeView(after);
    await commit(ctx, id, decisionStatements(ctx, row, after, "change.rejected"), { status: 200, body: view });
    ctx.note({ change: id, status: after.status });
    return view;
  });
}

async function loadOpen(ctx: Context, id: string): Promise<ChangeRow> {
  const row = await loadOwn(ctx, id);
  if (row.needs_platform) requirePlatform(ctx); // it concerns more than one merchant's own people
  if (row.status === "proposed") return row;
  throw new Problem("wrong_state", `The change is ${row.status} already.`);
}
