import assert from "node:assert/strict";
import { judgeError, readStatusFinding } from "../../src/daraja/codes.ts";
import { ABSENT, readAs, unreadableField } from "../../src/daraja/field.ts";
import { parseC2b, parseRatibaCallback, parseResult, parseStkCallback } from "../../src/daraja/notices.ts";

/** An STK callback that says paid, with this JSON as its metadata. */
function paidCallback(metadata: unknown) {
  const notice = parseStkCallback({ Body: { stkCallback: { ResultCode: 0, CallbackMetadata: metadata } } });
  assert.equal(notice.kind, "stk");
  return notice;
}

/** A result with these parameters. */
function resultWith(entries: readonly unknown[], changes: Record<string, unknown> = {}) {
  const notice = parseResult({ Result: { ResultCode: 0, ResultParameters: { ResultParameter: entries }, ...changes } });
  assert.ok(notice.kind === "result");
  return notice;
}

const amounts = (...values: unknown[]) =>
  paidCallback({ Item: values.map((Value) => ({ Name: "Amount", Value })) }).amount;

Deno.test("an amount that is there but can't be read is unreadable, not absent", () => {
  for (const value of ["1,000.00", "KES 5", "1e2", "1.005", "abc", "0", "0.00", "-5", true, { a: 1 }, [5]]) {
    assert.equal(amounts(value).kind, "unreadable", JSON.stringify(value));
  }
  assert.equal(paidCallback('{"not":"an object"}').kind === "stk" && paidCallback("text").amount.kind, "unreadable");
});

Deno.test("two different amounts are unreadable, two spellings of one amount agree", () => {
  assert.deepEqual(amounts(1, 2), unreadableField("1 | 2"));
  assert.deepEqual(amounts("5.00", 5, "5"), readAs(500));
  assert.deepEqual(amounts(5, "x"), unreadableField("5 | x"));
});

Deno.test("an amount that is missing or blank is absent", () => {
  assert.deepEqual(amounts(), ABSENT);
  assert.deepEqual(amounts("", null, " "), ABSENT);
  for (const metadata of [undefined, null, {}, { Item: [] }, { Item: [{}] }, { Item: [{ Name: "Amount" }] }]) {
    assert.deepEqual(paidCallback(metadata).amount, ABSENT, JSON.stringify(metadata));
  }
});

Deno.test("a field that may be in a part of the list that can't be read is not absent", () => {
  const metadata = { Item: [{ Name: "PhoneNumber", Value: "254708374149" }, { Value: 1500 }] };
  const notice = paidCallback(metadata);
  assert.deepEqual([notice.amount.kind, notice.receipt.kind, notice.phone.kind], ["unreadable", "unreadable", "read"]);
});

Deno.test("a receipt, a time and a phone are absent, read or unreadable", () => {
  const items = (receipt: unknown, date: unknown, phone: unknown) => {
    const notice = paidCallback({
      Item: [
        { Name: "MpesaReceiptNumber", Value: receipt },
        { Name: "TransactionDate", Value: date },
        { Name: "PhoneNumber", Value: phone },
      ],
    });
    return [notice.receipt.kind, notice.paidAt.kind, notice.phone.kind];
  };
  assert.deepEqual(items("NLJ7RT61SV", 20191219102115, 254708374149), ["read", "read", "read"]);
  assert.deepEqual(items("NLJ0000000", "", null), ["absent", "absent", "absent"]);
  assert.deepEqual(items("NLJ7 RT61", "19 December", "n/a"), ["unreadable", "unreadable", "unreadable"]);
});

Deno.test("names of one field in several spellings must agree", () => {
  const good = { TransID: "RKL51ZDR4F", TransAmount: "5.00", BusinessShortCode: "600966" };
  const notice = parseC2b({ ...good, transAmount: 5, BillRefNumber: "A1", bill_ref_number: "A2" });
  assert.ok(notice.kind === "c2b");
  assert.deepEqual([notice.amount, notice.accountReference.kind], [500, "unreadable"]);
  const blank = parseC2b({ ...good, MSISDN: " ", TransTime: null, BillRefNumber: "" });
  assert.ok(blank.kind === "c2b");
  assert.deepEqual([blank.phone, blank.paidAt, blank.accountReference], [ABSENT, ABSENT, ABSENT]);
});

