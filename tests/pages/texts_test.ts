import assert from "node:assert/strict";
import { FAILURE_CODES } from "../../src/daraja/codes.ts";
import { en } from "../../src/pages/text/en.ts";
import { preferredLanguage } from "../../src/pages/text/language.ts";
import { sw } from "../../src/pages/text/sw.ts";

/** Every string of a table by its name; what takes arguments is given some. */
function strings(value: unknown, name = ""): Map<string, string> {
  if (typeof value === "string") return new Map([[name, value]]);
  if (typeof value === "function") return new Map([[name, String(value(7, 7))]]);
  const parts = Object.entries(value as object).flatMap(([key, inner]) => [...strings(inner, `${name}/${key}`)]);
  return new Map(parts); // tables hold strings, functions and tables
}

/** Names and loan words that read alike. */
const alike = new Set<string>(["/title", "/support/whatsapp"]);

Deno.test("both languages say the same things, and neither is silent on any", () => {
  const [english, swahili] = [strings(en), strings(sw)];
  assert.deepEqual([...swahili.keys()].sort(), [...english.keys()].sort());
  for (const [name, text] of english) {
    const other = swahili.get(name) ?? "";
    assert.ok(text.trim() !== "" && other.trim() !== "", name);
    if (!alike.has(name)) assert.notEqual(other, text, `${name} is not translated`);
  }
});

Deno.test("every failure is told in plain words with what to do, in both languages", () => {
  for (const { failures } of [en, sw]) {
    assert.deepEqual(Object.keys(failures).sort(), [...FAILURE_CODES].sort());
    for (const [code, [message, advice]] of Object.entries(failures)) {
      assert.match(message, /[.?]$/, code);
      assert.match(advice, /[.?]$/, code);
      assert.doesNotMatch(message + advice, /daraja|shortcode|passkey|callback|initiator/i, code);
    }
  }
});

Deno.test("the language is the one that the browser likes best of ours", () => {
  const wishes: [string | undefined, string][] = [
    [undefined, "en"],
    ["", "en"],
    ["sw", "sw"],
    ["sw-KE,en;q=0.8", "sw"],
    ["en-GB;q=0.9, sw;q=0.95", "sw"],
    ["fr, de;q=0.9", "en"],
    ["fr, sw;q=0.1", "sw"],
    ["sw;q=0", "en"],
    ["sw;q=2", "en"],
    ["*", "en"],
    [",;;q=,".repeat(1000), "en"],
  ];
  for (const [header, language] of wishes) assert.equal(preferredLanguage(header), language, header);
});
