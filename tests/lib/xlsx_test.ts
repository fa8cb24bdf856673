import assert from "node:assert/strict";
import { strToU8, zipSync } from "fflate/browser";
import { readWorkbook } from "../../src/lib/xlsx.ts";

const sheet = (cells: string) => strToU8(`<worksheet><sheetData><row r="1">${cells}</row></sheetData></worksheet>`);
/** Two sheets; the texts of the second are in pieces, as a spreadsheet saves what has more than one format. */
const workbook = zipSync({
  "xl/workbook.xml": strToU8('<workbook><sheets><sheet r:id="rId1"/><sheet r:id="rId2"/></sheets></workbook>'),
  "xl/_rels/workbook.xml.rels": strToU8(
    '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>' +
      '<Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>',
  ),
  "xl/worksheets/sheet1.xml": sheet('<c r="A1" t="inlineStr"><is><t>Notes</t></is></c>'),
  "xl/worksheets/sheet2.xml": sheet('<c r="A1" t="s"><v>0</v></c><c r="AB1"><v>7</v></c>'),
  "xl/sharedStrings.xml": strToU8("<sst><si><r><t>UKM9X</t></r><r><t>2A1BC</t></r><rPh><t>no</t></rPh></si></sst>"),
});

Deno.test("a text in pieces is read whole, and a column behind Z is where it stands", () => {
  const { sheets } = readWorkbook(workbook, () => false);
  const [record] = sheets[1] ?? [];
  assert.equal(record?.cells[0], "UKM9X2A1BC");
  assert.deepEqual([record?.cells.length, record?.cells[27]], [28, "7"]);
});

Deno.test("sheets are read until one is wanted", () => {
  const isStatement = (lines: readonly { cells: readonly string[] }[]) => lines[0]?.cells[0] === "UKM9X2A1BC";
  assert.equal(readWorkbook(workbook, isStatement).sheets.length, 2);
  assert.equal(readWorkbook(workbook, () => true).sheets.length, 1);
});
