import { csvOf, parseCsv } from "../../lib/csv.ts";
import type { FieldError } from "../../problems/problem.ts";

/** Something wrong in a file, as the page shows it. */
export interface Mistake {
  readonly line: number;
  /** Null: the whole line. */
  readonly column: string | null;
  readonly detail: string;
  /** What stands there. */
  readonly value: string;
  /** The name of the field that corrects it; null where no single cell is wrong. */
  readonly field: string | null;
}

const PREFIX = "fix/";

/** The mistakes of a file with the values that they are about, by line. */
export function mistakesIn(csv: string, problems: readonly FieldError[]): readonly Mistake[] {
  const { records } = parseCsv(csv);
  const header = records[0]?.cells.map((cell) => cell.trim()) ?? [];
  const byLine = new Map(records.map(({ line, cells }) => [line, cells]));
  return problems.map(({ pointer, detail }) => {
    const [, , lineText = "1", column = null] = pointer.split("/");
    const line = Number(lineText);
    const cells = byLine.get(line) ?? [];
    const at = column === null ? -1 : header.indexOf(column);
    const isCell = at >= 0 && line > 1 && cells.length === header.length;
    return {
      line,
      column,
      detail,
      value: isCell ? cells[at] ?? "" : cells.join(","),
      field: isCell && column !== null ? `${PREFIX}${line}/${column}` : null,
    };
  });
}

/** The file with the cells that a form has corrected. */
export function corrected(csv: string, form: FormData): string {
  const fixes = [...form].flatMap(([name, value]) => {
    const [, line, column] = /^fix\/(\d{1,6})\/(\w{1,40})$/.exec(name) ?? [];
    return line === undefined || column === undefined || typeof value !== "string" ? [] : [{ line, column, value }];
  });
  if (fixes.length === 0) return csv;
  const { records } = parseCsv(csv);
  const header = records[0]?.cells.map((cell) => cell.trim()) ?? [];
  const byLine = Map.groupBy(fixes, ({ line }) => Number(line));
  return csvOf(records.map(({ line, cells }) => {
    const own = byLine.get(line) ?? [];
    return cells.map((cell, i) => own.find(({ column }) => column === header[i])?.value ?? cell);
  }));
}
