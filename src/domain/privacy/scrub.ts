import { accountKey } from "../settlement/account-key.ts";

/** What stands where a phone was. */
export const ERASED = "erased";

/** What people type between two digits of a number. */
const BETWEEN = /^[\s().\/-]{0,3}$/;
const isDigit = (text: string, at: number): boolean => /\d/.test(text[at] ?? "");

/**
 * The text without the phone (12 digits), in any usual spelling: 0712 345678, +254-712-345-678, 712345678. `instead` stands
 * in its place, as far as it is not longer.
 */
export function scrub(text: string, phone: string, instead: string = ERASED): string {
  const forms = [phone, `0${phone.slice(3)}`, phone.slice(3)];
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
  let clean = "";
  let from = 0;
  for (let i = 0; i < places.length; i++) {
    const form = forms.find((digits) => isWritten(text, places.slice(i, i + digits.length), digits));
    if (form === undefined) continue;
    const start = places[i] ?? 0;
    clean += text.slice(from, text[start - 1] === "+" ? start - 1 : start) + instead.slice(0, form.length);
    i += form.length - 1;
    from = (places[i] ?? 0) + 1;
  }
  return clean + text.slice(from);
}

/** Whether these digits stand at these places, as one number. */
function isWritten(text: string, places: readonly number[], digits: string): boolean {
  const [first, last] = [places[0], places.at(-1)];
  if (first === undefined || last === undefined || places.length < digits.length) return false;
  if (isDigit(text, first - 1) || isDigit(text, last + 1)) return false;
  return places.every((place, i) =>
    text[place] === digits[i] && (i === 0 || BETWEEN.test(text.slice((places[i - 1] ?? 0) + 1, place)))
  );
}

/** The usual spellings of a phone (12 digits) where it stands alone. */
export const phoneForms = (phone: string): readonly string[] => {
  const rest = phone.slice(3);
  const spaced = `${rest.slice(0, 3)} ${rest.slice(3, 6)} ${rest.slice(6)}`;
  return [phone, `+${phone}`, `0${rest}`, rest, `0${spaced}`, `254 ${spaced}`, `+254 ${spaced}`];
};

/** The keys under which a customer's account is looked up who typed the phone as one. */
export const phoneAccounts = (phone: string): readonly string[] =>
  [phone, `0${phone.slice(3)}`, phone.slice(3)].map(accountKey);
