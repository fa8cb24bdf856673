/**
 * Damm's table: a weakly totally anti-symmetric quasigroup of order 10. Its check digit notices every wrong digit and every
 * exchange of two neighbours; Luhn's misses `09` and `90` (ADR 0031).
 */
const TABLE = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
] as const;

/** Digits of a number that we make, its check digit included. */
export const NUMBER_LENGTH = 8;

const interimOf = (digits: string): number =>
  [...digits].reduce((interim, digit) => Number(TABLE[interim]?.[Number(digit)]), 0);

/** The digits with their check digit. */
export const withCheckDigit = (digits: string): string => digits + interimOf(digits);

/** Whether the last digit checks the others. */
export const hasCheckDigit = (number: string): boolean => /^\d{2,}$/.test(number) && interimOf(number) === 0;

/** Whether a text has the form of a number that we make, whatever its check digit is. */
export const looksGenerated = (text: string): boolean => text.length === NUMBER_LENGTH && /^[1-9]\d+$/.test(text);

/** A new account number: random digits and a check digit. */
export function newAccountNumber(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const first = 10 ** (NUMBER_LENGTH - 2);
  return withCheckDigit(String(first + random % (9 * first)));
}
