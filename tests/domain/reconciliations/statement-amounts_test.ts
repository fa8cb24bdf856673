import assert from "node:assert/strict";
import { readStatement } from "../../support/read-statement.ts";

const HEADER = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Reason Type,A/C No.";
const row = (receipt: string, time: string, paidIn: string, account = "INV1", details = "Pay Bill") =>
  `${receipt},${time},${details},Completed,"${paidIn}",,Pay Bill Online,${account}`;
const read = (...lines: string[]) => readStatement([HEADER, ...lines].join("\n"));

Deno.test("amounts of a statement are read to the cent, with and without separators", () => {
  const amounts: readonly (readonly [string, number])[] = [
    ["10", 1_000],
    ["10.5", 1_050],
    ["10.05", 1_005],
    ["1,500.00", 150_000],
    ["1,234,567.89", 123_456_789],
  ];
  for (const [text, cents] of amounts) {
    assert.equal(read(row("UKM9X2A1BC", "22-11-2026 12:13:25", text)).rows[0]?.amount, cents, text);
  }
});

Deno.test("the first number of a date is the day, also where it could be a month", () => {
  const statement = read(row("UKM9X2A1BC", "03-02-2026 12:13:25", "10"));
  assert.equal(statement.rows[0]?.paidAt, Date.parse("2026-02-03T12:13:25+03:00"));
});

Deno.test("a statement covers the time from its first to its last row, in any order of the rows", () => {
  const { window } = read(
    row("UKM9X2A1BD", "22-11-2026 12:00:00", "10"),
    row("UKM9X2A1BC", "20-11-2026 12:00:00", "10"),
    row("UKM9X2A1BE", "21-11-2026 12:00:00", "10"),
  );
  const at = (day: number) => Date.parse(`2026-11-${day}T12:00:00+03:00`);
  assert.deepEqual(window, { from: at(20), to: at(22) });
});

Deno.test("the account's own column counts before the details", () => {
  const statement = read(row("UKM9X2A1BC", "22-11-2026 12:13:25", "10", "INV7", "Pay Bill from X Acc. OTHER"));
  assert.equal(statement.rows[0]?.accountReference, "INV7");
});

Deno.test("a receipt in small letters is the receipt in capitals", () => {
  const statement = read(row("ukm9x2a1bc", "22-11-2026 12:13:25", "10"));
  assert.equal(statement.rows[0]?.receipt, "UKM9X2A1BC");
});
