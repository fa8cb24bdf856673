import { Unzip, UnzipInflate } from "fflate/browser";
import type { CsvRecord } from "./csv.ts";

/** A workbook that can't be read. The message says why. */
export class WorkbookError extends Error {
  override readonly name = "WorkbookError";
}

/** The sheets of a workbook, as lines of cells in text. */
export interface Workbook {
  readonly sheets: readonly (readonly CsvRecord[])[];
  /** Whether numeric dates count from 1904 instead of 1900. */
  readonly from1904: boolean;
}

/** The largest unpacked size of all parts that are read, in bytes: a small file must not fill the memory. */
const MAX_UNPACKED_BYTES = 24 * 1024 * 1024;
const MAX_PARTS = 1_000;
/** Packed bytes that are unpacked at once. Deflate makes at most 1,032 bytes of one. */
const PIECE_BYTES = 4_096;
const MAX_COLUMNS = 256;
const MAX_SHEETS = 20;
/** 20,000 rows of 13 cells have about 1.1 million. */
const MAX_TAGS = 3_000_000;

/**
 * Reads an XLSX file (ECMA-376): the text and the numbers of its cells, without formats and formulas. Sheets are read in
 * their order until `isWanted` is true for one. Unpacking stops at 24 MiB. Errors: {@link WorkbookError}.
 */
export function readWorkbook(bytes: Uint8Array, isWanted: (sheet: readonly CsvRecord[]) => boolean): Workbook {
  const parts = unpack(
    bytes,
    (name) => /^xl\/(workbook\.xml|sharedStrings\.xml|_rels\/workbook\.xml\.rels)$/i.test(name) || isSheet(name),
  );
  const workbook = parts.get("xl/workbook.xml");
  if (workbook === undefined) throw new WorkbookError("the file is a ZIP archive, and not an XLSX workbook");
  const strings = sharedStrings(parts.get("xl/sharedstrings.xml") ?? "");
  const sheets: (readonly CsvRecord[])[] = [];
  for (const name of sheetOrder(workbook, parts).slice(0, MAX_SHEETS)) {
    const sheet = readSheet(parts.get(name) ?? "", strings);
    sheets.push(sheet);
    if (isWanted(sheet)) break;
  }
  return { sheets, from1904: /<(?:\w+:)?workbookPr\b[^>]*\bdate1904="(?:1|true)"/.test(workbook) };
}

const isSheet = (name: string): boolean => /^xl\/worksheets\/[^/]+\.xml$/i.test(name);

