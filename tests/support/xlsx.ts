import { strToU8, zipSync } from "fflate/browser";

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** A workbook of one sheet, as a spreadsheet saves it. Texts are shared among the cells, or inline. */
export function xlsxOf(
  lines: readonly (readonly (string | number)[])[],
  { shared = true }: { readonly shared?: boolean } = {},
): Uint8Array {
  const strings: string[] = [];
  const cell = (value: string | number, row: number, column: number): string => {
    const at = `${String.fromCharCode(65 + column)}${row + 1}`;
    if (typeof value === "number") return `<c r="${at}" s="1"><v>${value}</v></c>`;
    if (value === "") return "";
    if (!shared) return `<c r="${at}" t="inlineStr"><is><t>${escape(value)}</t></is></c>`;
    strings.push(`<si><t xml:space="preserve">${escape(value)}</t></si>`);
    return `<c r="${at}" t="s"><v>${strings.length - 1}</v></c>`;
  };
  const rows = lines.map((cells, row) =>
    `<row r="${row + 1}">${cells.map((value, column) => cell(value, row, column)).join("")}</row>`
  );
  const xml = (body: string) => strToU8(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${body}`);
  return zipSync({
    "[Content_Types].xml": xml("<Types/>"),
    "xl/workbook.xml": xml('<workbook><sheets><sheet name="Statement" sheetId="1" r:id="rId1"/></sheets></workbook>'),
    "xl/_rels/workbook.xml.rels": xml(
      '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    "xl/worksheets/sheet1.xml": xml(`<worksheet><sheetData>${rows.join("")}</sheetData></worksheet>`),
    "xl/sharedStrings.xml": xml(`<sst>${strings.join("")}</sst>`),
  });
}
