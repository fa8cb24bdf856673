import assert from "node:assert/strict";
import { isKnownErrorCode, unknownInNotice } from "../../src/daraja/drift.ts";

const folder = new URL("../fixtures/daraja/", import.meta.url);
const kinds: Readonly<Record<string, string>> = {
  "stk-callback": "stk",
  "c2b-confirmation": "c2b_confirmation",
  "b2c-result": "payout_result",
  "b2b-result": "payout_result",
  "status-result": "status_result",
  "reversal-result": "refund_result",
  "balance-result": "balance_result",
  "ratiba-callback": "standing_order_result",
};

const samples = (await Deno.readTextFile(new URL("samples.tsv", folder))).split("\n").slice(1).filter(Boolean)
  .map((line) => line.split("\t") as [string, string]);

Deno.test("no sample of a notice that we have seen drifts, and no error code of one", async () => {
  let count = 0;
  for (const [file, kind] of samples) {
    const text = await Deno.readTextFile(new URL(file, folder));
    const known = kinds[kind];
    if (known !== undefined) {
      assert.deepEqual(unknownInNotice(known, text), [], file);
      count++;
    }
    const code: unknown = file.startsWith("err-") ? JSON.parse(text).errorCode : undefined;
    if (typeof code === "string") assert.ok(isKnownErrorCode(code), `${file}: ${code}`);
  }
  assert.ok(count > 30);
});

Deno.test("a new code and new fields are named, and their values are not", () => {
  const stk = {
    Body: {
      stkCallback: {
        ResultCode: "1999",
        Fee: "254712345678",
        CallbackMetadata: { Item: [{ Name: "Channel", Value: "254712345678" }] },
      },
    },
  };
  assert.deepEqual(unknownInNotice("stk", JSON.stringify(stk)), [
    { kind: "stk_field", name: "Fee" },
    { kind: "stk_field", name: "Channel" },
    { kind: "stk_result_code", name: "1999" },
  ]);
  const result = { Result: { ResultCode: "77", ResultParameters: { ResultParameter: { Key: "Tax", Value: 1 } } } };
  assert.deepEqual(unknownInNotice("payout_result", result), [
    { kind: "result_field", name: "Tax" },
    { kind: "result_code", name: "77" },
  ]);
  assert.deepEqual(unknownInNotice("c2b_confirmation", { TransID: "x", New: 1 }), [{ kind: "c2b_field", name: "New" }]);
});

Deno.test("what is no notice does not drift: it is reported as unreadable", () => {
  for (const text of ["", "null", "[]", "not json", '"text"']) assert.deepEqual(unknownInNotice("stk", text), []);
});
