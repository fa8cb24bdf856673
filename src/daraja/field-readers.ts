/** Reads the kinds of fields that Daraja's messages share. Amounts are cents, times ms since the epoch. */

import { type Field, fieldFrom, isBlank, textOf } from "./field.ts";
import { isPlaceholder, parseReceipt, phoneFormOf } from "./ids.ts";
import type { Json } from "./json.ts";
import { parseCents, parsePaidCents } from "./money.ts";
import { parseDarajaTime } from "./time.ts";

/** An amount that may be zero or less: a balance. */
export function centsField(values: readonly Json[]): Field<number> {
  return fieldFrom(values, parseCents);
}

/** An amount that somebody paid. Zero and less are unreadable, because no payment has them. */
export function paidCentsField(values: readonly Json[]): Field<number> {
  return fieldFrom(values, parsePaidCents);
}

/** A receipt. Placeholders count as absent (daraja.md sections 6, 7.2, 7.8). */
export function receiptField(values: readonly Json[]): Field<string> {
  return fieldFrom(values.filter((value) => isBlank(value) || !isPlaceholder(textOf(value))), parseReceipt);
}

export function timeField(values: readonly Json[]): Field<number> {
  return fieldFrom(values, parseDarajaTime);
}

export function shortcodeField(values: readonly Json[]): Field<string> {
  return fieldFrom(values, (text) => /^\d{1,10}$/.test(text) ? text : null);
}

/** A phone number as Daraja wrote it: in full, masked or hashed (daraja.md section 5.3). */
export function phoneField(values: readonly Json[]): Field<string> {
  return fieldFrom(values, (text) => phoneFormOf(text) === "missing" ? null : text);
}

/** Any text. Only two different values, or a value that is not a scalar, are unreadable. */
export function textField(values: readonly Json[]): Field<string> {
  return values.some((value) => typeof value === "object" && value !== null)
    ? fieldFrom<string>(values, () => null)
    : fieldFrom(values, (text) => text);
}

/** The field, or `other` if it is absent. */
export function orElse<T>(field: Field<T>, other: Field<T>): Field<T> {
  return field.kind === "absent" ? other : field;
}
