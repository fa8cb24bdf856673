/** Reads the receipts, phone numbers and parties that Daraja sends, and recognises placeholders. */

/** The form of a payer's number: v1 hashes it, v2 masks it, older notices have it in full (daraja.md section 5.3). */
export type PhoneForm = "clear" | "masked" | "hashed" | "missing";

/** An M-Pesa receipt in upper case; null if it has no receipt's form, or is a placeholder. */
export function parseReceipt(text: string): string | null {
  return /^[A-Za-z0-9]{6,20}$/.test(text) && !isPlaceholder(text) ? text.toUpperCase() : null;
}

/** Whether Daraja wrote `<Y><M><D>0000000` or `0000000000` because there is no receipt (daraja.md sections 6, 7.2, 7.8). */
export function isPlaceholder(text: string): boolean {
  return /^[A-Za-z0-9]{3}0{7}$/.test(text);
}

export function phoneFormOf(text: string | null): PhoneForm {
  if (text === null) return "missing";
  if (text.includes("*")) return "masked";
  if (/^\+?\d{9,15}$/.test(text)) return "clear";
  // Published hashes are shorter than SHA-256's 64 digits (daraja.md section 5.3), so the length proves nothing.
  return /^[0-9a-f]{16,128}$/i.test(text) ? "hashed" : "missing";
}

/** A person or business, from a text like `254708374149 - John Doe` or `600310 - Safaricom333`. */
export interface Party {
  readonly number: string | null;
  readonly name: string | null;
}

export function parseParty(text: string | null): Party | null {
  if (text === null) return null;
  const parts = /^([0-9*]+)\s*[-\u2013\u2014]\s*(.*)$/.exec(text);
  if (parts === null) return /^[0-9*]+$/.test(text) ? { number: text, name: null } : { number: null, name: text };
  return { number: parts[1] ?? null, name: parts[2] === "" ? null : parts[2] ?? null };
}
