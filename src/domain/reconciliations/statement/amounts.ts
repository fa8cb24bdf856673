const CURRENCY_BEFORE = /^(?:KES|KSHS?|SHS?)\.? ?(?=[\d+-])/i;
const CURRENCY_BEHIND = / ?(?:KES|KSHS?)\.?$/i;
const EMPTY = /^(?:|-+|–|—|n\/a|nil)$/i;

/**
 * Cents of an amount in shillings, such as `1,500.00` or `KES 1,500.00`. An empty cell, or one with a dash, is 0. In a
 * file with semicolons the comma may part the cents: `1.500,00`. Null: it can't be read.
 */
export function parseCents(text: string, hasDecimalComma: boolean): number | null {
  const bare = text.replaceAll("\u00a0", " ").trim().replace(CURRENCY_BEFORE, "").replace(CURRENCY_BEHIND, "").trim();
  if (EMPTY.test(bare)) return 0;
  const isNegative = /^-|^\(.*\)$/.test(bare);
  const digits = bare.replace(/^[+-]\s*/, "").replace(/^\((.*)\)$/, "$1");
  const cents = parseDigits(digits) ?? (hasDecimalComma ? parseDigits(swapMarks(digits)) : null);
  return cents === null ? null : isNegative ? -cents : cents;
}

function parseDigits(text: string): number | null {
  if (!/^(\d{1,9}|\d{1,3}([, ]\d{3}){1,3})(\.\d{1,2})?$/.test(text)) return null;
  const [shillings = "", cents = ""] = text.replaceAll(/[, ]/g, "").split(".");
  return Number(shillings) * 100 + Number(cents.padEnd(2, "0"));
}

const swapMarks = (text: string): string => /,\d{1,2}$/.test(text) ? text.replaceAll(".", " ").replace(",", ".") : "";
