import type { Context } from "../../context/context.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { requireApprovals } from "./approval-sums.ts";
import { parseCsvRows, parseJsonRows, type Row } from "./batch-rows.ts";
import { type DuplicateGuard, guardDuplicates } from "./duplicates.ts";
import type { PayoutRequest } from "./order.ts";
import {
  amountError,
  exceededLimits,
  limitExceeded,
  type Limits,
  limitsAndRulesOf,
  type Reservation,
  reservationsOf,
} from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { newPhonePayout, payingShortcode } from "./new-payout.ts";

/* What a batch would be, before anything is written. */

/** Payouts that are encrypted at once. */
export const SEALED_AT_ONCE = 250;

export interface CreateBatch {
  readonly accept_valid?: "true" | "false" | undefined;
  /** A boolean in a JSON body, a text in the query. */
  readonly allow_duplicate?: boolean | "true" | "false" | undefined;
  readonly payouts?: readonly unknown[];
  /** The text of a CSV file, in the list's stead. */
  readonly csv?: string;
}

/** A row that becomes a payout. */
interface ValidRow {
  readonly row: Row;
  readonly request: PayoutRequest;
  readonly shortcode: Shortcode;
}

/** The rows of a request, checked one by one. */
export interface CheckedRows {
  readonly rows: readonly Row[];
  readonly validRows: readonly ValidRow[];
  readonly problems: readonly FieldError[];
  /** After a quote that is never closed, no row can be trusted. */
  readonly hasUnclosedQuote: boolean;
  readonly limits: Limits;
  readonly duplicates: Awaited<ReturnType<typeof limitsAndRulesOf>>["rules"]["duplicates"]["payouts"];
}

/** Reads and checks the rows. Errors: `validation_failed` where the file as a whole is wrong. */
export async function checkBatchRows(ctx: Context, input: CreateBatch): Promise<CheckedRows> {
  const { rows, hasUnclosedQuote } = input.csv === undefined
    ? await parseJsonRows(input.payouts ?? [])
    : await parseCsvRows(input.csv);
  const { limits, rules } = await limitsAndRulesOf(ctx);
  const { validRows, problems } = await checkRows(ctx, rows, limits);
  return { rows, validRows, problems, hasUnclosedQuote, limits, duplicates: rules.duplicates.payouts };
}

/** The payouts of a batch that are not stored yet, and what they take from the limits. */
export interface BatchPlan {
  readonly members: readonly Payout[];
  readonly guard: DuplicateGuard;
  readonly reservations: readonly Reservation[];
}

/** Makes the payouts of the valid rows. Errors: `looks_like_a_duplicate`, `limit_exceeded`. */
export async function planBatch(
  ctx: Context,
  { validRows, limits, duplicates }: CheckedRows,
  id: string,
  allowsDuplicates: boolean,
): Promise<BatchPlan> {
  const made = await newPayouts(ctx, validRows, limits, id);
  const guard = await guardDuplicates(
    ctx,
    allowsDuplicates ? "off" : duplicates,
    made.map((payout, i) => ({ payout, pointer: validRows[i]?.row.pointer ?? "" })),
  );
  const members = await requireApprovals(ctx, guard.payouts, limits);
  const reservations = reservationsOf(
    members.map((payout, i) => {
      const row = validRows[i]?.row;
      return { payout, amountAt: row?.at("amount") ?? "", phoneAt: row?.at("phone_number") ?? "" };
    }),
    limits,
  );
  const exceeded = await exceededLimits(ctx, reservations);
  if (exceeded.length > 0) throw limitExceeded(exceeded);
  return { members, guard, reservations };
}

/** Checks each row against what its own text can't tell: the limits for one payout, and the merchant's shortcodes. */
async function checkRows(ctx: Context, rows: readonly Row[], limits: Limits) {
  const known = new Map<string | undefined, Shortcode | string>();
  const validRows: ValidRow[] = [];
  const problems: FieldError[] = [];
  for (const row of rows) {
    const { request } = row;
    problems.push(...row.problems);
    if (request === null) continue;
    const shortcode = known.get(request.shortcode) ?? await findPayer(ctx, request.shortcode);
    known.set(request.shortcode, shortcode);
    const amount = amountError(limits, request.amount);
    if (amount !== null) problems.push({ pointer: row.at("amount"), detail: amount });
    if (typeof shortcode === "string") problems.push({ pointer: row.at("shortcode"), detail: shortcode });
    else if (amount === null) validRows.push({ row, request, shortcode });
  }
  return { validRows, problems };
}

/** The shortcode that pays; a string: what is wrong with it. */
async function findPayer(ctx: Context, number: string | undefined): Promise<Shortcode | string> {
  try {
    return await payingShortcode(ctx, number);
  } catch (error) {
    if (error instanceof Problem && error.errors[0] !== undefined) return error.errors[0].detail;
    throw error;
  }
}

/** The 422 that names every problem of every row. */
export function invalidRows(rows: readonly Row[], problems: readonly FieldError[]): Problem {
  const some = problems.slice(0, 3).map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : "";
  return new Problem("validation_failed", `${some}${more}. Nothing of the ${rows.length} rows was created.`, {
    errors: problems,
  });
}

async function newPayouts(
  ctx: Context,
  validRows: readonly ValidRow[],
  limits: Limits,
  batchId: string,
): Promise<Payout[]> {
  const made: Payout[] = [];
  for (let start = 0; start < validRows.length; start += SEALED_AT_ONCE) {
    const part = validRows.slice(start, start + SEALED_AT_ONCE);
    made.push(
      ...await Promise.all(
        part.map(({ request, shortcode }) => newPhonePayout(ctx, request, shortcode, limits, batchId)),
      ),
    );
  }
  return made;
}
