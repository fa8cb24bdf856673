import { nairobiParts } from "./nairobi-time.ts";

const BASE_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const RECEIPT_SPACE = 36 ** 7;
/** Has no factor in common with 36^7 (it is odd and no multiple of 3), so every value comes before one repeats. */
const RECEIPT_STEP = 48_431_716_939;
const DAY_LETTERS = "123456789ABCDEFGHIJKLMNOPQRSTUV";

/** Makes ids in the forms that Daraja uses today (daraja.md sections 2.2, 6 and 13). */
export class Ids {
  #receipt = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  #lastCheckout = { ms: 0, tails: new Set<string>() };

  constructor(private readonly now: () => number) {}

  /** Four hex groups and digits: MerchantRequestID, requestId and generated originator ids. */
  group(): string {
    return crypto.randomUUID().slice(9) + String(1 + Math.floor(Math.random() * 9_999_999));
  }

  /** `ws_CO_` + DDMMYYYYHHmmss + ms + the payer's last nine digits, never the same twice. */
  checkout(phone: string): string {
    const tail = phone.slice(-9);
    const last = this.#lastCheckout;
    const now = this.now();
    if (now > last.ms) this.#lastCheckout = { ms: now, tails: new Set([tail]) };
    else if (!last.tails.has(tail)) last.tails.add(tail);
    else this.#lastCheckout = { ms: last.ms + 1, tails: new Set([tail]) };
    const p = nairobiParts(this.#lastCheckout.ms);
    return `ws_CO_${p.day}${p.month}${p.year}${p.hour}${p.minute}${p.second}${p.ms}${tail}`;
  }

  /** `AG_YYYYMMDD_2010` + 16 hex. */
  conversation(): string {
    const p = nairobiParts(this.now());
    return `AG_${p.year}${p.month}${p.day}_2010${crypto.randomUUID().replaceAll("-", "").slice(0, 16)}`;
  }

  /** Ten characters: year (A is 2006), month, day, then seven base-36 characters. */
  receipt(): string {
    this.#receipt = (this.#receipt + RECEIPT_STEP) % RECEIPT_SPACE;
    let remaining = this.#receipt;
    let tail = "";
    for (let i = 0; i < 7; i++) {
      tail = BASE_36.charAt(remaining % 36) + tail;
      remaining = Math.floor(remaining / 36);
    }
    return this.#datePrefix() + tail;
  }

  /** The TransactionID of results that moved no money: the letters of the date, and zeros. */
  placeholder(): string {
    return `${this.#datePrefix()}0000000`;
  }

  /** 28 random characters, an access token. */
  token(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(21));
    return btoa(String.fromCharCode(...bytes)).replaceAll("+", "a").replaceAll("/", "b");
  }

  #datePrefix(): string {
    const p = nairobiParts(this.now());
    const year = String.fromCharCode(65 + Number(p.year) - 2006);
    const month = String.fromCharCode(64 + Number(p.month));
    return year + month + DAY_LETTERS.charAt(Number(p.day) - 1);
  }
}
