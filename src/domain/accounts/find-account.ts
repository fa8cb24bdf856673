import type { Query } from "../../db/query.ts";
import { select } from "../../db/query.ts";
import { standingAccounts } from "../../db/schema.ts";
import { accountKey, isExactAccount, isSameAccount } from "../settlement/account-key.ts";
import type { StandingAccount } from "./store.ts";

const MAX_ALIKE = 20;
const selectAlike = select(standingAccounts, `WHERE shortcode_id = ? AND account_key = ? LIMIT ${MAX_ALIKE}`);

/** The accounts of a shortcode whose key is that of what was typed. */
export const selectAccountsLike = (shortcodeId: string, typed: string): Query<StandingAccount> =>
  selectAlike(shortcodeId, accountKey(typed));

/**
 * The account that was typed, among accounts with its key: the one that is exactly the same, or else the only one that is
 * spelt alike. Null where none or several may be meant.
 */
export function chooseAccount(typed: string, alike: readonly StandingAccount[]): StandingAccount | null {
  const exact = alike.find(({ account_reference }) => isExactAccount(typed, account_reference));
  if (exact !== undefined) return exact;
  const same = alike.filter(({ account_reference }) => isSameAccount(typed, account_reference));
  return same.length === 1 ? same[0] ?? null : null;
}
