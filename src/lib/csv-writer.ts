/** What a cell holds. A number is written as it is; a text can't become a formula. */
export type CsvValue = string | number | boolean | null;

/** Spreadsheets run a text that begins so as a formula, also behind blanks that they skip. */
// deno-lint-ignore no-control-regex -- control characters are meant
const FORMULA = /^[\s\u0000-\u0020\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** One record by RFC 4180, with its CRLF. A text that a spreadsheet would run as a formula gets a leading apostrophe. */
export const csvRecord = (values: readonly CsvValue[]): string => `${values.map(cell).join(",")}\r\n`;

function cell(value: CsvValue): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
