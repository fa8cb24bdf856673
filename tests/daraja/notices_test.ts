import assert from "node:assert/strict";
import { readPayoutResult, readStatusFinding } from "../../src/daraja/codes.ts";
import {
  parseC2b,
  parseQueueTimeout,
  parseResult,
  parseStkCallback,
  type StkNotice,
} from "../../src/daraja/notices.ts";
import { readAs, unreadableField } from "../../src/daraja/field.ts";
import { parsePullPage } from "../../src/daraja/pull.ts";

function stk(fields: string, items = ""): StkNotice {
  const metadata = items === "" ? "" : `,"CallbackMetadata":{"Item":${items}}`;
  const notice = parseStkCallback(`{"Body":{"stkCallback":{${fields}${metadata}}}}`);
  assert.equal(notice.kind, "stk");
  return notice as StkNotice; // asserted above
}

Deno.test("a result code is one code, as number, decimal or string", () => {
  for (const code of ["0", "0.0", '"0"', '" 0 "']) assert.equal(stk(`"ResultCode":${code}`).resultCode, "0", code);
  assert.equal(stk('"ResultCode":"00"').resultCode, "00");
});

Deno.test("a callback without a result code is unreadable: it is neither paid nor failed", () => {
  for (const code of ["null", '""', "{}", "[0]"]) {
    const notice = parseStkCallback(`{"Body":{"stkCallback":{"ResultCode":${code}}}}`);
    assert.deepEqual(notice, { kind: "unreadable", reason: "no_result_code" });
  }
});

Deno.test("each way of being no notice is told apart", () => {
  assert.deepEqual(parseStkCallback("<html>"), { kind: "unreadable", reason: "not_json" });
  assert.deepEqual(parseStkCallback("[]"), { kind: "unreadable", reason: "not_an_object" });
  assert.deepEqual(parseStkCallback("{}"), { kind: "unreadable", reason: "wrong_shape" });
  assert.deepEqual(parseResult("{}"), { kind: "unreadable", reason: "wrong_shape" });
  assert.deepEqual(parseResult('{"Result":{}}'), { kind: "unreadable", reason: "no_result_code" });
});

Deno.test("metadata is read by name, in any order, a lone object too", () => {
  assert.deepEqual(stk('"ResultCode":0', '{"Name":"Amount","Value":12.5}').amount, readAs(1_250));
  const items = '[{"Name":"PhoneNumber","Value":"254708***149"},{"Name":"Amount","Value":"7"},{"Name":"Balance"}]';
  const notice = stk('"ResultCode":0', items);
  assert.deepEqual([notice.phone, notice.amount], [readAs("254708***149"), readAs(700)]);
});

Deno.test("an amount passes through no floating point", () => {
  assert.deepEqual(
    stk('"ResultCode":0', '[{"Name":"Amount","Value":90071992547.41}]').amount,
    readAs(9_007_199_254_741),
  );
  for (const value of ["1.0050000000000001", "-1"]) {
    assert.deepEqual(stk('"ResultCode":0', `[{"Name":"Amount","Value":${value}}]`).amount, unreadableField(value));
  }
});

Deno.test("bytes, text and a parsed value read alike", () => {
  const text = '\uFEFF{"Body":{"stkCallback":{"ResultCode":1032,"ResultDesc":"x"}}}';
  const read = parseStkCallback(text);
  assert.equal(read.kind, "stk");
  assert.deepEqual(parseStkCallback(new TextEncoder().encode(text)), read);
  assert.deepEqual(parseStkCallback(JSON.parse(text.slice(1))), read);
});

Deno.test("a prototype's members are no fields", () => {
  const notice = parseResult('{"Result":{"ResultCode":0,"__proto__":{"ResultDesc":"no"}}}');
  assert.equal(notice.kind === "result" && notice.resultDescription, "");
});

Deno.test("whatever comes to a queue-timeout URL is a queue timeout", () => {
  const nothing = { kind: "queue_timeout", conversationId: null, originatorConversationId: null };
  for (const raw of ["", "<html>", "[]", "{}", undefined]) assert.deepEqual(parseQueueTimeout(raw), nothing);
  const ids = parseQueueTimeout('{"ConversationID":"AG_1","OriginatorConversationID":"p1"}');
  assert.deepEqual(ids, { ...nothing, conversationId: "AG_1", originatorConversationId: "p1" });
});

Deno.test("a result that says it timed out, or that more will come, leaves the payout in doubt", () => {
  const timedOut = '{"Result":{"ResultType":0,"ResultCode":1,"ResultDesc":"The service request timed out."}}';
  const unfinished = '{"Result":{"ResultType":1,"ResultCode":0,"ResultDesc":"ok"}}';
  for (const raw of [timedOut, unfinished]) {
    const notice = parseResult(raw);
    assert.equal(notice.kind === "result" && readPayoutResult(notice).outcome, "in_doubt");
  }
});

