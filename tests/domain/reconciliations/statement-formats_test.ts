import assert from "node:assert/strict";
import fc from "fast-check";
import { zipSync } from "fflate/browser";
import { openStatement } from "../../../src/domain/reconciliations/parse-statement.ts";
import { encoders, noiseRows, type PaidRow, separators, statementFile } from "../../support/statement-files.ts";
import { readStatement } from "../../support/read-statement.ts";
import { xlsxOf } from "../../support/xlsx.ts";

const PAID: PaidRow = {
  receipt: "UKM9X2A1BC",
  at: Date.parse("2026-11-22T09:13:25Z"),
  amount: 150_050,
  account: "ÉCOLE 7",
};
const expected = [{ receipt: PAID.receipt, amount: PAID.amount, paidAt: PAID.at, accountReference: PAID.account }];

for (const [name, encode] of Object.entries(encoders)) {
  for (const separator of separators) {
    Deno.test(`a statement in ${name} with ${JSON.stringify(separator)} between its cells is read`, () => {
      assert.deepEqual(readStatement(encode(statementFile([PAID], { separator }))).rows, expected);
    });
  }
}

Deno.test("an XLSX statement is read: shared and inline texts, numbers, and dates as days", () => {
  const lines = [["Short Code:", "600000"], ...cellsOf([PAID])];
  for (const shared of [true, false]) assert.deepEqual(readStatement(xlsxOf(lines, { shared })).rows, expected);
  const days = lines.map((cells) =>
    cells.map((cell) => cell === "22-11-2026 12:13:25" ? (46348 + 44005 / 86400) : cell)
  );
  assert.deepEqual(readStatement(xlsxOf(days)).rows, expected);
  const numbers = lines.map((cells) => cells.map((cell) => cell === "1500.50" ? 1500.4999999999998 : cell));
  assert.equal(readStatement(xlsxOf(numbers)).rows[0]?.amount, 150_050);
});

Deno.test("the lines of an XLSX statement are those of the sheet", () => {
  const lines = cellsOf([PAID, { ...PAID, receipt: "?" }]);
  assert.deepEqual(readStatement(xlsxOf(lines)).leftOut.map(({ row }) => row), [3]);
});

Deno.test("what is no statement is named in the error", () => {
  const text = (content: string) => new TextEncoder().encode(content);
  const files: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(), /empty/],
    [text("%PDF-1.7\n"), /PDF/],
    [Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1), /XLS \(Excel before 2007\)/],
    [Uint8Array.of(0x1f, 0x8b, 8), /gzip/],
    [text("<html><table><tr><td>Receipt No."), /web page/],
    [text("a\0b\0\0c"), /not text/],
    [zipSync({ "readme.txt": text("hello") }), /ZIP archive, and not an XLSX/],
    [xlsxOf([["a", "b"]]), /Receipt No/],
    [xlsxOf(cellsOf([PAID])).subarray(0, 900), /damaged|not an XLSX/],
    [text('{"a":1}'), /Receipt No/],
  ];
  for (const [file, message] of files) {
    assert.throws(() => openStatement(file), (error: Error & { code?: string }) => {
      assert.match(error.message, message);
      assert.equal(error.code, "validation_failed");
      return true;
    });
  }
});

Deno.test("a small file that unpacks to very much is refused before it fills the memory", () => {
  const bomb = zipSync({
    "xl/workbook.xml": new TextEncoder().encode("<workbook/>"),
    "xl/worksheets/sheet1.xml": new Uint8Array(64 * 1024 * 1024),
  }, { level: 1 });
  assert.ok(bomb.length < 2 * 1024 * 1024, `${bomb.length}`);
  assert.throws(() => openStatement(bomb), /larger than 24 MiB/);
});

Deno.test("a workbook that declares a document type is refused", () => {
  const text = '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>';
  const file = zipSync({ "xl/workbook.xml": new TextEncoder().encode(text) });
  assert.throws(() => openStatement(file), /document type/);
});

const receipts = fc.uniqueArray(fc.stringMatching(/^U[A-Z0-9]{9}$/), { minLength: 1, maxLength: 30 });
const words = fc.constantFrom(
  "DEPOSIT A12",
  "HOUSE TRANSFER 7",
  "SALARY ADV",
  "PHONE CHARGER",
  "REVERSAL",
  "INV-1",
  "O'BRIEN",
  "",
);
const paidRows = receipts.chain((all) =>
  fc.tuple(...all.map((receipt) =>
    fc.record({
      receipt: fc.constant(receipt),
      at: fc.integer({ min: 1_750_000_000, max: 1_795_000_000 }).map((second) => second * 1_000),
      amount: fc.integer({ min: 1, max: 25_000_000 }),
      account: words,
    })
  ))
);

Deno.test("a statement gives exactly the payments in it, whatever rows, words, separators and encodings are around them", () => {
  fc.assert(
    fc.property(
      paidRows,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...noiseRows))),
      fc.constantFrom(...separators),
      fc.constantFrom(...Object.values(encoders)),
      fc.boolean(),
      (paid, noise, separator, encode, isSheet) => {
        const text = statementFile(paid, { separator, noise });
        const file = isSheet ? xlsxOf(cellsOf(paid, noise)) : encode(text);
        const { rows, leftOut } = readStatement(file);
        assert.deepEqual(
          rows.map(({ receipt, amount, paidAt, accountReference }) => [receipt, amount, paidAt, accountReference])
            .toSorted(),
          paid.map(({ receipt, amount, at, account }) => [receipt, amount, at, account === "" ? null : account])
            .toSorted(),
        );
        assert.equal(leftOut.length, noise.length);
      },
    ),
    { numRuns: 300 },
  );
});

function cellsOf(paid: readonly PaidRow[], noise: readonly (readonly [number, readonly string[]])[] = []): string[][] {
  return statementFile(paid, { separator: "\t", noise }).split("\r\n").map((line) => line.split("\t"));
}
