import { invalidField, Problem } from "../problems/problem.ts";

const STRING_LITERALS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

const NUL_ESCAPE = /(?:^|[^\\])(?:\\\\)*\\u0000/;

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** Whether each string and each key in a value is well-formed. Bytes that are no UTF-8 became U+FFFD when they were read. */
function isWellFormed(root: unknown): boolean {
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value === "string" && !value.isWellFormed()) return false;
    if (value === null || typeof value !== "object") continue;
    if (!Object.keys(value).every((key) => key.isWellFormed())) return false;
    for (const inner of Object.values(value)) open.push(inner);
  }
  return true;
}

/**
 * Parses a JSON body. Errors: `invalid_json`, `duplicate_keys` (JSON.parse would silently keep the last value),
 * `validation_failed` for a NUL character, because SQLite does not handle text after it reliably, and for text that is not
 * well-formed Unicode (design.md section 10.1), because it would be stored as other text.
 */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem("invalid_json", "The body could not be read as JSON. Send one JSON object, encoded in UTF-8.");
  }
  if (NUL_ESCAPE.test(text)) throw invalidField("", "must not contain the NUL character (\\u0000); leave it out");
  if (text.includes("\ufffd") || (SURROGATE_ESCAPE.test(text) && !isWellFormed(value))) {
    throw invalidField(
      "",
      "must be well-formed Unicode, encoded in UTF-8: no broken bytes and no half of a surrogate pair",
    );
  }
  let keysInText = 0;
  for (const match of text.matchAll(STRING_LITERALS)) if (match[1] !== undefined) keysInText++;
  if (keysInText !== countKeys(value)) {
    throw new Problem("duplicate_keys", "An object in the body has the same key twice. Send each key once.");
  }
  return value;
}

function countKeys(root: unknown): number {
  let count = 0;
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (value === null || typeof value !== "object") continue;
    if (!Array.isArray(value)) count += Object.keys(value).length;
    for (const inner of Object.values(value)) open.push(inner);
  }
  return count;
}
