import type { Query } from "../../db/query.ts";
import { select } from "../../db/query.ts";
import { standingAccounts } from "../../db/schema.ts";
import { accountKey } from "../settlement/account-key.ts";
import type { StandingAccount } from "./store.ts";

const MAX_ALIKE = 20;
const selectAlike = select(standingAccounts, `WHERE shortcode_id = ? AND account_key = ? LIMIT ${MAX_ALIKE}`);

/** The accounts of a shortcode whose key is that of what was typed. */
export const selectAccountsLike = (shortcodeId: string, typed: string): Query<StandingAccount> =>
  selectAlike(shortcodeId, accountKey(typed));
