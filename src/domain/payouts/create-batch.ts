import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { newId } from "../../crypto/ids.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { requireApprovals, withApprovalSums } from "./approval-sums.ts";
import type { BatchView } from "./batch-contract.ts";
import { parseCsvRows, parseJsonRows, type Row } from "./batch-rows.ts";
import { batchStatements } from "./batch-statements.ts";
import { type Batch, batchView } from "./batches.ts";
import { withOrigin } from "./digest.ts";
import { keepSignature } from "./signed-request.ts";
import { guardDuplicates } from "./duplicates.ts";
import type { PayoutRequest } from "./order.ts";
import { explainLimits } from "./create-payout.ts";
import {
  amountError,
  exceededLimits,
  limitExceeded,
  type Limits,
  limitsAndRulesOf,
  reservationsOf,
  reserve,
} from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { newPhonePayout, payingShortcode } from "./new-payout.ts";

const SEALED_AT_ONCE = 250;

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

/**
 * Takes a list of payouts in one atomic write: all of them, or none. Errors: `validation_failed` with every problem of
 * every row, `limit_exceeded`, `looks_like_a_duplicate`.
 */
export async function createBatch(ctx: Context, input: CreateBatch): Promise<BatchView> {
  requireScope(ctx, "payouts:write");
  const startedAt = ctx.clock.now();
  const source = input.csv === undefined ? "json" : "csv";
  const { rows, hasUnclosedQuote } = input.csv === undefined
    ? await parseJsonRows(input.payouts ?? [])
    : await parseCsvRows(input.csv);
  const { limits, rules } = await limitsAndRulesOf(ctx);
  const { validRows, problems } = await checkRows(ctx, rows, limits);
  ctx.note({ rows: rows.length, problems: problems.length, validated_ms: ctx.clock.now() - startedAt });
  const takesValidRows = input.accept_valid === "true" && validRows.length > 0 && !hasUnclosedQuote;
  if (problems.length > 0 && !takesValidRows) throw invalidRows(rows, problems);

  const id = newId("bat");
  const made = await newPayouts(ctx, validRows, limits, id);
  const isAllowed = input.allow_duplicate === true || input.allow_duplicate === "true";
  const guard = await guardDuplicates(
    ctx,
    isAllowed ? "off" : rules.duplicates.payouts,
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
  const batch = newBatch(ctx, id, source, members, problems);
  const signed = await keepSignature(ctx);
  const store = async (decided: readonly Payout[], sums: readonly Statement[]): Promise<BatchView> => {
    const stored = await withOrigins(ctx, decided, signed?.id ?? null);
    const view = batchView(batch, stored);
    const statements = [...guard.statements, reserve(reservations), ...sums, ...(signed?.statements ?? [])];
    await commit(ctx, id, [...statements, ...await batchStatements(ctx, batch, stored)], { status: 202, body: view });
    return view;
  };
  const write = () => explainLimits(ctx, reservations, () => withApprovalSums(members, limits, store));
  const view = await guard.explain(write);
  ctx.note({ batch: id, total: members.length });
  ctx.jobs.wake(ctx.clock.now());
  return view;
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

function invalidRows(rows: readonly Row[], problems: readonly FieldError[]): Problem {
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

async function withOrigins(
  ctx: Context,
  members: readonly Payout[],
  signedRequest: string | null,
): Promise<Payout[]> {
  const made: Payout[] = [];
  for (let start = 0; start < members.length; start += SEALED_AT_ONCE) {
    const part = members.slice(start, start + SEALED_AT_ONCE);
    made.push(
      ...await Promise.all(part.map((member) => withOrigin(ctx, { ...member, signed_request: signedRequest }))),
    );
  }
  return made;
}

const newBatch = (
  ctx: Context,
  id: string,
  source: Batch["source"],
  members: readonly Payout[],
  problems: readonly FieldError[],
): Batch => ({
  id,
  merchant_id: ctx.merchantId,
  created_by: ctx.actor,
  source,
  total: members.length,
  amount: members.reduce((sum, { amount }) => sum + amount, 0),
  problems: problems.map(({ pointer, detail }) => ({ pointer, detail })),
  created_at: ctx.clock.now(),
  version: 1,
});
