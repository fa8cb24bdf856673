/**
 * A field of a message from outside. Absent and unreadable prove different things, so each reader has to decide on both
 * (daraja.md section 15).
 */

import { type Json, scalarText } from "./json.ts";

export type Field<T> = Absent | Read<T> | UnreadableField;

/** The message does not have the field, or it is blank. */
export interface Absent {
  readonly kind: "absent";
}

export interface Read<T> {
  readonly kind: "read";
  readonly value: T;
}

/** The message has the field, but not in a form that we know, or with two different values. */
export interface UnreadableField {
  readonly kind: "unreadable";
  /** What the message has, cut to 100 characters. It may be personal data: do not log it. */
  readonly text: string;
}

export const ABSENT: Absent = { kind: "absent" };
const MAX_TEXT_LENGTH = 100;

export function readAs<T>(value: T): Read<T> {
  return { kind: "read", value };
}

export function unreadableField(text: string): UnreadableField {
  return { kind: "unreadable", text: text.slice(0, MAX_TEXT_LENGTH) };
}

/** The value that was read; null if there is none. For a reader that may do the same with absent and with unreadable. */
export function valueOrNull<T>(field: Field<T>): T | null {
  return field.kind === "read" ? field.value : null;
}

export function isUnreadable(field: Field<unknown>): field is UnreadableField {
  return field.kind === "unreadable";
}

/** The names of those fields that are present but unreadable, for an alert. */
export function unreadableNames(fields: Readonly<Record<string, Field<unknown>>>): string[] {
  return Object.keys(fields).filter((name) => fields[name]?.kind === "unreadable");
}

/** Whether a value of JSON says nothing: it is missing, null or blank. */
export function isBlank(json: Json): boolean {
  return json === null || (typeof json === "string" && json.trim() === "");
}

/**
 * Reads one field from all values that a message has for it. `parse` returns null for a form that it does not know. Two
 * spellings of one value, such as `5` and `"5.00"`, agree; two different values are unreadable.
 */
export function fieldFrom<T>(values: readonly Json[], parse: (text: string) => T | null): Field<T> {
  const texts = values.filter((value) => !isBlank(value)).map(textOf);
  const [first, ...others] = texts.map(parse);
  if (first === undefined) return ABSENT;
  const agree = first !== null && others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return agree ? readAs(first) : unreadableField(texts.join(" | "));
}

/** A list or an object where a scalar belongs becomes its JSON, which no parser of a scalar reads. */
export function textOf(json: Json): string {
  return scalarText(json) ?? JSON.stringify(json);
}
