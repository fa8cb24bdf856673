import assert from "node:assert/strict";
import { readStatement, STATEMENT_NOW } from "../../support/read-statement.ts";

const HEADER =
  "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,Other Party Info,A/C No.";
const row = (changes: Record<string, string> = {}) => {
  const cells = {
    receipt: "UKM9X2A1BC",
    time: "22-11-2026 12:13:25",
    details: "Pay Bill from 2547******78 - JANE DOE Acc. INV1",
    status: "Completed",
    in: "1500.00",
    out: "",
    type: "Pay Bill Online",
    party: "2547******78 - JANE DOE",
    account: "INV1",
    ...changes,
  };
  return Object.values(cells).map((cell) => /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell).join(",");
};
const read = (...lines: string[]) => readStatement([HEADER, ...lines].join("\r\n"));
const reasons = (...lines: string[]) => read(...lines).leftOut.map(({ row, reason }) => [row, reason]);

const WORDS = [
  "DEPOSIT A12",
  "HOUSE TRANSFER 7",
  "SALARY ADV",
  "PHONE CHARGER",
  "REVERSAL",
  "LATE CHARGE",
  "WITHDRAWAL",
];

for (const word of WORDS) {
  Deno.test(`a completed row that pays in from outside counts, also if ${word} is its account, payer, remark or kind`, () => {
    const details = `Pay Bill from 2547******78 - ${word} Acc. ${word}`;
    for (const type of ["Pay Bill Online", ""]) {
      const { rows, leftOut } = read(row({ details, party: `2547******78 - ${word}`, account: word, type }));
      assert.deepEqual([rows.length, rows[0]?.accountReference, leftOut], [1, word, []], type);
    }
  });
}

Deno.test("a kind that nobody has heard of counts: it is money from outside", () => {
  for (
    const type of [
      "Pay Utility",
      "Organization To Organization Transfer",
      "Customer Merchant Payment",
      "OD Payment Transfer",
      "Salary Payment",
      "Deposit of Funds",
      "Pay Merchant Via Bank App",
    ]
  ) assert.equal(read(row({ type })).rows.length, 1, type);
});

Deno.test("M-Pesa's own kinds are left out with the reason: transfers between own accounts, reversals, charges", () => {
  const kinds = [
    ["Utility Account to Organization Settlement Account", "own_transfer"],
    ["Merchant to Utility Account", "own_transfer"],
    ["Transfer from Utility to MMF Account", "own_transfer"],
    ["Pay Bill Reversal", "reversal"],
    ["Pay Bill Charge", "charge"],
  ] as const;
  for (const [type, reason] of kinds) {
    const { rows, leftOut } = read(row({ type }), row({ receipt: "UKM9X2A1BD" }));
    assert.deepEqual([rows.length, leftOut.map((one) => one.reason)], [1, [reason]], type);
  }
  assert.deepEqual(reasons(row({ party: "600000 - Demo Shop" }), row({ receipt: "UKM9X2A1BD" })), [[
    2,
    "own_transfer",
  ]]);
});

Deno.test("one row does not stop a file: totals, balances, dashes and remarks", () => {
  const { rows, leftOut } = read(
    row({ in: "KES 1,500.00" }),
    row({ receipt: "UKM9X2A1BD", in: "-", out: "-25.00", type: "Pay Bill Charge" }),
    'Total,,,,"1,500.00",-25.00,,,',
    'Closing Balance,,,,"10,500.00",,,,',
    "Totals,,,,,,,,",
    "*** End of statement ***",
  );
  assert.deepEqual(rows.map(({ receipt, amount }) => [receipt, amount]), [["UKM9X2A1BC", 150_000]]);
  assert.deepEqual(leftOut.map(({ row, reason }) => [row, reason]), [
    [3, "nothing_paid_in"],
    [4, "no_transaction"],
    [5, "no_transaction"],
    [6, "no_transaction"],
    [7, "no_transaction"],
  ]);
});

Deno.test("a cell that can't be read sets its row aside, with the reason, and the others count", () => {
  const bad = [
    [row({ receipt: "?" }), "receipt_unreadable"],
    [row({ receipt: "UKM9X2A1BA", time: "yesterday" }), "time_unreadable"],
    [row({ receipt: "UKM9X2A1BA", in: "1.500,00" }), "amount_unreadable"],
    [row({ receipt: "UKM9X2A1BA", status: "" }), "status_unreadable"],
    [row({ receipt: "UKM9X2A1BA" }).replace("Pay Bill from", '"Pay" Bill from'), "cells_unreadable"],
  ] as const;
  for (const [line, reason] of bad) {
    const { rows, leftOut } = read(line, row());
    assert.deepEqual([rows.length, leftOut.map((one) => [one.row, one.reason])], [1, [[2, reason]]], reason);
  }
});

