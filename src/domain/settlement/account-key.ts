/** The key that accounts are looked up by: case, spaces and separators do not count. */
export const accountKey = (account: string): string => account.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");

/** Like {@link accountKey}, but it keeps where separators split digits: `12/3` and `1/23` are two accounts. */
const splitKey = (account: string): string =>
  account.toUpperCase().replaceAll(/\s/g, "").replaceAll(/(?<=\d)[^A-Z0-9]+(?=\d)/g, "/").replaceAll(
    /[^A-Z0-9\/]/g,
    "",
  );

/** Whether two spellings are exactly the same account, but for case and spaces around it. */
export const isExactAccount = (typed: string, account: string): boolean =>
  typed.trim().toUpperCase() === account.trim().toUpperCase();

/**
 * Whether what a customer typed may be this account. Separators may be missing or differ, but they may not split the same
 * digits at another place.
 */
export function isSameAccount(typed: string, account: string): boolean {
  if (accountKey(typed) === "" || accountKey(typed) !== accountKey(account)) return false;
  const [a, b] = [splitKey(typed), splitKey(account)];
  return a === b || !a.includes("/") || !b.includes("/");
}
