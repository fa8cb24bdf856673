import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { queryAttempt, receiptInFacts } from "./query-attempt.ts";
import { type Aggregate, applyFact, type Attempt, expire, type Fact } from "./machine.ts";
import { isPolled, nextCheckAt, nextPoll } from "./plan.ts";
import { saveCheckout } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { loadCheckout } from "./store.ts";

interface PollResult {
  readonly attemptId: string;
  readonly facts: readonly Fact[];
  /** Set where the query was put off, because of the rate limit. */
  readonly retryAfterMs: number | undefined;
}

/** The job of a checkout: it asks Daraja by the plan of polls, ends the plan, and marks the checkout as expired. */
export async function followCheckout(ctx: Context, checkoutId: string): Promise<JobOutcome> {
  const state = await loadCheckout(ctx, checkoutId);
  if (state === null) return "finished";
  const scale = ctx.config.plans.scale;
  const due = state.attempts.filter((a) => isPolled(a) && nextPoll(a, scale).at <= ctx.clock.now());
  const results: PollResult[] = [];
  for (const attempt of due) results.push(await poll(ctx, state, attempt));

  const receipt = receiptInFacts(results.flatMap(({ facts }) => facts));
  const after = await retryOnConflict(async (isRetry) => {
    const before = isRetry || receipt !== undefined ? await loadCheckout(ctx, checkoutId, receipt) ?? state : state;
    const now = ctx.clock.now();
    const next = results.reduce<Aggregate>(
      (sum, { attemptId, facts }) => facts.reduce<Aggregate>((s, fact) => applyFact(s, attemptId, fact, now), sum),
      before,
    );
    return await saveCheckout(ctx, before, expire(next, now), "checkout.followed");
  });
  const nextAt = nextCheckAt(after, scale);
  if (nextAt === Infinity) return "finished";
  const retriesMs = results.flatMap(({ retryAfterMs }) => retryAfterMs === undefined ? [] : [retryAfterMs]);
  const retryAt = retriesMs.length === 0 ? 0 : ctx.clock.now() + Math.min(...retriesMs);
  return { runAt: Math.max(nextAt, retryAt) };
}

/** Polls one attempt. A query that was put off does not count as a poll of the plan. */
async function poll(ctx: Context, state: Aggregate, attempt: Attempt): Promise<PollResult> {
  const { last } = nextPoll(attempt, ctx.config.plans.scale);
  if (attempt.request_ids === null) {
    return { attemptId: attempt.id, facts: [{ kind: "plan_ended" }], retryAfterMs: undefined };
  }
  const { fact, retryAfterMs } = await queryAttempt(ctx, state, attempt);
  if (retryAfterMs !== undefined) return { attemptId: attempt.id, facts: [], retryAfterMs };
  const counted: Fact[] = fact === null ? [{ kind: "polled" }] : [{ kind: "polled" }, fact];
  return {
    attemptId: attempt.id,
    facts: last && fact === null ? [...counted, { kind: "plan_ended" }] : counted,
    retryAfterMs: undefined,
  };
}
