import { eq, sql } from "drizzle-orm";
import { commit, type Context, reachTo, requireScope } from "../context/context.ts";
import { type Condition, listRows } from "../db/list.ts";
import { abortIfUnchanged, first, type Query } from "../db/query.ts";
import type { Reach } from "../db/reach.ts";
import { jobs } from "../db/schema.ts";
import { auditEntry } from "../db/trail.ts";
import { formatTime } from "../http/fields.ts";
import type { Input } from "../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../http/list-filters.ts";
import { type Page, toPage } from "../http/pagination.ts";
import { Problem } from "../problems/problem.ts";
import type { JobView, listJobs as contract } from "./contract.ts";
import { type JobRow, requeueDead, selectJob } from "./store.ts";

const view = (row: JobRow): JobView => ({
  id: row.id,
  kind: row.kind,
  subject: row.subject_id,
  status: row.status === "dead" ? "dead" : row.lease === null ? "queued" : "running",
  attempts: row.attempts,
  run_at: formatTime(row.run_at),
  last_error: row.last_error,
  created_at: formatTime(row.created_at),
  version: row.version,
});

/** The job of a notice has no merchant of its own: the notice has one. */
const jobInReach = (reach: Reach): Condition =>
  reach.kind === "own" &&
  sql`(${jobs.merchant_id} = ${reach.merchantId} or (${jobs.kind} = 'notice' and exists
    (select 1 from notices n where n.id = ${jobs.subject_id} and n.merchant_id = ${reach.merchantId})))`;

const selectMerchantOfNotice = (id: string): Query<string | null> => ({
  sql: "SELECT merchant_id FROM notices WHERE id = ?",
  args: [id],
  map: ([merchant]) => typeof merchant === "string" ? merchant : null,
});

/** A job within the caller's reach, with its merchant. Errors: `not_found`. */
async function loadJob(
  ctx: Context,
  id: string,
): Promise<{ readonly row: JobRow; readonly merchantId: string | null }> {
  const row = await first(ctx.db, selectJob(id));
  const merchantId = row?.kind === "notice"
    ? await first(ctx.db, selectMerchantOfNotice(row.subject_id))
    : row?.merchant_id ?? null;
  if (row !== null && ctx.reach.covers(merchantId)) return { row, merchantId };
  throw new Problem("not_found", "There is no job with this id; what is done is no longer listed.");
}

const jobColumns: ListColumns = {
  id: jobs.id,
  prefix: "job",
  at: jobs.created_at,
  search: (text) => beginsAny([jobs.id, jobs.subject_id], text),
};

/** A merchant's jobs, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listJobs(ctx: Context, input: Input<typeof contract>): Promise<Page<JobView>> {
  requireScope(ctx, "operator");
  const { conditions } = listFilter(input, jobColumns, [
    jobInReach(reachTo(ctx, input.merchant)),
    input.status && eq(jobs.status, input.status),
  ]);
  return toPage(await listRows(ctx.db, jobs, conditions, jobs.id, input.limit + 1, true), input.limit, view);
}

/** Puts a dead job back into the queue, due now. Errors: `not_found`, `wrong_state`. */
export async function retryJob(ctx: Context, { id }: { id: string }): Promise<JobView> {
  requireScope(ctx, "operator");
  const { row, merchantId } = await loadJob(ctx, id);
  if (row.status !== "dead") throw new Problem("wrong_state", "The job is not dead; it runs by itself when it is due.");
  const now = ctx.clock.now();
  const answer = view({ ...row, status: "queued", lease: null, attempts: 0, run_at: now, version: row.version + 1 });
  await commit(ctx, id, [
    requeueDead(id, now),
    abortIfUnchanged,
    auditEntry({ ...ctx, merchantId: merchantId ?? ctx.merchantId }, "job.retried", id, {}),
  ], {
    status: 200,
    body: answer,
  });
  ctx.jobs.wake(now);
  return answer;
}
