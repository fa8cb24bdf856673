import type { z } from "zod";
import { type FieldError, Problem } from "../../problems/problem.ts";
import { type Column, COLUMNS, MAX_ROWS, MORE_COLUMNS } from "./batch-contract.ts";
import { type PayoutRequest, payoutRequest } from "./order.ts";
import { type CsvProblem, type CsvRecord, parseCsv } from "../../lib/csv.ts";

/** One row of a batch: a valid request, or what is wrong with it. `at` gives the JSON Pointer of a field. */
export interface Row {
  readonly request: PayoutRequest | null;
  readonly problems: readonly FieldError[];
  /** JSON Pointer of the row. */
  readonly pointer: string;
  at(field: string): string;
}

const TEXT_COLUMNS: readonly Column[] = ["reference", "purpose", "remarks", "payee_name"];
const ALL_COLUMNS: readonly Column[] = [...COLUMNS, ...MORE_COLUMNS];
const FORMULA = /^\s*[=+\-@]/;
const SHILLINGS = /^[0-9]{1,9}$/;
const SLICE = 250;

/** The rows of a request. After a quote that is never closed, the rest of a CSV file can't be trusted. */
export interface ParsedRows {
  readonly rows: readonly Row[];
  readonly hasUnclosedQuote: boolean;
}

/** Reads a CSV file. Errors: `validation_failed` where the file as a whole is wrong: its header, its length. */
export async function parseCsvRows(text: string): Promise<ParsedRows> {
  const { records, problems, hasUnclosedQuote } = parseCsv(text);
  const [header, ...rest] = records;
  if (header === undefined) throw invalidFile([{ pointer: "/rows/1", detail: "must be the header" }]);
  const columns = columnsOf(header, problems);
  if (rest.length === 0) throw invalidFile([{ pointer: "/rows/2", detail: "must be a payout; the file has none" }]);
  const surplus = rest[MAX_ROWS];
  if (surplus !== undefined) {
    const detail = `is one too many: at most ${MAX_ROWS} rows, and the file has ${rest.length}; split it`;
    throw invalidFile([{ pointer: `/rows/${surplus.line}`, detail }]);
  }
  const broken = Map.groupBy(problems, ({ line }) => line);
  const rows = await mapInSlices(rest, (record) => {
    const own = linesOf(record).flatMap((line) => broken.get(line) ?? []);
    return rowOfRecord(
      record,
      columns,
      own.map(({ line, cell, detail }) => ({ pointer: cellAt(line, columns[cell]), detail })),
    );
  });
  return { rows, hasUnclosedQuote };
}

/** Reads a JSON list. */
export const parseJsonRows = async (payouts: readonly unknown[]): Promise<ParsedRows> => ({
  rows: await mapInSlices(payouts, (item, index) => {
    const at = (field: string) => `/payouts/${index}/${field}`;
    return parseRow(item, `/payouts/${index}`, at, (path) => ["/payouts", index, ...path].join("/"));
  }),
  hasUnclosedQuote: false,
});

/** Maps a long list in slices, with a pause after each in which other requests are served. */
async function mapInSlices<T, R>(list: readonly T[], each: (item: T, index: number) => R): Promise<R[]> {
  const done: R[] = [];
  for (const [index, item] of list.entries()) {
    if (index > 0 && index % SLICE === 0) await new Promise<void>((resolve) => setTimeout(resolve));
    done.push(each(item, index));
  }
  return done;
}

function invalidFile(errors: readonly FieldError[]): Problem {
  const detail = errors.map((error) => `${error.pointer} ${error.detail}`).join("; ");
  return new Problem("validation_failed", `${detail}. Nothing was created.`, { errors });
}

const cellAt = (line: number, column: string | undefined): string =>
  column === undefined ? `/rows/${line}` : `/rows/${line}/${column}`;

const linesOf = ({ line, cells }: CsvRecord): number[] => {
  const breaks = cells.reduce((count, cell) => count + (cell.split("\n").length - 1), 0);
  return Array.from({ length: breaks + 1 }, (_, i) => line + i);
};

