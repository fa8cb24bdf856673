import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { audit, events, jobs, payouts } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { type FieldError, Problem } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import type { BatchView } from "./batch-contract.ts";
import { type Row, rowsOfCsv, rowsOfJson } from "./batch-rows.ts";
import { type Batch, batchView, insertBatch } from "./batches.ts";
import { insertMany } from "./bulk.ts";
import type { PayoutRequest } from "./order.ts";
import { namingLimits } from "./create-payout.ts";
import { amountError, limitExceeded, type Limits, limitsOf, refusals, spendsOf, take } from "./limits.ts";
import type { Payout } from "./machine/facts.ts";
import { newPayout, payingShortcode } from "./new-payout.ts";
import { nextStep } from "./plan.ts";
import { JOB, planOf } from "./store.ts";
import { newJobRow } from "../../jobs/store.ts";
import { payoutView } from "./view.ts";

const AT_ONCE = 250;
const SLICE = 100;
const insertPayouts = insertMany(payouts);
const insertEvents = insertMany(events);
const insertAudits = insertMany(audit);
const insertJobs = insertMany(jobs);

export interface CreateBatch {
  readonly accept_valid?: "true" | "false" | undefined;
  readonly payouts?: readonly unknown[];
  /** The text of a CSV file, in the list's stead. */
  readonly csv?: string;
}

/** A row that will be a payout. */
interface Wish {
  readonly row: Row;
  readonly request: PayoutRequest;
  readonly shortcode: Shortcode;
}

/**
 * Takes a list of payouts in one atomic write: all of them, or none. Errors: `validation_failed` with every problem of
 * every row, `limit_exceeded`.
 */
export async function createBatch(ctx: Context, input: CreateBatch): Promise<BatchView> {
  requireScope(ctx, "payouts:write");
  const began = ctx.clock.now();
  const source = input.csv === undefined ? "json" : "csv";
  const { rows, torn } = input.csv === undefined ? await rowsOfJson(input.payouts ?? []) : await rowsOfCsv(input.csv);
  const limits = await limitsOf(ctx);
  const { wishes, problems } = await check(ctx, rows, limits);
  ctx.note({ rows: rows.length, problems: problems.length, validated_ms: ctx.clock.now() - began });
  const partly = input.accept_valid === "true" && wishes.length > 0 && !torn;
  if (problems.length > 0 && !partly) throw wrongRows(rows, problems);

  const id = newId("bat");
  const members = await makeAll(ctx, wishes, limits, id);
  const spends = spendsOf(
    members.map((payout, i) => {
      const row = wishes[i]?.row;
      return { payout, amountAt: row?.at("amount") ?? "", phoneAt: row?.at("phone_number") ?? "" };
    }),
    limits,
  );
  const refused = await refusals(ctx, spends);
  if (refused.length > 0) throw limitExceeded(refused);
  const batch = batchOf(ctx, id, source, members, problems);
  const view = batchView(batch, members);
  const statements = [take(spends), ...await creation(ctx, batch, members)];
  await namingLimits(
    ctx,
    spends,
    () => commit(ctx, id, statements, { status: 202, body: view }),
  );
  ctx.note({ batch: id, total: members.length });
  ctx.jobs.wake(ctx.clock.now());
  return view;
}

/** What only this service knows of a row: its limits for one payout, and the merchant's shortcodes. */
async function check(ctx: Context, rows: readonly Row[], limits: Limits) {
  const known = new Map<string | undefined, Shortcode | string>();
  const wishes: Wish[] = [];
  const problems: FieldError[] = [];
  for (const row of rows) {
    const { request } = row;
    problems.push(...row.problems);
    if (request === null) continue;
    const shortcode = known.get(request.shortcode) ?? await payer(ctx, request.shortcode);
    known.set(request.shortcode, shortcode);
    const amount = amountError(limits, request.amount);
    if (amount !== null) problems.push({ pointer: row.at("amount"), detail: amount });
    if (typeof shortcode === "string") problems.push({ pointer: row.at("shortcode"), detail: shortcode });
    else if (amount === null) wishes.push({ row, request, shortcode });
  }
  return { wishes, problems };
}

/** The shortcode that pays, or what is wrong with it. */
async function payer(ctx: Context, number: string | undefined): Promise<Shortcode | string> {
  try {
    return await payingShortcode(ctx, number);
  } catch (error) {
    if (error instanceof Problem && error.errors[0] !== undefined) return error.errors[0].detail;
    throw error;
  }
}

function wrongRows(rows: readonly Row[], problems: readonly FieldError[]): Problem {
  const some = problems.slice(0, 3).map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ");
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : "";
  return new Problem("validation_failed", `${some}${more}. Nothing of the ${rows.length} rows was created.`, {
    errors: problems,
  });
}

async function makeAll(ctx: Context, wishes: readonly Wish[], limits: Limits, batchId: string): Promise<Payout[]> {
  const made: Payout[] = [];
  for (let start = 0; start < wishes.length; start += AT_ONCE) {
    const part = wishes.slice(start, start + AT_ONCE);
    made.push(
      ...await Promise.all(part.map(({ request, shortcode }) => newPayout(ctx, request, shortcode, limits, batchId))),
    );
  }
  return made;
}

const batchOf = (
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
});

/** Made slice by slice, so that what each needs on the way does not pile up. */
async function creation(ctx: Context, batch: Batch, members: readonly Payout[]): Promise<Statement[]> {
  const about = { total: batch.total, amount: batch.amount };
  const statements = [insertBatch(batch), auditEntry(ctx, "payout_batch.created", batch.id, about)];
  for (let start = 0; start < members.length; start += SLICE) {
    statements.push(...await rowsOf(ctx, members.slice(start, start + SLICE)));
  }
  return statements;
}

async function rowsOf(ctx: Context, members: readonly Payout[]): Promise<Statement[]> {
  const now = ctx.clock.now();
  const plan = planOf(ctx);
  const { merchantId: merchant_id, actor, requestId: request_id } = ctx;
  const created = await Promise.all(members.map(async (member) => ({
    id: newId("evt"),
    merchant_id,
    type: "payout.created" as const,
    subject_id: member.id,
    data: { ...await payoutView(ctx, member) },
    created_at: now,
  })));
  const audited = members.map(({ id: subject_id, amount, status, batch_id }) => ({
    merchant_id,
    actor,
    action: "payout.created" as const,
    subject_id,
    request_id,
    data: { amount, status, batch: batch_id },
    at: now,
  }));
  return [
    insertPayouts(members),
    insertEvents(created),
    insertAudits(audited),
    insertJobs(
      members.map((member) =>
        newJobRow({
          kind: JOB,
          subjectId: member.id,
          merchantId: merchant_id,
          runAt: nextStep(member, plan, now).at,
          now,
        })
      ),
    ),
  ];
}
