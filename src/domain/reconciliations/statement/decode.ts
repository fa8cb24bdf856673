import { type CsvProblem, type CsvRecord, parseCsv } from "../../../lib/csv.ts";
import { readWorkbook, WorkbookError } from "../../../lib/xlsx.ts";
import { isHeader, plain } from "./columns.ts";
import { serialDayZero } from "./times.ts";
import { unreadableFile } from "./wrong-file.ts";

/** The lines of a file, as cells. */
export interface Lines {
  readonly records: readonly CsvRecord[];
  readonly problems: readonly CsvProblem[];
  /** Day 0 of the file's numeric dates, in ms; null for a text file, which has none. */
  readonly serialDays: number | null;
  /** Whether amounts may have a comma before their cents. */
  readonly hasDecimalComma: boolean;
}

const SEPARATORS = [",", ";", "\t", "|"] as const;

/**
 * The lines of an uploaded file: CSV in UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or bars, or XLSX. The
 * bytes decide, not the content type. Errors: `validation_failed`, naming what the file is if it is something else.
 */
export function readLines(bytes: Uint8Array): Lines {
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return readSpreadsheet(bytes);
  const foreign = foreignFormat(bytes);
  if (foreign !== null) throw unreadableFile(`${foreign}; export the statement as CSV or XLSX`);
  const text = decodeText(bytes).replace(/^\ufeff/, "").replace(/^"?sep=.?"?\r?\n/i, "");
  if (/^\s*<(!doctype|html|table|\?xml)/i.test(text)) {
    throw unreadableFile("the file is a web page or XML, whatever its name says; export the statement as CSV or XLSX");
  }
  if (text.includes("\0")) throw unreadableFile("the file is not text; export the statement as CSV or XLSX");
  const separator = separatorOf(text);
  const csv = parseCsv(text, separator);
  if (csv.hasUnclosedQuote) {
    const { line = 1, detail = "" } = csv.problems.at(-1) ?? {};
    throw unreadableFile(`line ${line} ${detail}`, `/rows/${line}`);
  }
  return { ...csv, serialDays: null, hasDecimalComma: separator === ";" };
}

function readSpreadsheet(bytes: Uint8Array): Lines {
  try {
    const { sheets, from1904 } = readWorkbook(bytes, (records) => records.some(isHeader));
    const records = sheets.find((sheet) => sheet.some(isHeader)) ?? sheets[0] ?? [];
    return { records, problems: [], serialDays: serialDayZero(from1904), hasDecimalComma: false };
  } catch (error) {
    if (!(error instanceof WorkbookError)) throw error;
    throw unreadableFile(`${error.message}; export the statement as CSV, or save it as XLSX again`);
  }
}

function foreignFormat(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "the file is empty";
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])) {
    return "the file is XLS (Excel before 2007), or XLSX with a password";
  }
  if (startsWith(bytes, [0x25, 0x50, 0x44, 0x46])) return "the file is a PDF";
  if (startsWith(bytes, [0x50, 0x4b])) return "the file is an empty or divided ZIP archive";
  if (startsWith(bytes, [0x1f, 0x8b])) return "the file is compressed (gzip)";
  return null;
}

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, i) => bytes[i] === byte);

function decodeText(bytes: Uint8Array): string {
  const sixteen = utf16Of(bytes);
  if (sixteen !== null) return new TextDecoder(sixteen).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** UTF-16 by its byte-order mark, or by the zero bytes of the Latin letters at the beginning. */
function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (startsWith(bytes, [0xff, 0xfe])) return "utf-16le";
  if (startsWith(bytes, [0xfe, 0xff])) return "utf-16be";
  const start = bytes.subarray(0, 64);
  const zeros = (odd: number) => start.filter((byte, i) => byte === 0 && i % 2 === odd).length;
  const [even, odd] = [zeros(0), zeros(1)];
  if (odd * 4 > start.length && even === 0) return "utf-16le";
  return even * 4 > start.length && odd === 0 ? "utf-16be" : null;
}

/** What parts the cells of the header. */
function separatorOf(text: string): string {
  for (const line of text.split(/\r?\n/, 200)) {
    if (!plain(line).includes("receiptn")) continue;
    const best = SEPARATORS.toSorted((a, b) => line.split(b).length - line.split(a).length)[0];
    return best ?? ",";
  }
  return ",";
}
