import type { FieldError } from "../../problems/problem.ts";
import { type Cells, tableOf } from "./statement/columns.ts";
import { readLines } from "./statement/decode.ts";
import { type NamedNumber, namedNumbers } from "./statement/named-numbers.ts";
import { isFinding, type LeftOutReason } from "./left-out-fields.ts";
import { accountOf, readRow, type RowText } from "./statement/rows.ts";
import { type DateOrder, isFuture, orderOf, type ReadTime, readTime } from "./statement/times.ts";
import type { ReversalRow } from "../refunds/reversals.ts";
import { wrongFile } from "./statement/wrong-file.ts";
import type { Window } from "./window.ts";

/** A payment by a customer in a statement. */
export interface StatementRow {
  readonly receipt: string;
  /** Cents. */
  readonly amount: number;
  readonly paidAt: number;
  readonly accountReference: string | null;
}

/** A row that does not count as a payment, and why. */
export interface LeftOut {
  /** The line of the file, from 1. */
  readonly row: number;
  readonly receipt: string | null;
  readonly reason: LeftOutReason;
  /** Cents that it says were paid in; null where that can't be read. */
  readonly amount: number | null;
}

/** A parsed statement: the payments by customers, the rows that are none, and the time that it covers. */
export interface Statement {
  readonly rows: readonly StatementRow[];
  readonly leftOut: readonly LeftOut[];
  /** Payments that M-Pesa reversed; their rows are among those left out. */
  readonly reversals: readonly ReversalRow[];
  readonly window: Window;
  /** What a person should know about how the file was read. */
  readonly notes: readonly string[];
}

/** A statement of which the shortcode is still to be decided. */
export interface StatementFile {
  /** The numbers that it says it is about. */
  readonly named: readonly NamedNumber[];
  /** Reads its rows. `own`: the numbers of the shortcode, of which transfers between its own accounts are known. */
  read(own: readonly string[], now: number): Statement;
}

/**
 * Opens an M-Pesa organisation statement (CSV or XLSX, as the portal exports it): some lines about the account, a header,
 * then one line for each transaction. A row that can't be read is left out, with its reason, and does not stop the
 * others. Errors: `validation_failed`, if it is no statement or nothing of it can be read, with an entry
 * `/rows/{line}/{column}` for each cell that is wrong.
 */
export function openStatement(bytes: Uint8Array): StatementFile {
  const lines = readLines(bytes);
  const table = tableOf(lines.records);
  const brokenLines = new Set(lines.problems.filter(({ isHarmless }) => !isHarmless).map(({ line }) => line));
  return {
    named: namedNumbers(table),
    read(own, now) {
      const rows = table.rows.map(({ line, cell }): FileRow => ({
        line,
        cell,
        time: readTime(cell("completion_time"), lines.serialDays),
        text: brokenLines.has(line)
          ? { receipt: null, amount: null, leftOut: "cells_unreadable", reversal: null }
          : readRow(cell, lines.hasDecimalComma, own),
      }));
      return statementOf(rows, now);
    },
  };
}

interface FileRow {
  readonly line: number;
  readonly cell: Cells;
  readonly time: ReadTime;
  readonly text: RowText;
}

function statementOf(rows: readonly FileRow[], now: number): Statement {
  const dated = rows.filter(({ text }) => text.leftOut !== "no_transaction");
  const order = dateOrder(dated, now);
  const amounts = amountsByReceipt(rows);
  const payments = new Map<string, StatementRow>();
  const leftOut: LeftOut[] = [];
  const times: number[] = [];
  const reversals: ReversalRow[] = [];
  for (const row of rows) {
    const paidAt = row.time[order];
    const isUsable = paidAt !== null && !isFuture(paidAt, now);
    if (isUsable && row.text.leftOut !== "no_transaction") times.push(paidAt);
    const reason = row.text.leftOut ??
      (paidAt === null ? "time_unreadable" : isUsable ? twoAmounts(amounts, row.text) : "time_in_future");
    const { receipt, amount, reversal } = row.text;
    if (reversal !== null && receipt !== null && isUsable) reversals.push({ receipt, ...reversal, at: paidAt });
    if (reason === null && receipt !== null && amount !== null && paidAt !== null) {
      payments.set(receipt, { receipt, amount, paidAt, accountReference: accountOf(row.cell) });
    } else if (reason !== null) leftOut.push({ row: row.line, receipt, reason, amount });
  }
  refuseIfNothingWasRead(leftOut, payments.size, times.length);
  return {
    rows: [...payments.values()],
    leftOut,
    reversals,
    window: { from: times.reduce((a, b) => Math.min(a, b)), to: times.reduce((a, b) => Math.max(a, b)) },
    notes: order === "dayFirst" ? [] : [monthFirstNote(dated)],
  };
}

