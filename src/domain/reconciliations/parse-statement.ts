import { parseDarajaTime } from "../../daraja/time.ts";
import { type Csv, type CsvRecord, parseCsv } from "../../lib/csv.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import type { Window } from "./window.ts";

const MAX_ROWS = 20_000;
const MAX_ERRORS_SHOWN = 100;

/** A payment by a customer in a statement. */
export interface StatementRow {
  readonly receipt: string;
  /** Cents. */
  readonly amount: number;
  readonly paidAt: number;
  readonly accountReference: string | null;
}

/** A parsed statement: the payments by customers, and the time that it covers. */
export interface Statement {
  readonly rows: readonly StatementRow[];
  readonly window: Window;
  /** The number of other rows: charges, transfers, withdrawals and failed payments. */
  readonly skipped: number;
}

/** The columns that we read: our names, by the letters and digits of the header. */
const columnsByName = {
  receiptno: "receipt_no",
  completiontime: "completion_time",
  transactionstatus: "transaction_status",
  paidin: "paid_in",
  details: "details",
  reasontype: "reason_type",
  acno: "ac_no",
} as const;
type Column = typeof columnsByName[keyof typeof columnsByName];
const REQUIRED_COLUMNS: readonly Column[] = ["receipt_no", "completion_time", "transaction_status", "paid_in"];

type Cells = (column: Column) => string;

/**
 * Parses an M-Pesa organisation statement (CSV, as the portal exports it): some lines about the account, a header, then
 * one line for each transaction. Errors: `validation_failed`, with an entry `/rows/{line}/{column}` for every wrong cell.
 */
export function readStatement(text: string): Statement {
  const csv = parseCsv(text);
  const { columns, records } = tableOf(csv);
  const rows = new Map<string, StatementRow>();
  const times: number[] = [];
  const errors: FieldError[] = csv.problems.map(({ line, detail }) => ({ pointer: `/rows/${line}`, detail }));
  for (const { line, cells } of records) {
    const cell: Cells = (column) => cells[columns.get(column) ?? -1]?.trim() ?? "";
    const row = rowOf(cell);
    if ("wrong" in row) errors.push({ pointer: `/rows/${line}/${row.wrong}`, detail: row.detail });
    else {
      times.push(row.paidAt);
      if (row.payment !== null) rows.set(row.payment.receipt, row.payment);
    }
  }
  if (errors.length > 0) throw wrongFile(errors);
  const window = { from: Math.min(...times), to: Math.max(...times) };
  return { rows: [...rows.values()], window, skipped: records.length - rows.size };
}

function tableOf({ records }: Csv): { columns: Map<Column, number>; records: readonly CsvRecord[] } {
  const at = records.findIndex(({ cells }) => plain(cells[0] ?? "") === "receiptno");
  const header = records[at];
  if (header === undefined) {
    throw wrongFile([{
      pointer: "/rows/1",
      detail: "there is no line that begins with Receipt No.; export the statement from the M-Pesa portal as CSV",
    }]);
  }
  const columns = new Map<Column, number>();
  header.cells.forEach((name, i) => {
    const column = (columnsByName as Record<string, Column>)[plain(name)]; // other columns don't count
    if (column !== undefined) columns.set(column, i);
  });
  const lacking = REQUIRED_COLUMNS.filter((column) => !columns.has(column));
  if (lacking.length > 0) {
    throw wrongFile(lacking.map((column) => ({ pointer: `/rows/${header.line}/${column}`, detail: "is not there" })));
  }
  const rest = records.slice(at + 1).filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
  if (rest.length === 0) throw wrongFile([{ pointer: `/rows/${header.line + 1}`, detail: "there is no transaction" }]);
  if (rest.length > MAX_ROWS) {
    const detail = `has ${rest.length} transactions, and at most ${MAX_ROWS} can be taken; export a shorter time`;
    throw wrongFile([{ pointer: `/rows/${rest[MAX_ROWS]?.line}`, detail }]);
  }
  return { columns, records: rest };
}

type RowResult = { readonly paidAt: number; readonly payment: StatementRow | null } | {
  readonly wrong: Column;
  readonly detail: string;
};

function rowOf(cell: Cells): RowResult {
  const paidAt = timeOf(cell("completion_time"));
  if (paidAt === null) {
    return { wrong: "completion_time", detail: "must be a time such as 22-11-2026 12:13:25 or 2026-11-22 12:13:25" };
  }
  const paidIn = cell("paid_in");
  const amount = paidIn === "" ? 0 : centsOf(paidIn);
  if (amount === null) return { wrong: "paid_in", detail: "must be an amount in shillings such as 1,500.00" };
  if (amount <= 0 || !isCustomers(cell)) return { paidAt, payment: null };
  const receipt = cell("receipt_no").toUpperCase();
  if (!/^[A-Z0-9]{6,20}$/.test(receipt)) return { wrong: "receipt_no", detail: "must be an M-Pesa receipt" };
  return { paidAt, payment: { receipt, amount, paidAt, accountReference: accountOf(cell) } };
}

const CUSTOMERS = /pay ?bill|pay merchant|merchant payment|customer payment|buy ?goods|payment from/i;
const OTHERS = /charge|reversal|revers(e|al)|transfer|withdraw|deposit|salary|commission/i;

/** Completed, and of a kind by which customers pay; without a column that says so, everything paid in counts. */
function isCustomers(cell: Cells): boolean {
  if (!/^completed$/i.test(cell("transaction_status"))) return false;
  const kind = cell("reason_type") || cell("details");
  return kind === "" || (CUSTOMERS.test(kind) && !OTHERS.test(kind));
}

function accountOf(cell: Cells): string | null {
  const own = cell("ac_no");
  if (own !== "") return own.slice(0, 64);
  return /\bAcc(?:ount)?\.?(?: No\.?)?[ :.]+(\S.{0,63})$/i.exec(cell("details"))?.[1]?.trim() ?? null;
}

/** Days come first where the year is last. */
function timeOf(text: string): number | null {
  const parts = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})[ T](\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (parts === null) return parseDarajaTime(text);
  const [day, month, year, hour, minute, second = "00"] = parts.slice(1).map((part) => part?.padStart(2, "0"));
  return parseDarajaTime(`${year}-${month}-${day} ${hour}:${minute}:${second}`);
}

function centsOf(text: string): number | null {
  if (!/^(\d{1,9}|\d{1,3}(,\d{3}){1,3})(\.\d{1,2})?$/.test(text)) return null;
  const [shillings = "", cents = ""] = text.replaceAll(",", "").split(".");
  return Number(shillings) * 100 + Number(cents.padEnd(2, "0"));
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

function wrongFile(errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new Problem("validation_failed", `${first?.pointer}: ${first?.detail}${more}. Nothing was imported.`, {
    errors: errors.slice(0, MAX_ERRORS_SHOWN),
  });
}
