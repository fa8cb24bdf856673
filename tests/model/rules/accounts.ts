/**
 * When an account that a customer typed names a checkout's account, by the model's own reading of design.md section 5:
 * case and separators beside letters do not count; a separator between two digits does, for `12/3` and `1/23` are two
 * flats. Who types no separator at all may mean either.
 */
export function mayName(typed: string, account: string): boolean {
  if (plain(typed) !== plain(account)) return false;
  return parted(typed) === parted(account) || !/\d[^A-Za-z0-9]+\d/.test(typed);
}

/** Exactly the account, but for case and spaces around it. */
export const isExactly = (typed: string, account: string): boolean =>
  typed.trim().toUpperCase() === account.trim().toUpperCase();

const plain = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");

const parted = (text: string): string =>
  text.toUpperCase().replaceAll(/(?<=\d)[^A-Z0-9]+(?=\d)/g, "|").replaceAll(/[^A-Z0-9|]/g, "");
