import type { CsvRecord } from "../../../lib/csv.ts";
import { wrongFile } from "./wrong-file.ts";

const MAX_ROWS = 20_000;

/** The columns that we read: our names, by the letters and digits of the header. */
const columnsByName = {
  receiptno: "receipt_no",
  receiptnumber: "receipt_no",
  completiontime: "completion_time",
  transactionstatus: "transaction_status",
  paidin: "paid_in",
  withdrawn: "withdrawn",
  linkedtransactionid: "linked_transaction_id",
  details: "details",
  reasontype: "reason_type",
  otherpartyinfo: "other_party",
  acno: "ac_no",
  accountno: "ac_no",
  shortcode: "shortcode",
} as const;
export type Column = typeof columnsByName[keyof typeof columnsByName];
const REQUIRED_COLUMNS: readonly Column[] = ["receipt_no", "completion_time", "transaction_status", "paid_in"];

/** The cell of a row, without spaces around it; empty where the column or the cell is not there. */
export type Cells = (column: Column) => string;

/** A statement as a table: what stands before the header, and the rows after it. */
export interface Table {
  readonly preamble: readonly CsvRecord[];
  readonly rows: readonly { readonly line: number; readonly cell: Cells }[];
}

/** Finds the header of a statement. Errors: `validation_failed`, if it or one of its columns is missing, or the rows are too many. */
export function tableOf(records: readonly CsvRecord[]): Table {
  const at = records.findIndex(isHeader);
  const header = records[at];
  if (header === undefined) {
    throw wrongFile([{
      pointer: "/rows/1",
      detail:
        "there is no line with the columns Receipt No. and Completion Time; export the statement from the M-Pesa portal as CSV or XLSX",
    }]);
  }
  const columns = columnsOf(header);
  const rest = records.slice(at + 1).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  if (rest.length === 0) throw wrongFile([{ pointer: `/rows/${header.line + 1}`, detail: "there is no transaction" }]);
  if (rest.length > MAX_ROWS) {
    const detail = `has ${rest.length} rows, and at most ${MAX_ROWS} can be taken; export a shorter time`;
    throw wrongFile([{ pointer: `/rows/${rest[MAX_ROWS]?.line}`, detail }]);
  }
  return {
    preamble: records.slice(0, at),
    rows: rest.map(({ line, cells }) => ({
      line,
      cell: (column) => cells[columns.get(column) ?? -1]?.trim() ?? "",
    })),
  };
}

/** Whether the line is a statement's header. */
export function isHeader({ cells }: CsvRecord): boolean {
  const names = new Set(cells.map(columnNamed));
  return names.has("receipt_no") && cells.length > 1;
}

function columnsOf(header: CsvRecord): Map<Column, number> {
  const columns = new Map<Column, number>();
  for (const [i, name] of header.cells.entries()) {
    const column = columnNamed(name);
    if (column === undefined) continue; // other columns don't count
    if (columns.has(column)) {
      throw wrongFile([{
        pointer: `/rows/${header.line}/${column}`,
        detail: "is there twice; keep one of the columns",
      }]);
    }
    columns.set(column, i);
  }
  const lacking = REQUIRED_COLUMNS.filter((column) => !columns.has(column));
  if (lacking.length > 0) {
    throw wrongFile(lacking.map((column) => ({ pointer: `/rows/${header.line}/${column}`, detail: "is not there" })));
  }
  return columns;
}

/** The letters and digits of a name, in small letters. */
export const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

const columnNamed = (name: string): Column | undefined =>
  Object.hasOwn(columnsByName, plain(name)) ? (columnsByName as Record<string, Column>)[plain(name)] : undefined;
