import { type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import { checkBatchRows, planBatch } from "./plan-batch.ts";

/** What a file of payouts would do. */
export interface BatchCheck {
  readonly rows: number;
  /** The payouts of the rows without a problem, and their sum in cents. */
  readonly payouts: number;
  readonly amount: number;
  /** What is wrong with rows, by `/rows/{line}/{column}`. */
  readonly problems: readonly FieldError[];
  /** Why the rows without a problem would be refused as well: a limit, or an earlier payout that they repeat. */
  readonly refusal: Problem | null;
  /** Whether the rows with problems can be left out. */
  readonly canLeaveOut: boolean;
}

/** Checks a CSV file of payouts as creating it would, and writes nothing. Errors: `insufficient_scope`. */
export async function checkBatch(ctx: Context, csv: string): Promise<BatchCheck> {
  requireScope(ctx, "payouts:write");
  try {
    const checked = await checkBatchRows(ctx, { csv });
    const { rows, validRows, problems, hasUnclosedQuote } = checked;
    return {
      rows: rows.length,
      payouts: validRows.length,
      amount: validRows.reduce((sum, { request }) => sum + request.amount, 0),
      problems,
      refusal: validRows.length === 0
        ? null
        : await refusalOf(async () => await planBatch(ctx, checked, newId("bat"), false)),
      canLeaveOut: problems.length > 0 && validRows.length > 0 && !hasUnclosedQuote,
    };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "validation_failed") throw error;
    return { rows: 0, payouts: 0, amount: 0, problems: error.errors, refusal: null, canLeaveOut: false };
  }
}

async function refusalOf(plan: () => Promise<unknown>): Promise<Problem | null> {
  try {
    await plan();
    return null;
  } catch (error) {
    if (error instanceof Problem && REFUSALS.has(error.code)) return error;
    throw error;
  }
}

const REFUSALS: ReadonlySet<string> = new Set(["limit_exceeded", "looks_like_a_duplicate"]);
