import type { IdPrefix } from "../../../src/crypto/ids.ts";

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const POOL = 16_384;
const pool = new Uint8Array(POOL);
let used = POOL;

function random(): number {
  if (used === POOL) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  return pool[used++] ?? 0;
}

const letter = (value: number): string => alphabet.charAt(value & 31);

function timePart(ms: number): string {
  let text = "";
  for (let rest = ms, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) text = letter(rest % 32) + text;
  return text;
}

/**
 * Ids as `newId` makes them (TypeIDs over UUIDv7), but of any time: those of one maker and one millisecond rise, up to
 * 1,024 of them.
 */
export class Ids {
  #made = 0;

  at(prefix: IdPrefix, ms: number): string {
    const n = this.#made++;
    // version 7 and variant 2 fall across the letters 0 and 3 of the random part
    const marks = letter(14) + letter(n >> 5) + letter(n) + letter((random() & 19) | 8);
    let rest = "";
    for (let i = 0; i < 12; i++) rest += letter(random());
    return `${prefix}_${timePart(ms)}${marks}${rest}`;
  }
}
