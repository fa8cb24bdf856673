import { nairobiStamp } from "../../../src/daraja/time.ts";
import type { StkAccepted } from "../../../src/daraja/daraja.ts";

const base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SPACE = 36 ** 7;
/** Coprime to 36^7 (odd, no multiple of 3): no number gives another's receipt. */
const STEP = 48_431_716_939n;
const DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV";
const NAMES = ["Amina", "Baraka", "Chebet", "Daudi", "Esther", "Faraja", "Githinji", "Halima", "Imani", "Juma"];
const PRICES = [50, 100, 150, 250, 399, 500, 850, 1_000, 1_500, 2_499, 3_200, 4_800];

/** A number that looks random and is the same in every run. */
export function spread(n: number, below: number): number {
  const mixed = Math.imul(n ^ (n >>> 15), 0x2c1b3c6d);
  return (Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 0) % below;
}

/** Twelve digits; one of so many people. */
export const phoneOf = (person: number): string => `2547${10_000_000 + person * 7 % 89_999_999}`;

export const nameOf = (person: number): string => NAMES[person % NAMES.length] ?? "";

/** Cents. */
export const priceOf = (n: number): number => (PRICES[spread(n, PRICES.length)] ?? 1) * 100;

/** M-Pesa's receipt number `n` of that time: year, month, day, then seven characters that never come twice. */
export function receiptOf(n: number, ms: number): string {
  const stamp = nairobiStamp(ms);
  let rest = Number(BigInt(n) * STEP % BigInt(SPACE));
  let tail = "";
  for (let i = 0; i < 7; i++, rest = Math.floor(rest / 36)) tail = base36.charAt(rest % 36) + tail;
  const year = base36.charAt(10 + Number(stamp.slice(0, 4)) - 2006);
  const month = base36.charAt(9 + Number(stamp.slice(4, 6)));
  return year + month + DAYS.charAt(Number(stamp.slice(6, 8)) - 1) + tail;
}

/** What Daraja says when it takes a push. */
export const pushIds = (n: number, phone: string, ms: number): StkAccepted => ({
  checkoutRequestId: `ws_CO_${nairobiStamp(ms)}${String(ms % 1000).padStart(3, "0")}${phone.slice(-9)}`,
  merchantRequestId: `${crypto.randomUUID().slice(9)}${1 + n % 9_999_999}`,
});
