import assert from "node:assert/strict";
import { parseJson } from "../../src/http/json.ts";
import { kenyanMobile } from "../../src/http/fields.ts";
import { parseCsv } from "../../src/lib/csv.ts";
import { errorText } from "../../src/telemetry/log.ts";
import { redact } from "../../src/telemetry/redact.ts";
import { attacks, expressions } from "./regex.ts";

/** Long enough that work that grows with the square of the length takes 80 ms or more. */
const LENGTH = 10_000;
/** What grows with the length takes less than half a millisecond; a busy machine may take much longer. */
const MAX_MS = 30;
const TRIES = 25;

const msOf = (work: () => unknown): number => {
  const began = performance.now();
  work();
  return performance.now() - began;
};

/** The least of several times, so that a pause of the machine is not taken for work. */
function isSlow(work: () => unknown, maxMs = MAX_MS): boolean {
  for (let tries = 0; tries < TRIES; tries++) if (msOf(work) <= maxMs) return false;
  return true;
}

Deno.test("no regular expression takes more than linear time, whatever text comes", async () => {
  const { found, made } = await expressions();
  assert.ok(found.length > 100, "the source was read");
  assert.deepEqual(made, [], "an expression that is made at run time can't be checked here; write it as a literal");
  const slow = new Set<string>();
  for (const { file, line, expression } of found) {
    for (const text of attacks(expression, LENGTH)) {
      const run = () => {
        expression.lastIndex = 0;
        return expression.global ? text.replace(expression, "") : expression.test(text);
      };
      if (!isSlow(run)) continue;
      slow.add(`${file}:${line} ${expression}`);
      break;
    }
  }
  assert.deepEqual([...slow], []);
});

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

/** Functions that read text from outside as it came. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  redact: (text) => redact(text, ["demo-secret"]),
  errorText: (text) => errorText(new Error(text)),
  parseJson: (text) => thrown(() => parseJson(text)),
  parseCsv,
  kenyanMobile,
};

Deno.test("what reads text from outside takes linear time", () => {
  const pumps = [
    "a",
    "0",
    " ",
    "A0",
    "eyJ",
    "eyJa.",
    "ws_CO_",
    "token ",
    "token:",
    "[",
    '{"a":',
    '"',
    "\\",
    '","',
    ",",
    "\n",
    "+254",
  ];
  for (const [name, read] of Object.entries(READERS)) {
    for (const pump of pumps) {
      const text = pump.repeat(Math.ceil(50_000 / pump.length));
      assert.equal(isSlow(() => read(text), 400), false, `${name} on ${JSON.stringify(pump)}`);
    }
  }
});

Deno.test("a cut text keeps no half of a secret", () => {
  assert.equal(redact(`${"word ".repeat(818)}eyJhbGciOiJFZERTQSJ9`), "word ".repeat(60));
  const token = "3wx0aVQzMfbE5p8XQ4U0NwqjRMsGICc2C4NzSGo0U";
  assert.equal(redact(token.repeat(200)), "");
  assert.equal(redact(`no ${token}`), "no [secret]");
});
