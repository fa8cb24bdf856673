import { accountKey } from "../settlement/account-key.ts";

/** What stands where a phone was. */
export const ERASED = "erased";

/** Between two digits of a number that a person typed. */
const BETWEEN = "[\\s().\\/-]{0,3}";

/**
 * An expression for a phone (12 digits) in any usual spelling: 0712 345678, +254-712-345-678, 254712345678, 712345678.
 * Its length is bounded and no part of it can match in two ways, so it takes linear time.
 */
function spellings(phone: string): RegExp {
  const national = [...phone.slice(3)].join(BETWEEN);
  return new RegExp(`(?<!\\d)(?:(?:\\+?2${BETWEEN}5${BETWEEN}4|0)${BETWEEN})?${national}(?!\\d)`, "g");
}

/** A text without the phone. Null stays null. */
export const scrub = (text: string, phone: string): string => text.replace(spellings(phone), ERASED);

/** The keys under which a customer's account is looked up who typed the phone as one. */
export const phoneAccounts = (phone: string): readonly string[] =>
  [phone, `0${phone.slice(3)}`, phone.slice(3)].map(accountKey);
