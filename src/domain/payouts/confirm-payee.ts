import { type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { Problem } from "../../problems/problem.ts";
import { requireOtherLineage } from "../merchants/lineage.ts";
import { judgeNames, sealPair } from "../payees/learn-name.ts";
import { abortIfPayeeChanged, namesOf, selectPayee, updatePayee } from "../payees/store.ts";
import { asStored } from "../settlement/next-version.ts";
import type { PayoutView } from "./contract.ts";
import { applyFact } from "./machine.ts";
import type { Payout } from "./machine/facts.ts";
import { isHeldForName } from "./machine/status.ts";
import { openName } from "./payee-name.ts";
import { loadOwn } from "./read.ts";
import { savePayout } from "./save.ts";
import { payoutView } from "./view.ts";

/**
 * A person says that the two names of a held payout are of one payee. The payout is sent, and later ones with these two
 * names are not held. Errors: `not_found`, `own_payout`, `own_lineage`, `wrong_state`.
 */
export async function confirmPayee(ctx: Context, { id }: { id: string }): Promise<PayoutView> {
  requireScope(ctx, "payouts:approve");
  return await retryOnConflict(async () => {
    const before = await loadOwn(ctx, id);
    if (before.created_by === ctx.actor) {
      throw new Problem(
        "own_payout",
        "This client created the payout; another one with payouts:approve must confirm the name.",
      );
    }
    await requireOtherLineage(ctx, before.created_by);
    if (!isHeldForName(before)) {
      throw new Problem(
        "wrong_state",
        `The payout is ${before.status} and does not wait for its payee's name; there is nothing to confirm.`,
      );
    }
    const now = ctx.clock.now();
    const after = asStored(before, applyFact(before, { kind: "name_confirmed", by: ctx.actor }, now), now);
    const view = await payoutView(ctx, after);
    const own: Context = { ...ctx, merchantId: before.merchant_id };
    await savePayout(own, before, after, "payout.name_confirmed", {
      statements: await rememberPair(own, before),
      answer: { status: 200, body: view },
    });
    ctx.note({ payout: id });
    return view;
  });
}

/** Statements: the payee book remembers that these two names are of one payee. */
async function rememberPair(ctx: Context, payout: Payout): Promise<Statement[]> {
  const payee = await first(ctx.db, selectPayee(payout.merchant_id, payout.phone_index));
  if (payee === null) return [abortIfPayeeChanged(payout, null)];
  const [names, ownGiven, returned] = await Promise.all([
    namesOf(ctx, payee),
    openName(ctx, "given_name", payout),
    openName(ctx, "payee_name", payout),
  ]);
  const given = ownGiven ?? names.given;
  if (given === null || returned === null) return [abortIfPayeeChanged(payout, payee)];
  const now = ctx.clock.now();
  const confirmed = {
    ...payee,
    confirmed_pair: await sealPair(ctx, payee.id, given, returned),
    confirmed_by: ctx.actor,
    confirmed_at: now,
    updated_at: now,
    version: payee.version + 1,
  };
  const match = await judgeNames(ctx, confirmed, names.given, names.name);
  return [abortIfPayeeChanged(payout, payee), updatePayee({ ...confirmed, match }, payee.id, payee.version)];
}
