/**
 * Reads JSON of any shape. Every number becomes the text that it was written as, because Daraja sends the same field as
 * `1`, `1.00` or `"1.00"` (daraja.md section 0.6), and amounts must not become floating-point numbers.
 */

/** JSON with its numbers as text. */
export type Json = string | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** The longest text that is parsed, in characters. Notices have a few KiB. */
const MAX_TEXT_LENGTH = 1_048_576;

/** Parses text, bytes or an already parsed value. Undefined if it is not JSON. Never throws. */
export function readJson(raw: unknown): Json | undefined {
  try {
    const text = textOf(raw);
    if (text === undefined || text.length > MAX_TEXT_LENGTH) return undefined;
    return JSON.parse(text, keepNumbersAsText) as Json; // the reviver returns no other types
  } catch {
    return undefined; // not JSON, nested deeper than the stack, or a toJSON that throws
  }
}

/** The object in `raw`, or undefined if it holds anything else. */
export function readObject(raw: unknown): JsonObject | undefined {
  const json = readJson(raw);
  return isObject(json) ? json : undefined;
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/**
 * A field by name. Case, spaces and underscores are ignored, because Daraja's own names differ in them (daraja.md
 * sections 7.8, 7.9).
 */
export function field(object: JsonObject | undefined, name: string): Json | undefined {
  if (object === undefined) return undefined;
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = normalizeKey(name);
  const key = Object.keys(object).find((candidate) => normalizeKey(candidate) === wanted);
  return key === undefined ? undefined : object[key];
}

/** All values of a field: more than one if the object has its name in several spellings. */
export function valuesAt(object: JsonObject | undefined, name: string): readonly Json[] {
  if (object === undefined) return [];
  const wanted = normalizeKey(name);
  return Object.keys(object).flatMap((key) => {
    const value = normalizeKey(key) === wanted ? object[key] : undefined;
    return value === undefined ? [] : [value];
  });
}

export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const json = field(object, name);
  return isObject(json) ? json : undefined;
}

/** A scalar field as trimmed text; null if it is missing, blank or not a scalar. */
export function textAt(object: JsonObject | undefined, name: string): string | null {
  const json = field(object, name);
  return json === undefined ? null : scalarText(json);
}

export function scalarText(json: Json): string | null {
  if (typeof json === "boolean") return String(json);
  if (typeof json !== "string") return null;
  const text = json.trim();
  return text === "" ? null : text;
}

/** The members of an array field. A field that is not an array counts as its only member (daraja.md section 0.6). */
export function listAt(object: JsonObject | undefined, name: string): readonly Json[] {
  const json = field(object, name);
  if (json === undefined || json === null) return [];
  return isArray(json) ? json : [json];
}

/** A code such as `ResultCode`. `0`, `0.0` and `"0"` are the same code. */
export function codeAt(object: JsonObject | undefined, name: string): string | null {
  return textAt(object, name)?.replace(/^(\d+)\.0+$/, "$1") ?? null;
}

export function normalizeKey(key: string): string {
  return key.replace(/[\s_]/g, "").toLowerCase();
}

function isArray(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function textOf(raw: unknown): string | undefined {
  if (typeof raw === "string") return raw.replace(/^\uFEFF/, "");
  if (raw instanceof Uint8Array) return new TextDecoder().decode(raw);
  if (raw instanceof ArrayBuffer) return new TextDecoder().decode(raw);
  return typeof raw === "object" && raw !== null ? JSON.stringify(raw) : undefined;
}

function keepNumbersAsText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value === "string" && value.includes("\0")) return value.replaceAll("\0", ""); // SQLite would cut the text at the NUL
  return typeof value === "number" ? context?.source ?? String(value) : value;
}
