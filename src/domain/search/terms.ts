import { kenyanMobile } from "../../http/fields.ts";
import { receiptText } from "../../http/list-filters.ts";

/** What a text may mean, each as filters of a list. */
export type Term =
  | { readonly q: string }
  | { readonly phone: string }
  | { readonly amount_min: number; readonly amount_max: number; readonly created_from: number };

const AMOUNT_DAYS_MS = 7 * 86_400_000;
const MAX_Q = 64;
/** A message begins with its receipt. Elsewhere in a text, ten letters and digits of both kinds are one. */
const RECEIPT_AT_FRONT = /^\W*([A-Z0-9]{10})\b/;
const RECEIPT_IN_TEXT = /\b(?=[A-Z0-9]*[0-9])(?=[A-Z0-9]*[A-Z])([A-Z0-9]{10})\b/;

/** The meanings of what somebody searches for, the likeliest first. A message of M-Pesa means its receipt. */
export function searchTerms(text: string, now: number): Term[] {
  const upper = text.toUpperCase();
  const receipt = (RECEIPT_AT_FRONT.exec(upper) ?? RECEIPT_IN_TEXT.exec(upper))?.[1];
  if (receipt !== undefined && text.length > MAX_Q / 2) return [{ q: receipt }];
  const phone = kenyanMobile(text);
  if (phone !== null) return [{ phone }, { q: text }, { q: `0${phone.slice(3)}` }, { q: phone }];
  const plain = text.length <= MAX_Q ? [{ q: text }] : [];
  const compact = receiptText(text).replaceAll("-", "");
  const spelled = compact === text.toUpperCase() || compact === "" || compact.length > MAX_Q ? [] : [{ q: compact }];
  const cents = centsOf(text);
  return [
    ...plain,
    ...spelled,
    ...cents === null ? [] : [{ amount_min: cents, amount_max: cents, created_from: now - AMOUNT_DAYS_MS }],
  ];
}

/** `1500`, `1,500.00`, `KES 1,500`; null if it is no amount that M-Pesa could move. */
function centsOf(text: string): number | null {
  const found = /^(?:kes|ksh?s?\.?)?\s*(\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d\d))?(?:\s*\/[=-])?$/i.exec(text);
  return found === null ? null : Number(found[1]?.replaceAll(",", "")) * 100 + Number(found[2] ?? 0);
}
