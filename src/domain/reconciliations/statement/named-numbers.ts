import type { CsvRecord } from "../../../lib/csv.ts";
import { plain, type Table } from "./columns.ts";

/** A shortcode, till or store number that the file says it is about; `number` is null where it can't be read. */
export interface NamedNumber {
  readonly line: number;
  readonly text: string;
  readonly number: string | null;
}

/** Whose number it is, what number it is, and a word for "number": as letters, each may be followed by the next. */
const OWNERS = ["", "organization", "organisation", "business", "merchant", "headoffice", "ho", "agent", "mpesa"];
const KINDS = ["shortcode", "paybill", "till", "buygoodstill", "store"];
const WORDS_FOR_NUMBER = ["", "no", "number", "code", "id"];
const LABELS: ReadonlySet<string> = new Set(
  OWNERS.flatMap((owner) => KINDS.flatMap((kind) => WORDS_FOR_NUMBER.map((word) => owner + kind + word))),
);

/** A number with a digit that is hidden or mistyped: it says that the file is about one shortcode, and not about which. */
const LIKE_A_NUMBER = /^(?=.*\d)[\dOIl*•xX?. -]{4,12}$/;

/**
 * The numbers that the lines before the header give, as `Short Code:,600000`, `Till Number: 500000` or
 * `Short Code,600000 - Demo Shop`, and those of a column Short Code. A label without a value says nothing.
 */
export function namedNumbers({ preamble, rows }: Table): NamedNumber[] {
  const found = new Map<string, NamedNumber>();
  const add = (line: number, text: string): void => {
    const number = numberIn(text);
    if (number === null && !LIKE_A_NUMBER.test(text)) return; // a name, or nothing
    found.set(number ?? text, { line, text, number });
  };
  for (const record of preamble) for (const text of valuesOf(record)) add(record.line, text);
  for (const { line, cell } of rows) add(line, cell("shortcode"));
  return [...found.values()];
}

function valuesOf({ cells }: CsvRecord): string[] {
  const values: string[] = [];
  const texts = cells.map((cell) => cell.replaceAll(/[\s\u00a0]+/g, " ").trim());
  for (const [i, text] of texts.entries()) {
    const next = texts.slice(i + 1).find((other) => other !== "") ?? "";
    if (/^organi[sz]ation:?$/i.test(text) && /^\d{5,8} ?- /.test(next)) values.push(next);
    const inCell = labelled(text);
    if (inCell === null) continue;
    values.push(inCell !== "" ? inCell : labelled(next) !== null ? "" : next);
  }
  return values;
}

/** What follows the label in a cell: `600000` of `Short Code: 600000`. Null where the cell begins with no label. */
function labelled(text: string): string | null {
  const end = text.search(/[:=\d]| - |-\d/);
  const label = end === -1 ? text : text.slice(0, end);
  if (!LABELS.has(plain(label))) return null;
  return end === -1 ? "" : text.slice(end).replace(/^[ :=-]{1,9}/, "");
}

/** The number in `600000`, `600000 - Demo Shop`, `600000.0` or `="600000"`. */
const numberIn = (text: string): string | null =>
  /^[="']{0,3}(\d{5,8})(?:\.0{1,2})?["']{0,2}(?: ?$| ?[-–(/,:| ])/.exec(text)?.[1] ?? null;
