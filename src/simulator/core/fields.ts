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
 * A callback URL: http(s), lower-case host, no spaces or angle brackets, no forbidden word (daraja.md sections 2.1, 5.1).
 */
export function urlField(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || !isAcceptableUrl(value)) throw invalid(name);
  return value;
}

/** Daraja's rules for a URL. It does not check whether the host exists. */
export function isAcceptableUrl(value: string): boolean {
  const match = /^https?:\/\/([^/?#]+)([/?#].*)?$/.exec(value);
  const host = match?.[1];
  if (!host || /[A-Z]/.test(host) || /[\s<>"]/.test(value) || FORBIDDEN_WORDS.test(value)) return false;
  return URL.canParse(value);
}
