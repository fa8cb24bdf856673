import { eq, lt } from "drizzle-orm";
import { commit, type Context, requireScope } from "../context/context.ts";
import { list } from "../db/list.ts";
import { abortIfUnchanged, first } from "../db/query.ts";
import { jobs } from "../db/schema.ts";
import { auditEntry } from "../db/trail.ts";
import { formatTime } from "../http/fields.ts";
import type { Input } from "../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../http/pagination.ts";
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
});

/** The jobs of all merchants, newest first. For operators. */
export async function listJobs(ctx: Context, input: Input<typeof contract>): Promise<Page<JobView>> {
  requireScope(ctx, "operator");
  const conditions = [lt(jobs.id, idBeforeCursor(input.cursor)), input.status && eq(jobs.status, input.status)];
  return toPage(await list(ctx.db, jobs, conditions, jobs.id, input.limit + 1), input.limit, view);
}

/** Puts a dead job back into the queue, due now. Errors: `not_found`, `wrong_state`. */
export async function retryJob(ctx: Context, { id }: { id: string }): Promise<JobView> {
  requireScope(ctx, "operator");
  const row = await first(ctx.db, selectJob(id));
  if (row === null) throw new Problem("not_found", "There is no job with this id; what is done is no longer listed.");
  if (row.status !== "dead") throw new Problem("wrong_state", "The job is not dead; it runs by itself when it is due.");
  const now = ctx.clock.now();
  const answer = view({ ...row, status: "queued", lease: null, attempts: 0, run_at: now });
  await commit(ctx, id, [requeueDead(id, now), abortIfUnchanged, auditEntry(ctx, "job.retried", id, {})], {
    status: 200,
    body: answer,
  });
  ctx.jobs.wake(now);
  return answer;
}
