/** One record: the line of the file it begins on (the first is 1) and its cells. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** Where the text breaks the rules; `cell` counts from 0. */
export interface CsvProblem {
  readonly line: number;
  readonly cell: number;
  readonly detail: string;
}

export interface Csv {
  readonly records: readonly CsvRecord[];
  readonly problems: readonly CsvProblem[];
  /** A quote is never closed: where its cell should have ended can't be known. */
  readonly torn: boolean;
}

const BARE_QUOTE = 'has a quote inside an unquoted cell; quote the whole cell and double the quotes in it ("")';
const AFTER_QUOTE = "has text after its closing quote; double the quotes that belong to the cell";
const UNCLOSED = "opens a quote that is never closed";

/**
 * Reads comma-separated values by RFC 4180, strictly: a quote stands only where a cell begins and ends, or doubled in a
 * quoted cell. Lines end in CRLF or LF; a byte-order mark and empty lines at the end are left out. Never throws.
 */
export function parseCsv(text: string): Csv {
  return new Reader(text.startsWith("\ufeff") ? text.slice(1) : text).read();
}

class Reader {
  readonly #records: CsvRecord[] = [];
  readonly #problems: CsvProblem[] = [];
  #at = 0;
  #line = 1;
  #torn = false;
  constructor(readonly text: string) {}

  read(): Csv {
    while (this.#at < this.text.length) this.#record();
    while (this.#records.length > 0 && isBlank(this.#records.at(-1))) this.#records.pop();
    return { records: this.#records, problems: this.#problems, torn: this.#torn };
  }

  #record(): void {
    const line = this.#line;
    const cells: string[] = [];
    do cells.push(this.#cell(cells.length)); while (this.#skip(","));
    this.#records.push({ line, cells });
    if (this.#skip("\r\n") || this.#skip("\n")) this.#line++;
  }

  /** Reads one cell and stops before what ends it: a comma, a line's end or the end of the text. */
  #cell(cell: number): string {
    if (this.text[this.#at] === '"') return this.#quoted(cell);
    const bare = this.#bare();
    if (bare.includes('"')) this.#problem(this.#line, cell, BARE_QUOTE);
    return bare;
  }

  #bare(): string {
    const start = this.#at;
    while (this.#at < this.text.length && !this.#endsHere()) this.#at++;
    return this.text.slice(start, this.#at);
  }

  #endsHere(): boolean {
    const char = this.text[this.#at];
    return char === "," || char === "\n" || (char === "\r" && this.text[this.#at + 1] === "\n");
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
        this.#torn = true;
        return value;
      }
      if (!this.#skip('"')) break;
      value += '"';
    }
    if (this.#bare() !== "") this.#problem(this.#line, cell, AFTER_QUOTE);
    return value;
  }

  #skip(what: string): boolean {
    if (!this.text.startsWith(what, this.#at)) return false;
    this.#at += what.length;
    return true;
  }

  #problem(line: number, cell: number, detail: string): void {
    this.#problems.push({ line, cell, detail });
  }
}

const isBlank = (record: CsvRecord | undefined): boolean => record?.cells.length === 1 && record.cells[0] === "";
