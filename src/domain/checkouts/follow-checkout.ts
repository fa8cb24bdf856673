import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { forEvidence, isLeaseLost } from "../../jobs/fence.ts";
import { recountAllocated } from "./allocated.ts";
import { applyQueryResults, loadForQueryResults, saveQueryResults } from "./apply-query-results.ts";
import { queryAttempt } from "./query-attempt.ts";
import { type Aggregate, type Attempt, expire, type Fact, settleAgain } from "./machine.ts";
import { placeMoney } from "./place-money.ts";
import { duePolls, isPolled, nextCheckAt, nextPoll, planLengthMs } from "./plan.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { loadCheckout } from "./store.ts";

interface PollResult {
  readonly attemptId: string;
  readonly facts: readonly Fact[];
  /** Set where the query was put off, because of the rate limit. */
  readonly retryAfterMs: number | undefined;
}

/**
 * The job of a checkout: it asks Daraja by the plan of polls, ends the plan, marks the checkout as expired, settles it by
 * what is held, and places money that may have another place.
 */
export async function followCheckout(ctx: Context, checkoutId: string): Promise<JobOutcome> {
  const state = await loadCheckout(ctx, checkoutId);
  if (state === null) return "finished";
  const scale = ctx.config.plans.scale;
  const due = state.attempts.filter((a) => isPolled(a) && nextPoll(a, scale).at <= ctx.clock.now());
  const results: PollResult[] = [];
  for (const attempt of due) results.push(await poll(ctx, state, attempt));

  let after: Aggregate;
  try {
    after = await storeResults(ctx, state, results);
  } catch (error) {
    if (isLeaseLost(error)) await storeEvidence(forEvidence(ctx), state, results);
    throw error;
  }
  // what this run has changed has scheduled the job again, and may have ended its lease
  if (after.checkout.version === state.checkout.version) await placeMoney(ctx, after);
  const nextAt = nextCheckAt(after, scale);
  if (nextAt === Infinity) return "finished";
  const retriesMs = results.flatMap(({ retryAfterMs }) => retryAfterMs === undefined ? [] : [retryAfterMs]);
  const retryAt = retriesMs.length === 0 ? 0 : ctx.clock.now() + Math.min(...retriesMs);
  return { runAt: Math.max(nextAt, retryAt) };
}

const storeResults = (ctx: Context, state: Aggregate, results: readonly PollResult[]): Promise<Aggregate> =>
  retryOnConflict(async (isRetry) => {
    const before = await loadForQueryResults(ctx, state, results, isRetry);
    const now = ctx.clock.now();
    // as the rows are now: a share that the results take away is still in them
    const counted = await recountAllocated(ctx, before, now);
    const applied = await applyQueryResults(ctx, counted, results, now);
    const expired = { ...applied, after: expire(settleAgain(applied.after, now), now) };
    return await saveQueryResults(ctx, before, expired, results, "checkout.followed");
  });

/**
 * Stores what Daraja answered to a run that lost its lease meanwhile: the answer is true all the same, and is not given
 * twice. The polls and the expiry are left to the run that has the job now.
 */
async function storeEvidence(ctx: Context, state: Aggregate, results: readonly PollResult[]): Promise<void> {
  const answered = results.map((one) => ({
    ...one,
    facts: one.facts.filter(({ kind }) => kind === "paid" || kind === "failed"),
  })).filter(({ facts }) => facts.length > 0);
  if (answered.length === 0) return;
  await retryOnConflict(async () => {
    const before = await loadForQueryResults(ctx, state, answered, true);
    const applied = await applyQueryResults(ctx, before, answered, ctx.clock.now());
    await saveQueryResults(ctx, before, applied, answered, "checkout.followed");
  });
}

/**
 * Polls one attempt. A query that was put off does not count as a poll of the plan, but if queries are put off until twice
 * the plan's time is over, the plan ends all the same: otherwise the attempt would be asked after for ever.
 */
async function poll(ctx: Context, state: Aggregate, attempt: Attempt): Promise<PollResult> {
  if (attempt.request_ids === null) {
    return { attemptId: attempt.id, facts: [{ kind: "plan_ended" }], retryAfterMs: undefined };
  }
  const { scale } = ctx.config.plans;
  const polled = Array<Fact>(duePolls(attempt, scale, ctx.clock.now())).fill({ kind: "polled" });
  const { last } = nextPoll({ ...attempt, polls: attempt.polls + polled.length - 1 }, scale);
  const { fact, retryAfterMs } = await queryAttempt(ctx, state, attempt);
  if (retryAfterMs !== undefined) {
    const isOver = ctx.clock.now() > attempt.created_at + 2 * planLengthMs(scale);
    const ended: Fact[] = isOver ? [...polled, { kind: "plan_ended" }] : [];
    return { attemptId: attempt.id, facts: ended, retryAfterMs: isOver ? undefined : retryAfterMs };
  }
  const counted: Fact[] = fact === null ? polled : [...polled, fact];
  return {
    attemptId: attempt.id,
    facts: last && fact === null ? [...counted, { kind: "plan_ended" }] : counted,
    retryAfterMs: undefined,
  };
}
