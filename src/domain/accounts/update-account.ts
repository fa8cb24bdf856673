import { commit, type Context, requireScope } from "../../context/context.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { auditEntry, changeOf, event } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import type { AccountView, updateAccount as contract } from "./contract.ts";
import { expectedBy, nextCheckAfter } from "./expected.ts";
import { loadReachedAccount, raised, type StandingAccount, storeAccount } from "./store.ts";
import { accountData, accountView, namePlace } from "./view.ts";

/** Changes an account. What was expected before the change stays expected. Errors: `not_found`. */
export async function updateAccount(ctx: Context, input: Input<typeof contract>): Promise<AccountView> {
  requireScope(ctx, "accounts:write");
  return await retryOnConflict(async () => {
    const before = await loadReachedAccount(ctx, input.id);
    const now = ctx.clock.now();
    const account = raised(await changed(ctx, before.account, input, now), now);
    const state = { ...before, account };
    const view = await accountView(ctx, state);
    const { id, name, ...told } = input;
    await commit(ctx, id, [
      ...storeAccount(account),
      event(ctx, "account.updated", id, { ...await accountData(ctx, state) }),
      auditEntry(
        ctx,
        "account.updated",
        id,
        { ...told, ...(name === undefined ? {} : { renamed: true }) },
        changeOf(toldOf(before.account), toldOf(account)),
      ),
      ctx.jobs.schedule("account", id, account.merchant_id, now),
    ], { status: 200, body: view });
    ctx.jobs.wake(now);
    return view;
  });
}

const toldOf = ({ expected_amount, due_day, apply }: StandingAccount) => ({ expected_amount, due_day, apply });

async function changed(
  ctx: Context,
  account: StandingAccount,
  input: Input<typeof contract>,
  now: number,
): Promise<StandingAccount> {
  const named = {
    ...account,
    name: input.name === undefined ? account.name : await ctx.vault.seal(input.name, namePlace(account.id)),
    apply: input.apply ?? account.apply,
  };
  const { expected_amount = account.expected_amount, due_day = account.due_day } = input;
  if (expected_amount === account.expected_amount && due_day === account.due_day) return named;
  const expecting = {
    ...named,
    expected_before: expectedBy(account, now),
    expected_since: now,
    expected_amount,
    due_day,
  };
  return { ...expecting, next_check_at: nextCheckAfter(expecting, now) };
}