Deno.test("a result's money, fee and ids are absent, read or unreadable", () => {
  const facts = (entries: readonly [string, unknown][]) =>
    resultWith(entries.map(([Key, Value]) => ({ Key, Value }))).facts;
  assert.deepEqual(facts([["TransactionAmount", 10], ["Amount", "10.00"]]).amount, readAs(1_000));
  assert.equal(facts([["TransactionAmount", 10], ["Amount", 11]]).amount.kind, "unreadable");
  assert.deepEqual(
    facts([["Amount", "{Amount={CurrencyCode=KES, MinimumAmount=618683, BasicAmount=6186.83}}"]]).amount,
    readAs(618_683),
  );
  assert.equal(facts([["DebitPartyCharges", "Fee|KES|-5.00"]]).charge.kind, "unreadable");
  assert.equal(
    facts([["TransactionStatus", "Completed"], ["TransactionStatus", "Declined"]]).transactionStatus.kind,
    "unreadable",
  );
  assert.equal(
    facts([["Amount", "{Amount={CurrencyCode=KES, MinimumAmount=0, BasicAmount=0.00}}"]]).amount.kind,
    "unreadable",
  );
  assert.deepEqual(facts([]).amount, ABSENT);
});

Deno.test("a standing order's callback with two result codes is unreadable", () => {
  const callback = (header: string, data: string) =>
    parseRatibaCallback({
      responseHeader: { responseCode: header },
      responseBody: { responseData: [{ name: "responseCode", value: data }] },
    });
  assert.equal(callback("0", "0").kind, "ratiba");
  assert.deepEqual(callback("0", "1037"), { kind: "unreadable", reason: "result_codes_differ" });
});

Deno.test("only a text that names the transaction says that M-Pesa has none", () => {
  const table: [string, string | undefined, string][] = [
    ["SFC_IC0003", "The operator does not exist.", "query_failed"],
    ["SFC_IC0003", "The transaction does not exist.", "query_failed"],
    ["21", "Initiator not found", "query_failed"],
    ["25", "The initiator of the transaction does not exist", "query_failed"],
    ["25", "Transaction initiator does not exist", "query_failed"],
    ["25", "Receiver not found for this transaction", "query_failed"],
    ["2033", "The operator does not exist.", "query_failed"],
    ["2033", undefined, "not_found"],
    ["2033", "The transaction receipt number does not exist.", "not_found"],
    ["TX1", "The transaction receipt number does not exist.", "not_found"],
    ["TX1", "Transaction AG_20261122_2010364430d9bbdaf872 was not found", "not_found"],
    ["TX1", "No such transaction", "not_found"],
    ["TX1", "Original ConversationID not found", "not_found"],
  ];
  for (const [ResultCode, ResultDesc, outcome] of table) {
    const notice = resultWith([], { ResultCode, ...(ResultDesc === undefined ? {} : { ResultDesc }) });
    assert.equal(readStatusFinding(notice).outcome, outcome, `${ResultCode} ${ResultDesc}`);
  }
});

Deno.test("a status result with two states, or before the final one, concludes nothing", () => {
  const completed = { Key: "TransactionStatus", Value: "Completed" };
  const declined = { Key: "TransactionStatus", Value: "Declined" };
  assert.equal(readStatusFinding(resultWith([completed, declined])).outcome, "unclear");
  assert.equal(readStatusFinding(resultWith([completed], { ResultType: "1" })).outcome, "pending");
});

Deno.test("the texts of one API prove nothing in the answer of another", () => {
  const stkOnly = { status: 500, code: "500.001.1001", message: "Merchant does not exist" };
  assert.equal(judgeError(stkOnly, "stk").kind, "rejected");
  assert.equal(judgeError(stkOnly, "other").kind, "ambiguous");
  const registered = { status: 500, code: "500.003.1001", message: "Urls are already registered." };
  assert.equal(judgeError(registered, "url_registration").kind, "rejected");
  assert.equal(judgeError(registered, "other").kind, "ambiguous");
  const field = { status: 400, code: "400.002.02", message: "Bad Request - Invalid TransactionID" };
  assert.deepEqual(judgeError(field, "other"), { kind: "rejected", failure: "invalid_request" });
});
