import type { Context } from "../../context/context.ts";
import { formatTime } from "../../http/fields.ts";
import type { AccountData, AccountView } from "./contract.ts";
import { arrearsAt } from "./expected.ts";
import type { AccountState, StandingAccount } from "./store.ts";

/** Where the name of an account is sealed. */
export const namePlace = (id: string): { table: string; column: string; row: string } => ({
  table: "standing_accounts",
  column: "name",
  row: id,
});

export const nameOf = ({ vault }: Pick<Context, "vault">, { id, name }: StandingAccount): Promise<string> =>
  vault.openText(name, namePlace(id));

/** An account as events tell it. */
export async function accountData(
  ctx: Pick<Context, "shortcodes" | "clock">,
  { account, balance, received }: AccountState,
): Promise<AccountData> {
  const { number } = await ctx.shortcodes.byId(account.shortcode_id);
  return {
    id: account.id,
    account_reference: account.account_reference,
    shortcode: number,
    apply: account.apply,
    expected_amount: account.expected_amount,
    due_day: account.due_day,
    balance,
    arrears: arrearsAt(account, received, ctx.clock.now()),
    currency: "KES",
    created_at: formatTime(account.created_at),
    updated_at: formatTime(account.updated_at),
    version: account.version,
  };
}

/** An account as the API answers it to its merchant. */
export async function accountView(ctx: Context, state: AccountState): Promise<AccountView> {
  return { ...await accountData(ctx, state), name: await nameOf(ctx, state.account) };
}