/** The wanted parts of a ZIP archive as text, by name in small letters. */
function unpack(bytes: Uint8Array, isWanted: (name: string) => boolean): Map<string, string> {
  const parts = new Map<string, string>();
  let [unpacked, count] = [0, 0];
  const unzip = new Unzip((file) => {
    if (++count > MAX_PARTS) throw new WorkbookError("the file has too many parts");
    if (!isWanted(file.name)) return;
    const name = file.name.toLowerCase();
    const decoder = new TextDecoder();
    let text = "";
    file.ondata = (error, data, isLast) => {
      if (error !== null) throw error instanceof WorkbookError ? error : new WorkbookError("the file is damaged");
      unpacked += data.length;
      if (unpacked > MAX_UNPACKED_BYTES) throw new WorkbookError("the file is larger than 24 MiB when it is unpacked");
      text += decoder.decode(data, { stream: !isLast });
      if (isLast) parts.set(name, text);
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      unzip.push(bytes.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= bytes.length);
    }
  } catch (error) {
    if (error instanceof WorkbookError) throw error;
    throw new WorkbookError("the file is damaged, or packed in a way that can't be read");
  }
  return parts;
}

/** The names of the sheets' parts in the order of the workbook; without its relations, in the order of their names. */
function sheetOrder(workbook: string, parts: ReadonlyMap<string, string>): string[] {
  const targets = new Map<string, string>();
  for (const { tag, attributes } of elements(parts.get("xl/_rels/workbook.xml.rels") ?? "")) {
    if (tag !== "Relationship") continue;
    const target = (attributes.get("Target") ?? "").replace(/^\//, "").toLowerCase();
    targets.set(attributes.get("Id") ?? "", target.startsWith("xl/") ? target : `xl/${target}`);
  }
  const named: string[] = [];
  for (const { tag, attributes } of elements(workbook)) {
    const target = tag === "sheet" ? targets.get(attributes.get("r:id") ?? "") : undefined;
    if (target !== undefined && parts.has(target)) named.push(target);
  }
  return named.length > 0 ? named : [...parts.keys()].filter(isSheet).toSorted();
}

function sharedStrings(xml: string): string[] {
  const strings: string[] = [];
  let [text, isText, phonetic] = ["", false, false];
  for (const { tag, kind, content } of elements(xml)) {
    if (tag === "si" && kind === "open") text = "";
    if (tag === "si" && kind !== "open") strings.push(kind === "empty" ? "" : text);
    if (tag === "rPh") phonetic = kind === "open";
    if (tag === "t") isText = kind === "open";
    if (isText && !phonetic) text += content;
  }
  return strings;
}

function readSheet(xml: string, strings: readonly string[]): CsvRecord[] {
  const records: CsvRecord[] = [];
  let cells: string[] = [];
  let [line, column, type, value, isValue] = [0, 0, "n", "", false];
  for (const { tag, kind, attributes, content } of elements(xml)) {
    if (tag === "row" && kind !== "close") {
      line = Number(attributes.get("r") ?? line + 1);
      if (!Number.isSafeInteger(line) || line < 1) throw new WorkbookError("the file has a row without a number");
      [cells, column] = [[], 0];
    }
    if (tag === "row" && kind !== "open") records.push({ line, cells });
    if (tag === "c" && kind !== "close") {
      column = columnOf(attributes.get("r")) ?? column + 1;
      if (column > MAX_COLUMNS) throw new WorkbookError(`the file has more than ${MAX_COLUMNS} columns`);
      [type, value] = [attributes.get("t") ?? "n", ""];
    }
    if (tag === "v" || tag === "t") isValue = kind === "open";
    if (isValue) value += content;
    if (tag === "c" && kind === "close") {
      while (cells.length < column - 1) cells.push("");
      cells[column - 1] = cellText(type, value, strings);
    }
  }
  return records;
}

function cellText(type: string, value: string, strings: readonly string[]): string {
  if (type === "s") return strings[Number(value)] ?? "";
  if (type === "e") return "";
  if (type !== "n" || value === "") return value;
  const number = Number(value);
  return Number.isFinite(number) ? plainNumber(number) : value;
}

/** Spreadsheets keep 15 digits; what is behind them is an error of rounding. */
const plainNumber = (number: number): string => String(Number(Number(number.toPrecision(15)).toFixed(10)));

/** The column in `AB12`, counted from 1. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^([A-Z]{1,3})\d+$/.exec(reference ?? "")?.[1];
  return letters === undefined ? null : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

interface Element {
  readonly kind: "open" | "close" | "empty";
  /** Without its namespace. */
  readonly tag: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The text that follows the tag. */
  readonly content: string;
}

const TAG = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>([^<]*)/g;
const ATTRIBUTE = /([\w.:-]{1,64})\s{0,4}=\s{0,4}(?:"([^"<]{0,2000})"|'([^'<]{0,2000})')/g;

/** The tags of an XML text in their order. Workbooks have no document type, and what is none of these is skipped. */
function* elements(xml: string): Generator<Element> {
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw new WorkbookError("the file declares a document type");
  let count = 0;
  for (const [, close, tag = "", attributes = "", empty, content = ""] of xml.matchAll(TAG)) {
    if (++count > MAX_TAGS) throw new WorkbookError("the file has too many cells");
    yield {
      kind: close === "/" ? "close" : empty === "/" ? "empty" : "open",
      tag,
      attributes: attributesOf(attributes),
      content: unescape(content),
    };
  }
}

const NONE: ReadonlyMap<string, string> = new Map();

function attributesOf(text: string): ReadonlyMap<string, string> {
  if (text === "") return NONE;
  return new Map([...text.matchAll(ATTRIBUTE)].map(([, name = "", double, single]) => [
    name,
    unescape(double ?? single ?? ""),
  ]));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const unescape = (text: string): string =>
  !text.includes("&")
    ? text
    : text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex, decimal, name) => {
      if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
      const point = hex !== undefined ? parseInt(String(hex), 16) : Number(decimal);
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : "";
    });
