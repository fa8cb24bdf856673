import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { queryAttempt, receiptInFacts } from "./query-attempt.ts";
import { type Aggregate, applyFact, type Attempt, expire, type Fact } from "./machine.ts";
import { isPolled, nextCheckAt, nextPoll } from "./plan.ts";
import { saveCheckout } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { loadCheckout } from "./store.ts";

interface Told {
  readonly attemptId: string;
  readonly facts: readonly Fact[];
  readonly retryAfterMs: number | undefined;
}

/** The job that watches a checkout: asks Daraja by the plan, ends the plan, lets the checkout expire. */
export async function followCheckout(ctx: Context, checkoutId: string): Promise<JobOutcome> {
  const state = await loadCheckout(ctx, checkoutId);
  if (state === null) return "finished";
  const scale = ctx.config.plans.scale;
  const due = state.attempts.filter((a) => isPolled(a) && nextPoll(a, scale).at <= ctx.clock.now());
  const told: Told[] = [];
  for (const attempt of due) told.push(await look(ctx, state, attempt));

  const receipt = receiptInFacts(told.flatMap(({ facts }) => facts));
  const after = await retryOnConflict(async (again) => {
    const before = again || receipt !== undefined ? await loadCheckout(ctx, checkoutId, receipt) ?? state : state;
    const now = ctx.clock.now();
    const next = told.reduce<Aggregate>(
      (sum, { attemptId, facts }) => facts.reduce<Aggregate>((s, fact) => applyFact(s, attemptId, fact, now), sum),
      before,
    );
    return await saveCheckout(ctx, before, expire(next, now), "checkout.followed");
  });
  const at = nextCheckAt(after, scale);
  if (at === Infinity) return "finished";
  const waits = told.flatMap((
    { retryAfterMs },
  ) => (retryAfterMs === undefined ? [] : [ctx.clock.now() + retryAfterMs]));
  return { runAt: Math.max(at, Math.min(Infinity, ...waits) === Infinity ? 0 : Math.min(...waits)) };
}

/** One look at one attempt. A query that was only put off does not count as one of the plan's. */
async function look(ctx: Context, state: Aggregate, attempt: Attempt): Promise<Told> {
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
