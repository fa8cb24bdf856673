import { isExactAccount, isSameAccount } from "../settlement/account-key.ts";

/**
 * The account that was typed, among accounts with its key: the one that is exactly the same, or else the only one that is
 * spelt alike. Null where none or several may be meant.
 */
export function chooseAccount<A extends { readonly account_reference: string }>(
  typed: string,
  alike: readonly A[],
): A | null {
  const exact = alike.find(({ account_reference }) => isExactAccount(typed, account_reference));
  if (exact !== undefined) return exact;
  const same = alike.filter(({ account_reference }) => isSameAccount(typed, account_reference));
  return same.length === 1 ? same[0] ?? null : null;
}
