import { commit, type Context, requirePlatform } from "../context/context.ts";
import { abortIfUnchanged, type Query, rows, statement } from "../db/query.ts";
import { auditEntry } from "../db/trail.ts";
import { Problem } from "../problems/problem.ts";
import { requeueDead } from "./store.ts";

/** The jobs of a kind, of all merchants. */
export interface KindOfJobs {
  readonly kind: string;
  readonly waiting: number;
  /** Since when (ms) the oldest job that is due waits; null: none is due. */
  readonly dueSince: number | null;
  /** Given up: they wait for a person. */
  readonly stuck: number;
}

/** How many dead jobs one call runs again. */
export const MOST_AT_ONCE = 200;

const selectKinds = (now: number): Query<KindOfJobs> => ({
  ...statement(
    "SELECT kind, sum(status = 'queued'), min(CASE WHEN status = 'queued' AND run_at <= ? THEN run_at END), " +
      "sum(status = 'dead') FROM jobs GROUP BY kind ORDER BY sum(status = 'dead') DESC, kind",
    now,
  ),
  scan: true,
  map: ([kind, waiting, dueSince, stuck]) => ({
    kind: String(kind),
    waiting: Number(waiting),
    dueSince: dueSince === null || dueSince === undefined ? null : Number(dueSince),
    stuck: Number(stuck),
  }),
});

/** Jobs by kind, the stuck first. Errors: `insufficient_scope`. */
export async function jobsByKind(ctx: Context): Promise<readonly KindOfJobs[]> {
  requirePlatform(ctx);
  return (await rows(ctx.db, selectKinds(ctx.clock.now())))[0];
}

/** The dead jobs of a kind, the oldest first. The job of a notice has no merchant of its own: the notice has one. */
const selectDead = (kind: string): Query<{ readonly id: string; readonly merchantId: string | null }> => ({
  ...statement(
    "SELECT j.id, coalesce(j.merchant_id, (SELECT n.merchant_id FROM notices n WHERE j.kind = 'notice' AND n.id = j.subject_id)) " +
      `FROM jobs j WHERE j.status = 'dead' AND j.kind = ? ORDER BY j.id LIMIT ${MOST_AT_ONCE}`,
    kind,
  ),
  map: ([id, merchant]) => ({ id: String(id), merchantId: typeof merchant === "string" ? merchant : null }),
});

/**
 * Puts the dead jobs of a kind back into the queue, due now, up to {@link MOST_AT_ONCE}. Returns how many. The audit trail
 * names each. Errors: `wrong_state` where none is dead, `insufficient_scope`; a conflict if somebody else does so too.
 */
export async function retryKind(
  ctx: Context,
  { kind }: { readonly kind: string },
): Promise<{ readonly count: number }> {
  requirePlatform(ctx);
  const [dead] = await rows(ctx.db, selectDead(kind));
  if (dead.length === 0) throw new Problem("wrong_state", "No job of this kind is dead.");
  const now = ctx.clock.now();
  const answer = { count: dead.length };
  await commit(
    ctx,
    kind,
    dead.flatMap(({ id, merchantId }) => [
      requeueDead(id, now),
      abortIfUnchanged,
      auditEntry({ ...ctx, merchantId: merchantId ?? ctx.merchantId }, "job.retried", id, { kind }),
    ]),
    { status: 200, body: answer },
  );
  ctx.jobs.wake(now);
  return answer;
}
