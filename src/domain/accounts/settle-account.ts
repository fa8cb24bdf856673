import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { event } from "../../db/trail.ts";
import { applyBalance, releaseOverdraft, releaseSurplus } from "./apply-balance.ts";
import { lookAtDue } from "./due.ts";
import { loadAccount, raised, storeAccount } from "./store.ts";
import { takeIn } from "./take-in.ts";
import { accountData } from "./view.ts";

/** The most steps of one run, each one batch; what is left is done by the next run. */
const MAX_STEPS = 50;

/**
 * The job of an account. Each step reads all anew and is one batch, so it may end after any of them and run twice. First it
 * takes back from checkouts what the account does not have any more and what they do not need any more, then takes in money that names the account, then
 * applies the balance, then looks whether what is expected is there, and last tells what others have changed.
 */
export async function settleAccount(ctx: Context, id: string): Promise<JobOutcome> {
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    if (!await retryOnConflict(() => step(ctx, id))) return "finished";
  }
  return { runAt: ctx.clock.now() };
}

/** Does one step. False where nothing is left to do. */
async function step(ctx: Context, id: string): Promise<boolean> {
  const state = await loadAccount(ctx, id);
  if (state === null) return false;
  if (state.balance < 0) return await releaseOverdraft(ctx, state);
  if (await releaseSurplus(ctx, state)) return true;
  if (await takeIn(ctx, state)) return true;
  if (state.balance > 0 && state.account.apply === "oldest_first" && await applyBalance(ctx, state)) return true;
  if (await lookAtDue(ctx, state)) return true;
  if (state.account.told_version === state.account.version) return false;
  const account = raised(state.account, ctx.clock.now());
  await ctx.db.write([
    ...storeAccount(account),
    event(ctx, "account.updated", id, { ...await accountData(ctx, { ...state, account }) }),
  ]);
  return false;
}
