import assert from "node:assert/strict";
import { Problem } from "../../src/problems/problem.ts";
import { parseJson } from "../../src/http/json.ts";

/* Issue 15, item 9: text that is not well-formed Unicode is refused, and never stored as other text. */

const codeOf = (text: string): string | null => {
  try {
    parseJson(text);
    return null;
  } catch (error) {
    return error instanceof Problem ? error.code : "?";
  }
};

Deno.test("half a surrogate pair and bytes that are no UTF-8 are 422, in values and keys; whole pairs are taken", () => {
  const broken = new TextDecoder().decode(new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]));
  for (const text of ['{"a":"x\\ud800"}', '{"a":{"b":["\\uDC00y"]}}', '{"\\ud83d":1}', broken]) {
    assert.equal(codeOf(text), "validation_failed", text);
  }
  for (const text of ['{"a":"\\ud83d\\ude00"}', '{"a":"Wanjikũ 😀"}', '{"a":"\\u00e9"}']) {
    assert.equal(codeOf(text), null, text);
  }
});
