import assert from "node:assert/strict";
import fc from "fast-check";
import { readPayoutResult, readReversalResult, readStatusFinding, readStkResult } from "../../src/daraja/codes.ts";
import { parseDarajaTime } from "../../src/daraja/time.ts";
import {
  parseAccountBalances,
  parseAmountStruct,
  parseB2bExpressCallback,
  parseBillPayment,
  parseC2b,
  parseCents,
  parseQueueTimeout,
  parseRatibaCallback,
  parseResult,
  parseStkCallback,
} from "../../src/daraja/notices.ts";
import { parsePullPage } from "../../src/daraja/pull.ts";
import { redact } from "../../src/telemetry/redact.ts";
import { fixture, samples } from "./support.ts";

const PARSERS = [
  parseStkCallback,
  parseResult,
  parseQueueTimeout,
  parseC2b,
  parseRatibaCallback,
  parseB2bExpressCallback,
  parseBillPayment,
];

/** Every parser answers with a kind, and whatever it read can be judged. */
function readAll(raw: unknown): void {
  for (const parse of PARSERS) assert.equal(typeof parse(raw).kind, "string");
  const stk = parseStkCallback(raw);
  if (stk.kind === "stk") {
    readStkResult(stk.resultCode);
    assert.ok(stk.amount.kind !== "read" || (Number.isSafeInteger(stk.amount.value) && stk.amount.value > 0));
  }
  const result = parseResult(raw);
  if (result.kind === "result") {
    for (const read of [readPayoutResult, readReversalResult, readStatusFinding]) assert.ok(read(result).outcome);
  }
  parsePullPage(raw);
}

const TEXTS = samples().map(({ file }) => fixture(file));

Deno.test("no text makes a parser throw", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
    readAll(text);
    for (const parse of [parseCents, parseAccountBalances, parseAmountStruct, parseDarajaTime]) parse(text);
    redact(text);
  }));
});

Deno.test("no bytes make a parser throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readAll));
});

Deno.test("no value at all makes a parser throw", () => {
  fc.assert(fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), readAll));
  const hostile = {
    toJSON: () => {
      throw new Error("no");
    },
  };
  for (const raw of [undefined, null, 0n, Symbol("x"), hostile, () => 1, new Proxy({}, {})]) readAll(raw);
});

Deno.test("no JSON of Daraja's own keys makes a parser throw", () => {
  const keys = [...new Set(TEXTS.flatMap((text) => text.match(/"[^"]+"(?=\s*:)/g) ?? []))].map((key) =>
    key.slice(1, -1)
  );
  const values = [...new Set(TEXTS.flatMap((text) => text.match(/(?<=:\s*)"[^"]*"/g) ?? []))].map((value) =>
    value.slice(1, -1)
  );
  const { json } = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.oneof(fc.constantFrom(...values), fc.double(), fc.integer(), fc.constant(null), fc.boolean(), fc.string()),
      fc.array(tie("json"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...keys, "__proto__", "constructor"), tie("json"), { maxKeys: 6 }),
    ),
  }));
  const wrapped = fc.oneof(
    json,
    json.map((inner) => ({ Body: { stkCallback: inner } })),
    json.map((inner) => ({ Result: { ResultCode: 0, ResultParameters: { ResultParameter: inner } } })),
    json.map((inner) => ({ responseHeader: { responseCode: "0" }, responseBody: { responseData: inner } })),
    json.map((inner) => ({ ResponseCode: "1000", Response: inner })),
  );
  fc.assert(fc.property(wrapped, (value) => readAll(JSON.stringify(value))), { numRuns: 500 });
});

Deno.test("no damage to a sample makes a parser throw", () => {
  const damage = fc.record({
    text: fc.constantFrom(...TEXTS),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat(12),
    put: fc.oneof(fc.constantFrom("null", "[]", "{}", '"', ",", "1e999", "-0", "\u0000", "[".repeat(50)), fc.string()),
  });
  fc.assert(
    fc.property(damage, ({ text, at, cut, put }) => {
      const from = Math.floor(at * text.length);
      readAll(text.slice(0, from) + put + text.slice(from + cut));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("nesting past the stack is unreadable, not a crash", () => {
  for (const depth of [1_000, 100_000]) readAll("[".repeat(depth) + "]".repeat(depth));
  readAll('{"Body":'.repeat(50_000) + "1" + "}".repeat(50_000));
});