Deno.test("a quote in the middle of a name does not set its row aside", () => {
  assert.equal(read(row({ details: "Pay Bill from JOHN JJ DOE" }).replace("JJ", '"JJ"')).rows.length, 1);
});

Deno.test("the same receipt twice with two amounts is set aside as a whole; twice with one amount it counts once", () => {
  const twice = read(row(), row(), row({ receipt: "UKM9X2A1BD" }), row({ receipt: "UKM9X2A1BD", in: "20.00" }));
  assert.deepEqual(twice.rows.map(({ receipt }) => receipt), ["UKM9X2A1BC"]);
  assert.deepEqual(twice.leftOut.map(({ row, receipt, reason }) => [row, receipt, reason]), [
    [4, "UKM9X2A1BD", "two_amounts"],
    [5, "UKM9X2A1BD", "two_amounts"],
  ]);
  const unreadable = read(row(), row({ receipt: "UKM9X2A1BD" }), row({ receipt: "UKM9X2A1BD", in: "?" }));
  assert.deepEqual(unreadable.leftOut.map(({ reason }) => reason), ["two_amounts", "amount_unreadable"]);
});

Deno.test("the charge of a payment has the payment's receipt, and does not disturb it", () => {
  const { rows, leftOut } = read(row(), row({ in: "", out: "-25.00", type: "Pay Bill Charge" }));
  assert.deepEqual([rows.length, leftOut.map(({ reason }) => reason)], [1, ["nothing_paid_in"]]);
});

Deno.test("dates that are in the future with the day first are read with the month first, with a note", () => {
  const { rows, notes } = read(
    row({ time: "11-12-2026 09:00:00" }),
    row({ receipt: "UKM9X2A1BD", time: "11-03-2026 09:00:00" }),
  );
  assert.deepEqual(rows.map(({ paidAt }) => new Date(paidAt).toISOString()), [
    "2026-11-12T06:00:00.000Z",
    "2026-11-03T06:00:00.000Z",
  ]);
  assert.match(notes[0] ?? "", /month first/);
  assert.deepEqual(read(row()).notes, []);
});

Deno.test("a date in the future in both orders is set aside, or refused where the file has nothing else", () => {
  const future = row({ receipt: "UKM9X2A1BD", time: "24-12-2026 09:00:00" });
  assert.deepEqual(reasons(row(), future), [[3, "time_in_future"]]);
  assert.throws(() => read(future), /time.*future|future/);
});

Deno.test("a file of which some dates need the day first and others the month is refused", () => {
  const dayFirst = ["UKM9X2A1BA", "UKM9X2A1BB"].map((receipt) => row({ receipt, time: "22-11-2026 09:00:00" }));
  const monthFirst = ["UKM9X2A1BD", "UKM9X2A1BE"].map((receipt) => row({ receipt, time: "11-22-2026 09:00:00" }));
  assert.throws(() => read(...dayFirst, ...monthFirst), /month comes first/);
  assert.deepEqual(reasons(...dayFirst, monthFirst[0] ?? ""), [[4, "time_unreadable"]]);
});

Deno.test("times with AM and PM, and months by name, are read", () => {
  const times = [
    ["22/11/2026 12:13:25 PM", "2026-11-22T09:13:25Z"],
    ["22-11-2026 12:13:25 AM", "2026-11-21T21:13:25Z"],
    ["22-11-2026 1:05 pm", "2026-11-22T10:05:00Z"],
    ["2026-11-22 01:05:00 PM", "2026-11-22T10:05:00Z"],
    ["22-Nov-2026 13:05:00", "2026-11-22T10:05:00Z"],
  ] as const;
  for (const [time, at] of times) assert.equal(read(row({ time })).rows[0]?.paidAt, Date.parse(at), time);
  assert.deepEqual(reasons(row(), row({ receipt: "UKM9X2A1BD", time: "22-11-2026 13:05:00 PM" })), [[
    3,
    "time_unreadable",
  ]]);
});

Deno.test("a clock that is a little ahead makes no future", () => {
  const now = STATEMENT_NOW;
  const soon = new Date(now + 3 * 3_600_000 + 30 * 60_000).toISOString().slice(0, 19).replace("T", " ");
  assert.equal(read(row({ time: soon })).rows.length, 1);
});
