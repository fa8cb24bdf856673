import assert from "node:assert/strict";
import {
  describeFailure,
  FAILURE_CODES,
  judgeError,
  payoutResultTable,
  readStkResult,
  reversalResultTable,
  standingOrderResultTable,
  stkResultTable,
  tokenErrors,
} from "../../src/daraja/codes.ts";

/** daraja.md section 4, the column "terminal". */
const TERMINAL =
  "1 2 3 4 8 11 17 20 21 1001 1019 1025 1031 1032 1036 1037 1101 1102 2001 2006 2008 2026 2028 8006 9999 SFC_IC0003";
const NOT_TERMINAL = "15 26 4999 E3008 100000000 100000011 7777 00 0.5 -0 1e3 PAID success";

Deno.test("only the terminal list fails an attempt, and only 0 pays it", () => {
  assert.deepEqual(readStkResult("0"), { outcome: "paid" });
  for (const code of TERMINAL.split(" ")) assert.equal(readStkResult(code).outcome, "failed", code);
  for (const code of NOT_TERMINAL.split(" ")) {
    assert.ok(["pending", "review"].includes(readStkResult(code).outcome), code);
  }
  assert.equal([...stkResultTable.values()].filter((row) => row.terminal).length, TERMINAL.split(" ").length);
});

Deno.test("the codes that shoppers meet have their own names", () => {
  const table: [string, string][] = [
    ["1", "insufficient_funds"],
    ["1032", "cancelled_by_customer"],
    ["1037", "no_answer"],
    ["1019", "expired_prompt"],
    ["2001", "wrong_pin"],
    ["1001", "phone_busy"],
    ["8006", "pin_locked"],
    ["4", "daily_limit"],
    ["SFC_IC0003", "shortcode_misconfigured"],
  ];
  for (const [code, failure] of table) {
    const result = readStkResult(code);
    assert.equal(result.outcome === "failed" && result.failure, failure, code);
  }
});

Deno.test("every row says where it comes from", () => {
  for (const table of [stkResultTable, payoutResultTable, reversalResultTable, standingOrderResultTable]) {
    for (const [code, row] of table) assert.match(row.source, /^daraja\.md section \d/, code);
  }
});

Deno.test("a payout fails only by a code of Safaricom's own list", () => {
  const terminal = [...payoutResultTable].filter(([, row]) => row.terminal).map(([code]) => code);
  assert.deepEqual(terminal, "1 2 3 4 8 11 21 2001 2006 2028 2040 8006 SFC_IC0003".split(" "));
});

Deno.test("every failure has plain words and advice", () => {
  for (const code of FAILURE_CODES) {
    const { message, advice } = describeFailure(code);
    assert.match(message, /^[A-Z].*\.$/s, code);
    assert.match(advice, /^[A-Z].*\.$/s, code);
  }
});

Deno.test("one code, three causes: the message decides, and silence is ambiguous", () => {
  const table: [string, string][] = [
    ["Merchant does not exist", "shortcode_misconfigured"],
    ["[MerchantValidate] - Wrong credentials", "passkey_rejected"],
    ["UNABLE TO LOCK SUBSCRIBER, a transaction is already in process", "phone_busy"],
    ["The transaction is being processed", "ambiguous"],
    ["", "ambiguous"],
    ["Anything else", "ambiguous"],
  ];
  for (const [message, expected] of table) {
    const verdict = judgeError({ status: 500, code: "500.001.1001", message }, "stk");
    assert.equal(verdict.kind === "ambiguous" ? "ambiguous" : verdict.failure, expected, message);
  }
});

Deno.test("whatever may have been taken is ambiguous", () => {
  const table: [number, string | null, string][] = [
    [500, "500.003.1001", "Internal Server Error"],
    [500, "500.002.1001", "System internal error."],
    [503, "500.002.1001", "Service is currently under maintenance"],
    [500, "500.003.02", "System is busy"],
    [500, null, ""],
    [503, null, ""],
    [403, null, ""],
    [400, null, ""],
    [302, null, ""],
    [400, "400.999.99", "New"],
    [200, "777", "New"],
  ];
  for (const [status, code, message] of table) {
    assert.deepEqual(
      judgeError({ status, code, message }, "stk"),
      { kind: "ambiguous", duplicate: false },
      `${status} ${code}`,
    );
  }
});

Deno.test("a duplicate originator id is ambiguous, and says that the first was taken", () => {
  const verdict = judgeError(
    { status: 500, code: "500.002.1001", message: "Duplicate OriginatorConversationID." },
    "other",
  );
  assert.deepEqual(verdict, { kind: "ambiguous", duplicate: true });
});

Deno.test("a rate limiter's refusal comes before the service", () => {
  const table: [number, string | null, string][] = [
    [429, null, ""],
    [429, "policies.ratelimit.SpikeArrestViolation", "Spike arrest violation."],
    [500, "policies.ratelimit.QuotaViolation", "Rate limit quota violation."],
    [500, "500.003.02", "Error Occurred: Spike Arrest Violation"],
    [500, "500.003.03", "Error Occurred: Quota Violation"],
  ];
  for (const [status, code, message] of table) {
    assert.deepEqual(
      judgeError({ status, code, message }, "stk"),
      { kind: "rejected", failure: "daraja_busy" },
      message,
    );
  }
});

Deno.test("a 403 refuses only with the code that says why: any other one may come after the money moved", () => {
  const judge = (code: string | null) => judgeError({ status: 403, code, message: "Forbidden" }, "other");
  assert.deepEqual(judge("403.002.1001"), { kind: "rejected", failure: "product_not_enabled" });
  for (const code of [null, "403", "403.001.1001", "403.002.01"]) {
    assert.equal(judge(code).kind, "ambiguous", `${code}`);
  }
});

Deno.test("every way of refusing a token is known", () => {
  const codes = ["404.001.03", "404.001.04", "401.002.01", "401.003.01", "400.003.01", "401.001", "401"];
  assert.deepEqual([...tokenErrors.keys()].sort(), codes.sort());
  for (const code of codes) {
    assert.equal(judgeError({ status: 500, code, message: "" }, "other").kind, "invalid_token", code);
  }
  assert.equal(judgeError({ status: 401, code: null, message: "" }, "other").kind, "invalid_token");
});

Deno.test("an invalid field is named by our own code", () => {
  const table: [string, string][] = [
    ["Bad Request - Invalid Amount", "amount_invalid"],
    ["Bad Request - Invalid PhoneNumber", "phone_invalid"],
    ["Bad Request - Invalid CallBackURL", "callback_url_refused"],
    ["Bad Request - Invalid TransactionType", "shortcode_misconfigured"],
    ["Bad Request - Invalid SecurityCredential", "initiator_rejected"],
    ["Bad Request - Invalid Remarks", "invalid_request"],
    ["Bad Request", "invalid_request"],
  ];
  for (const [message, failure] of table) {
    assert.deepEqual(
      judgeError({ status: 400, code: "400.002.02", message }, "other"),
      { kind: "rejected", failure },
      message,
    );
  }
});
