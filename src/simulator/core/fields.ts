import { parseNairobiTime } from "./nairobi-time.ts";
import { invalid } from "./reply.ts";

/** The fields of a request. Every reader here throws `400.002.02 Invalid <Field>` for a value that Daraja would refuse. */
export type Fields = Readonly<Record<string, unknown>>;

/** A text or number as text; undefined if it is absent or blank. */
export function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value !== "string") return undefined;
  return value.trim() === "" ? undefined : value;
}

/** A required field that matches a pattern. `label` is its name in Daraja's message. */
export function required(fields: Fields, name: string, pattern: RegExp = /^[^]+$/, label: string = name): string {
  const value = text(fields, name);
  if (value === undefined || !pattern.test(value)) throw invalid(label);
  return value;
}

/** A field with one of these values; upper and lower case must match. */
export function oneOf(fields: Fields, name: string, values: readonly string[]): string {
  const value = required(fields, name);
  if (!values.includes(value)) throw invalid(name);
  return value;
}

/** A paybill, till or store number. */
export function shortcodeField(fields: Fields, name: string): string {
  return required(fields, name, /^\d{5,7}$/);
}

/** A Kenyan mobile number in 12 digits. */
export function phoneField(fields: Fields, name: string): string {
  return required(fields, name, /^254[17]\d{8}$/);
}

/** Whole shillings within limits, also as a string of digits, but not as a decimal (daraja.md section 2.1). */
export function amountField(fields: Fields, name: string, min: number, max: number): number {
  const value = fields[name];
  const digits = typeof value === "number" ? String(value) : value;
  if (typeof digits !== "string" || !/^\d{1,9}$/.test(digits)) throw invalid(name);
  const amount = Number(digits);
  if (amount < min || amount > max) throw invalid(name);
  return amount;
}

/** A timestamp of 14 digits; the time must exist. */
export function timestampField(fields: Fields): string {
  const stamp = required(fields, "Timestamp", /^\d{14}$/);
  if (parseNairobiTime(stamp) === undefined) throw invalid("Timestamp");
  return stamp;
}

const FORBIDDEN_WORDS = /m-?pesa|safaricom|exec?|cmd|sql|query/i;

/**
 * A callback URL of a prompt, or a result URL: only its syntax is checked (daraja.md section 2.1). The forbidden words
 * belong to the registration of C2B URLs.
 */
export function urlField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || !isUrl(value)) throw invalid(name);
  return value;
}

/** Daraja's rules for a C2B URL: syntax and forbidden words (daraja.md section 5.1). */
export const isRegistrableUrl = (value: string): boolean => isUrl(value) && !FORBIDDEN_WORDS.test(value);

/** http(s), lower-case host, no spaces, quotes or angle brackets. It is not checked whether the host exists. */
function isUrl(value: string): boolean {
  const host = /^https?:\/\/([^/?#]+)([/?#].*)?$/.exec(value)?.[1];
  return host !== undefined && !/[A-Z]/.test(host) && !/[\s<>"]/.test(value) && URL.canParse(value);
}
