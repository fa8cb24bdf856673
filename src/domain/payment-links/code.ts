/** Digits and letters that nobody takes for one another when the address is read from paper: no 0, o, 1, i, l. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
const LENGTH = 8;
const FORM = /^[2-9a-hjkmnp-z]{8}$/; // LENGTH letters of ALPHABET
/** The bytes below it give each letter with the same probability. */
const FAIR = 256 - 256 % ALPHABET.length;

/** Random letters. 8 of them are one of 850,000 million codes. */
export function randomCode(length: number = LENGTH): string {
  let code = "";
  while (code.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < FAIR && code.length < length) code += ALPHABET[byte % ALPHABET.length];
    }
  }
  return code;
}

/** The code of an address as it was typed, in upper or lower case. Null: no link has such a code. */
export function readCode(text: string): string | null {
  const code = text.toLowerCase();
  return FORM.test(code) ? code : null;
}
