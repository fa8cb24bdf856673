/** A record: its cells, and the line of the file where it begins (the first line is 1). */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Where the text breaks the rules. `cell` counts from 0. */
export interface CsvProblem {
  readonly line: number;
  readonly cell: number;
  readonly detail: string;
  /** The cell was read as it stands all the same: a quote in the middle of its text. */
  readonly isHarmless: boolean;
}

export interface Csv {
  readonly records: readonly CsvRecord[];
  readonly problems: readonly CsvProblem[];
  /** A quote is never closed, so the end of its cell is not known. */
  readonly hasUnclosedQuote: boolean;
}

const UNQUOTED_QUOTE = 'has a quote inside an unquoted cell; quote the whole cell and double the quotes in it ("")';
const AFTER_QUOTE = "has text after its closing quote; double the quotes that belong to the cell";
const UNCLOSED = "opens a quote that is never closed";

/**
 * Reads values separated by commas, or by another character, strictly by RFC 4180: a quote is allowed only at the beginning and the end of a cell, or
 * doubled inside a quoted cell. Lines end with CRLF or LF. A byte-order mark and empty lines at the end are ignored. Never
 * throws.
 */
export function parseCsv(text: string, separator = ","): Csv {
  return new Reader(text.startsWith("\ufeff") ? text.slice(1) : text, separator).read();
}

class Reader {
  readonly #records: CsvRecord[] = [];
  readonly #problems: CsvProblem[] = [];
  #at = 0;
  #line = 1;
  #hasUnclosedQuote = false;
  constructor(readonly text: string, readonly separator: string) {}

  read(): Csv {
    while (this.#at < this.text.length) this.#record();
    while (this.#records.length > 0 && isBlank(this.#records.at(-1))) this.#records.pop();
    return { records: this.#records, problems: this.#problems, hasUnclosedQuote: this.#hasUnclosedQuote };
  }

  #record(): void {
    const line = this.#line;
    const cells: string[] = [];
    do cells.push(this.#cell(cells.length)); while (this.#skip(this.separator));
    this.#records.push({ line, cells });
    if (this.#skip("\r\n") || this.#skip("\n")) this.#line++;
  }

  /** Reads one cell, and stops before its end: a separator, a line end or the end of the text. */
  #cell(cell: number): string {
    if (this.text[this.#at] === '"') return this.#quoted(cell);
    const value = this.#unquoted();
    if (value.includes('"')) this.#problem(this.#line, cell, UNQUOTED_QUOTE, true);
    return value;
  }

  #unquoted(): string {
    const start = this.#at;
    while (this.#at < this.text.length && !this.#endsHere()) this.#at++;
    return this.text.slice(start, this.#at);
  }

  #endsHere(): boolean {
    const char = this.text[this.#at];
    return char === this.separator || char === "\n" || (char === "\r" && this.text[this.#at + 1] === "\n");
  }

  #quoted(cell: number): string {
    const opened = this.#line;
    let value = "";
    this.#at++;
    for (;;) {
      const end = this.text.indexOf('"', this.#at);
      const part = this.text.slice(this.#at, end === -1 ? undefined : end);
      for (const char of part) if (char === "\n") this.#line++;
      value += part;
      this.#at = end === -1 ? this.text.length : end + 1;
      if (end === -1) {
        this.#problem(opened, cell, UNCLOSED);
        this.#hasUnclosedQuote = true;
        return value;
      }
      if (!this.#skip('"')) break;
      value += '"';
    }
    if (this.#unquoted() !== "") this.#problem(this.#line, cell, AFTER_QUOTE);
    return value;
  }

  #skip(expected: string): boolean {
    if (!this.text.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  #problem(line: number, cell: number, detail: string, isHarmless = false): void {
    this.#problems.push({ line, cell, detail, isHarmless });
  }
}

const isBlank = (record: CsvRecord | undefined): boolean => record?.cells.length === 1 && record.cells[0] === "";

/** What a spreadsheet would run as a formula, also behind spaces. */
const FORMULA = /^\s*[=+\-@]/;

/**
 * One cell of a CSV file that we write (RFC 4180). A text that begins like a formula gets a leading apostrophe, so that a
 * spreadsheet shows it and does not run it (design.md section 10).
 */
export function csvCell(value: string | number | null): string {
  const text = value === null ? "" : typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return quoted(text);
}

const quoted = (text: string): string => /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** A file that a person sent, written again with their corrections. Its cells stay as they are. */
export const csvOf = (records: readonly (readonly string[])[]): string =>
  records.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
