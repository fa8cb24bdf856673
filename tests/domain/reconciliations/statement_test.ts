import assert from "node:assert/strict";
import { Problem } from "../../../src/problems/problem.ts";
import { readStatement } from "../../support/read-statement.ts";

const HEADER = "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance," +
  "Balance Confirmed,Reason Type,Other Party Info,Linked Transaction ID,A/C No.";
const PREAMBLE = [
  "Account Holder: Demo Shop,,",
  "Short Code:,600000",
  "Account:,Utility Account",
  "Time Period:,From 21-11-2026 00:00:00 To 22-11-2026 23:59:59",
  "",
];

const line = (changes: Record<string, string> = {}) => {
  const cells: Record<string, string> = {
    receipt: "UKM9X2A1BC",
    done: "22-11-2026 12:13:25",
    begun: "22-11-2026 12:13:24",
    details: "Pay Bill from 2547******78 - JANE DOE Acc. INV1001",
    status: "Completed",
    in: "1500.00",
    out: "",
    balance: "10500.00",
    confirmed: "true",
    type: "Pay Bill Online",
    party: "2547******78 - JANE DOE",
    linked: "",
    account: "INV1001",
    ...changes,
  };
  return Object.values(cells).map((cell) => /[",]/.test(cell) ? `"${cell}"` : cell).join(",");
};
const file = (...lines: string[]) => [...PREAMBLE, HEADER, ...lines, ""].join("\r\n");

const wrong = (text: string): string[] => {
  try {
    readStatement(text);
  } catch (error) {
    assert.ok(error instanceof Problem);
    assert.equal(error.code, "validation_failed");
    return error.errors.map(({ pointer }) => pointer);
  }
  throw new Error("was read");
};

Deno.test("a statement's payments are read with receipt, amount, time and account, past the lines before the header", () => {
  const { rows, window, leftOut } = readStatement(
    `\ufeff${file(line(), line({ receipt: "ukm9x2a1bd", in: "1,250.5" }))}`,
  );
  const paidAt = Date.parse("2026-11-22T12:13:25+03:00");
  assert.deepEqual(rows, [
    { receipt: "UKM9X2A1BC", amount: 150_000, paidAt, accountReference: "INV1001" },
    { receipt: "UKM9X2A1BD", amount: 125_050, paidAt, accountReference: "INV1001" },
  ]);
  assert.deepEqual([window, leftOut], [{ from: paidAt, to: paidAt }, []]);
});

Deno.test("times are read day first, with or without seconds, and year first", () => {
  const times = ["22-11-2026 12:13:25", "22/11/2026 12:13:25", "2026-11-22 12:13:25", "22.11.2026 12:13:25"];
  for (const done of times) {
    assert.equal(readStatement(file(line({ done }))).rows[0]?.paidAt, Date.parse("2026-11-22T09:13:25Z"), done);
  }
  assert.equal(readStatement(file(line({ done: "22-11-2026 12:13" }))).window.to, Date.parse("2026-11-22T09:13:00Z"));
});

Deno.test("charges, transfers, reversals, money out and what did not complete are left out", () => {
  const others = [
    line({ in: "", out: "-25.00", type: "Pay Bill Charge" }),
    line({ in: "500.00", type: "Organization Settlement Transfer" }),
    line({ in: "500.00", type: "Customer Payment Reversal" }),
    line({ status: "Failed" }),
    line({ in: "0.00" }),
  ];
  const { rows, leftOut } = readStatement(
    file(...others, line({ receipt: "UKM9X2A1BD", type: "Merchant Payment" })),
  );
  assert.deepEqual(rows.map(({ receipt }) => receipt), ["UKM9X2A1BD"]);
  assert.deepEqual(leftOut.map(({ row, reason, amount }) => [row, reason, amount]), [
    [7, "nothing_paid_in", 0],
    [8, "own_transfer", 50_000],
    [9, "reversal", 50_000],
    [10, "not_completed", 150_000],
    [11, "nothing_paid_in", 0],
  ]);
});

Deno.test("the account is looked for in the details where it has no column of its own", () => {
  const header = "Receipt No.,Completion Time,Details,Transaction Status,Paid In";
  const text = `${header}\nUKM9X2A1BC,22-11-2026 12:13:25,Pay Bill from 2547******78 - J Acc. INV 7,Completed,10\n`;
  assert.equal(readStatement(text).rows[0]?.accountReference, "INV 7");
});

Deno.test("where nothing of a file can be read, every wrong cell is named by line and column, and nothing is taken", () => {
  assert.deepEqual(wrong(file(line({ done: "yesterday" }), line({ in: "1.500,00" }), line({ receipt: "?" }))), [
    "/rows/7/completion_time",
    "/rows/8/paid_in",
    "/rows/9/receipt_no",
  ]);
  assert.deepEqual(wrong("a,b\n1,2\n"), ["/rows/1"]);
  assert.deepEqual(wrong(""), ["/rows/1"]);
  assert.deepEqual(wrong("Receipt No.,Details\nX,Y\n"), [
    "/rows/1/completion_time",
    "/rows/1/transaction_status",
    "/rows/1/paid_in",
  ]);
  assert.deepEqual(wrong(`${HEADER}\n`), ["/rows/2"]);
  assert.deepEqual(wrong(file('"torn')), ["/rows/7"]);
});