function columnsOf({ line, cells }: CsvRecord, problems: readonly CsvProblem[]): readonly Column[] {
  const names = cells.map((cell) => cell.trim());
  const errors: FieldError[] = problems.filter((problem) => problem.line === line)
    .map(({ detail }) => ({ pointer: `/rows/${line}`, detail }));
  for (const column of ALL_COLUMNS) {
    const times = names.filter((name) => name === column).length;
    if (times === 0 && COLUMNS.some((required) => required === column)) {
      errors.push({ pointer: `/rows/1/${column}`, detail: "is missing from the header" });
    }
    if (times > 1) errors.push({ pointer: `/rows/1/${column}`, detail: "stands in the header twice" });
  }
  for (const name of names) {
    if (ALL_COLUMNS.some((column) => column === name)) continue;
    const pointer = `/rows/1/${name.slice(0, 40).replaceAll("~", "~0").replaceAll("/", "~1")}`;
    errors.push({ pointer, detail: `is not a column; the header is ${COLUMNS.join(",")}, and payee_name if you like` });
  }
  if (errors.length > 0) throw invalidFile(errors);
  return names as Column[]; // each is one of the columns, as just checked
}

function rowOfRecord({ line, cells }: CsvRecord, columns: readonly Column[], broken: readonly FieldError[]): Row {
  const pointer = `/rows/${line}`;
  const at = (field: string) => `${pointer}/${field === "amount" ? "amount_kes" : field}`;
  if (broken.length > 0) return { request: null, problems: broken, pointer, at };
  if (cells.length !== columns.length) {
    const detail = `must have ${columns.length} cells, as the header has; it has ${cells.length}`;
    return { request: null, problems: [{ pointer, detail }], pointer, at };
  }
  const cell = new Map(columns.map((column, i) => [column, cells[i] ?? ""]));
  const problems = TEXT_COLUMNS.filter((column) => FORMULA.test(cell.get(column) ?? "")).map((column) => ({
    pointer: at(column),
    detail: "must not begin with = + - or @, which a spreadsheet would run as a formula",
  }));
  const amount = (cell.get("amount_kes") ?? "").trim();
  if (!SHILLINGS.test(amount)) {
    problems.push({ pointer: at("amount_kes"), detail: "must be whole shillings in digits only, for example 1500" });
  }
  const remarks = (cell.get("remarks") ?? "").trim();
  const name = (cell.get("payee_name") ?? "").trim();
  const row = parseRow(
    {
      amount: SHILLINGS.test(amount) ? Number(amount) * 100 : 100,
      currency: "KES",
      phone_number: (cell.get("phone_number") ?? "").trim(),
      reference: cell.get("reference"),
      purpose: (cell.get("purpose") ?? "").trim(),
      ...(remarks === "" ? {} : { remarks }),
      ...(name === "" ? {} : { payee: { given_name: name } }),
    },
    pointer,
    at,
    ([field]) => at(field === "payee" ? "payee_name" : String(field)),
  );
  const named = new Set(problems.map(({ pointer }) => pointer));
  const all = [...problems, ...row.problems.filter(({ pointer }) => !named.has(pointer))];
  return all.length === 0 ? row : { request: null, problems: all, pointer, at };
}

function parseRow(
  item: unknown,
  pointer: string,
  at: Row["at"],
  pointerOf: (path: readonly PropertyKey[]) => string,
): Row {
  const parsed = payoutRequest.safeParse(item);
  if (parsed.success) return { request: parsed.data, problems: [], pointer, at };
  return { request: null, problems: parsed.error.issues.flatMap((issue) => errorsOf(issue, pointerOf)), pointer, at };
}

function errorsOf(issue: z.core.$ZodIssue, pointerOf: (path: readonly PropertyKey[]) => string): FieldError[] {
  if (issue.code !== "unrecognized_keys") return [{ pointer: pointerOf(issue.path), detail: issue.message }];
  return issue.keys.map((key) => ({
    pointer: pointerOf([...issue.path, key.replaceAll("~", "~0").replaceAll("/", "~1")]),
    detail: "is not a field of a payout; remove it",
  }));
}