/** Errors: `validation_failed`, if some dates need the day first and others the month. */
function dateOrder(rows: readonly FileRow[], now: number): DateOrder {
  const { order, contradiction } = orderOf(rows.map(({ time }) => time), now);
  if (contradiction === null) return order;
  const [monthFirst, dayFirst] = contradiction.map((i) => rows[i]);
  throw wrongFile([
    {
      pointer: `/rows/${monthFirst?.line}/completion_time`,
      detail:
        `is a time only if the month comes first, and in line ${dayFirst?.line} only if the day does; export it again`,
    },
    { pointer: `/rows/${dayFirst?.line}/completion_time`, detail: "is a time only if the day comes first" },
  ]);
}

function monthFirstNote(rows: readonly FileRow[]): string {
  const example = rows.find(({ time }) => time.monthFirst !== null)?.cell("completion_time") ?? "";
  return `The times were read with the month first (such as ${example}), because with the day first some do not exist or are in the future.`;
}

/** The amounts of the rows that count, by receipt. */
function amountsByReceipt(rows: readonly FileRow[]): ReadonlyMap<string, ReadonlySet<number | null>> {
  const amounts = new Map<string, Set<number | null>>();
  for (const { text: { receipt, amount, leftOut } } of rows) {
    if (receipt === null || (leftOut !== null && leftOut !== "amount_unreadable")) continue;
    const known = amounts.get(receipt) ?? new Set();
    amounts.set(receipt, known.add(amount));
  }
  return amounts;
}

const twoAmounts = (
  amounts: ReadonlyMap<string, ReadonlySet<number | null>>,
  { receipt }: RowText,
): "two_amounts" | null => (amounts.get(receipt ?? "")?.size ?? 0) > 1 ? "two_amounts" : null;

const columnOf: Readonly<Partial<Record<LeftOutReason, readonly [column: string, detail: string]>>> = {
  time_unreadable: [
    "/completion_time",
    "must be a time such as 22-11-2026 12:13:25 or 2026-11-22 12:13:25",
  ],
  time_in_future: ["/completion_time", "is in the future, also with the month first"],
  amount_unreadable: ["/paid_in", "must be an amount in shillings such as 1,500.00"],
  receipt_unreadable: ["/receipt_no", "must be an M-Pesa receipt"],
  status_unreadable: ["/transaction_status", "must be a status such as Completed"],
  cells_unreadable: ["", "has a quote that is closed in the middle of a cell"],
};

/** One row must not stop a file, but a file of which nothing could be read is not a statement. */
function refuseIfNothingWasRead(leftOut: readonly LeftOut[], payments: number, times: number): void {
  const wrong = leftOut.filter(({ reason }) => isFinding(reason));
  const isReadable = payments > 0 || leftOut.some(({ reason }) => !isFinding(reason) && reason !== "no_transaction") ||
    wrong.some(({ reason }) => reason === "two_amounts");
  if (isReadable && times > 0) return;
  const errors = wrong.flatMap(({ row, reason }): FieldError[] => {
    const [column, detail] = columnOf[reason] ?? ["", "can't be read"];
    return [{ pointer: `/rows/${row}${column}`, detail }];
  });
  if (errors.length > 0) throw wrongFile(errors);
  const detail = times > 0 ? "there is no transaction" : "there is no time that can be read";
  throw wrongFile([{ pointer: `/rows/${leftOut[0]?.row ?? 1}`, detail }]);
}