Deno.test("a status result speaks by its TransactionStatus, not by its code", () => {
  const table: [number | string, string | null, string][] = [
    [0, "Completed", "completed"],
    [0, "Declined", "failed"],
    [0, "Cancelled", "failed"],
    [0, "Expired", "failed"],
    [0, "Pending Authorized", "pending"],
    [0, "Something new", "pending"],
    [0, null, "pending"],
    [2033, null, "not_found"],
    ["TX1", "Completed", "query_failed"],
    [2001, null, "query_failed"],
  ];
  for (const [code, status, outcome] of table) {
    const parameters = status === null ? [] : [{ Key: "TransactionStatus", Value: status }];
    const notice = parseResult({ Result: { ResultCode: code, ResultParameters: { ResultParameter: parameters } } });
    assert.equal(notice.kind === "result" && readStatusFinding(notice).outcome, outcome, `${code} ${status}`);
  }
});

Deno.test("C2B money that can't be identified or counted is unreadable, never guessed", () => {
  const good = { TransID: "RKL51ZDR4F", TransAmount: "5.00", BusinessShortCode: "600966" };
  assert.equal(parseC2b(good).kind, "c2b");
  const table: [Record<string, unknown>, string][] = [
    [{ TransID: "" }, "no_transaction_id"],
    [{ TransID: "RKL0000000" }, "no_transaction_id"],
    [{ TransID: "RKL 51" }, "transaction_id_unreadable"],
    [{ transid: "RKL51ZDR4G" }, "transaction_id_unreadable"],
    [{ TransAmount: "" }, "no_amount"],
    [{ TransAmount: "5,000" }, "amount_unreadable"],
    [{ TransAmount: "-5" }, "amount_unreadable"],
    [{ TransAmount: "0.00" }, "amount_unreadable"],
    [{ Trans_Amount: "6.00" }, "amount_unreadable"],
    [{ BusinessShortCode: null }, "no_shortcode"],
    [{ BusinessShortCode: "till 5" }, "shortcode_unreadable"],
  ];
  for (const [change, reason] of table) {
    assert.deepEqual(parseC2b({ ...good, ...change }), { kind: "unreadable", reason });
  }
});

Deno.test("a payer's number is told by its form, names may be missing", () => {
  const table: [unknown, string][] = [
    ["254708374149", "clear"],
    [254708374149, "clear"],
    ["2547 ***** 126", "masked"],
    ["94c392c311d522da950619227b336175", "hashed"],
    ["", "missing"],
    [undefined, "missing"],
    ["n/a", "missing"],
  ];
  for (const [MSISDN, form] of table) {
    const notice = parseC2b({ TransID: "RKL51ZDR4F", TransAmount: "5", BusinessShortCode: "1", MSISDN });
    assert.equal(notice.kind === "c2b" && notice.phoneForm, form, String(MSISDN));
    assert.equal(notice.kind === "c2b" && notice.firstName, null);
  }
});

Deno.test("a pull page is an array of arrays, or 1001 for none; a row without receipt or amount is set aside", () => {
  const row = {
    transactionId: "RKL51ZDR4F",
    trxDate: "2020-08-05T10:13:00Z",
    msisdn: "254722000000",
    sender: "MPESA",
    transactiontype: "c2b-pay-bill-debit",
    billreference: "37207636392",
    amount: "168.00",
    organizationname: "Daraja Pull API Test",
  };
  const rows = [{
    transactionId: "RKL51ZDR4F",
    amount: 16_800,
    at: readAs(Date.UTC(2020, 7, 5, 10, 13)),
    phone: readAs("254722000000"),
    sender: "MPESA",
    transactionType: "c2b-pay-bill-debit",
    billReference: readAs("37207636392"),
    organizationName: "Daraja Pull API Test",
  }];
  const answer = { ResponseRefID: "1", ResponseCode: "1000", ResponseMessage: "Success" };
  assert.deepEqual(parsePullPage({ ...answer, Response: [[row]] }), { rows, unreadable: [] });
  const bad: [unknown, string | null, string][] = [
    [{ amount: 1 }, null, "no_transaction_id"],
    ["text", null, "wrong_shape"],
    [{ ...row, transactionId: "?" }, null, "transaction_id_unreadable"],
    [{ ...row, amount: "0.00" }, "RKL51ZDR4F", "amount_unreadable"],
    [{ ...row, amount: null }, "RKL51ZDR4F", "no_amount"],
  ];
  for (const [item, transactionId, reason] of bad) {
    const page = parsePullPage({ ...answer, Response: [row, item] });
    const [{ text, ...unreadable } = {}] = page?.unreadable ?? [];
    assert.deepEqual([page?.rows, unreadable], [rows, { transactionId, reason }]);
    assert.equal(
      text,
      parsePullPage({ ...answer, Response: [item] })?.unreadable[0]?.text,
      "the same row, the same text",
    );
    assert.ok((text ?? "").length > 2);
  }
  assert.deepEqual(parsePullPage({ ...answer, ResponseCode: "1001" }), { rows: [], unreadable: [] });
  assert.equal(parsePullPage({ ResponseCode: "500" }), null);
});
