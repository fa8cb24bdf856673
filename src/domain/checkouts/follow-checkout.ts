import type { Context } from "../../context/context.ts";
import type { JobOutcome } from "../../context/jobs.ts";
import { ask, receiptOf } from "./ask.ts";
import { type Aggregate, type Attempt, expire, type Fact, learn } from "./machine.ts";
import { isWatched, nextLook, nextPoll } from "./plan.ts";
import { save } from "./save.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { load } from "./store.ts";

interface Told {
  readonly attemptId: string;
  readonly facts: readonly Fact[];
  readonly retryAfterMs: number | undefined;
}

/** The job that watches a checkout: asks Daraja by the plan, ends the plan, lets the checkout expire. */
export async function followCheckout(ctx: Context, checkoutId: string): Promise<JobOutcome> {
  const state = await load(ctx, checkoutId);
  if (state === null) return "finished";
  const scale = ctx.config.plans.scale;
  const due = state.attempts.filter((a) => isWatched(a) && nextPoll(a, scale).at <= ctx.clock.now());
  const told: Told[] = [];
  for (const attempt of due) told.push(await look(ctx, state, attempt));

  const receipt = receiptOf(told.flatMap(({ facts }) => facts));
  const after = await retryOnConflict(async (again) => {
    const before = again || receipt !== undefined ? await load(ctx, checkoutId, receipt) ?? state : state;
    const now = ctx.clock.now();
    const next = told.reduce<Aggregate>(
      (sum, { attemptId, facts }) => facts.reduce<Aggregate>((s, fact) => learn(s, attemptId, fact, now), sum),
      before,
    );
    return await save(ctx, before, expire(next, now), "checkout.followed");
  });
  const at = nextLook(after, scale);
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
  const { fact, retryAfterMs } = await ask(ctx, state, attempt);
  if (retryAfterMs !== undefined) return { attemptId: attempt.id, facts: [], retryAfterMs };
  const counted: Fact[] = fact === null ? [{ kind: "polled" }] : [{ kind: "polled" }, fact];
  return {
    attemptId: attempt.id,
    facts: last && fact === null ? [...counted, { kind: "plan_ended" }] : counted,
    retryAfterMs: undefined,
  };
}
