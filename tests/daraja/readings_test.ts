import assert from "node:assert/strict";
import { readStkResult } from "../../src/daraja/codes.ts";
import { parseReceipt } from "../../src/daraja/ids.ts";
import { codeAt, readObject, textAt } from "../../src/daraja/json.ts";
import { parseC2b, parseResult } from "../../src/daraja/notices.ts";
import { parsePullPage } from "../../src/daraja/pull.ts";
import { parseDarajaTime } from "../../src/daraja/time.ts";

const row = (transactionId: string) => ({ transactionId, trxDate: "2020-08-05T10:13:00Z", amount: "168.00" });

Deno.test("every part of a pulled page is read, and what cannot be read is counted", () => {
  const page = parsePullPage({
    ResponseCode: "1000",
    Response: [[row("RKL51ZDR4F"), { amount: 1 }], [row("RKL51ZDR4G")]],
  });
  assert.deepEqual(page?.rows.map(({ transactionId }) => transactionId), ["RKL51ZDR4F", "RKL51ZDR4G"]);
  assert.equal(page?.unreadable.length, 1);
});

Deno.test("a receipt is the same in small letters and in capitals", () => {
  assert.equal(parseReceipt("ukm9x2a1bc"), "UKM9X2A1BC");
  const notice = parseC2b({ TransID: "ukm9x2a1bc", TransAmount: "10", BusinessShortCode: "600000" });
  assert.ok(notice.kind === "c2b" && notice.receipt === "UKM9X2A1BC");
});

Deno.test("an amount is read as it was written, never by way of a floating-point number", () => {
  for (const amount of ["9007199254740993", "1234567890.10", "1500.00"]) {
    assert.equal(textAt(readObject(`{"amount":${amount}}`), "amount"), amount);
  }
});

Deno.test('0, 0.0 and "0" are one code', () => {
  for (const code of ["0", "0.0", "0.00", '"0"']) {
    assert.equal(codeAt(readObject(`{"ResultCode":${code}}`), "ResultCode"), "0");
  }
});

Deno.test("a busy or working gateway is asked again later, and needs no person", () => {
  for (const code of ["26", "4999", "100000000", "100000011"]) {
    assert.equal(readStkResult(code).outcome, "pending", code);
  }
  for (const code of ["E3008", "7777"]) assert.equal(readStkResult(code).outcome, "review", code);
});

Deno.test("a zone of a time is added east of Greenwich and taken off west of it", () => {
  assert.equal(parseDarajaTime("2026-11-22T12:00:00+03:00"), Date.UTC(2026, 10, 22, 9));
  assert.equal(parseDarajaTime("2026-11-22T12:00:00-05:00"), Date.UTC(2026, 10, 22, 17));
});

Deno.test("a success whose text names a timeout is a success", () => {
  const read = parseResult({ Result: { ResultCode: 0, ResultDesc: "Done after it timed out once." } });
  assert.ok(read.kind === "result" && !read.queueTimeout);
});
