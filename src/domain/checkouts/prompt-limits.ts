import type { Context } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { Problem } from "../../problems/problem.ts";
import { type Aggregate, type Attempt, Evidence } from "./machine.ts";

const HOUR_MS = 3_600_000;

/** Prompts that reached a phone within the hour before an attempt, of all merchants: what never left does not count. */
const RANG = "FROM attempts WHERE phone_index = ? AND created_at > ? AND id <> ? " +
  `AND evidence & ${Evidence.refused} = 0`;
const REFUSE = "INSERT INTO prompt_guards (failed) SELECT 'prompts_limited' " +
  `WHERE (SELECT count(*) FROM (SELECT 1 ${RANG} LIMIT ?)) >= ?`;
const OLDEST = `SELECT created_at ${RANG} ORDER BY created_at DESC LIMIT 1 OFFSET ?`;

/** Refuses the batch that would prompt a phone once too often; put it beside the attempt. See {@link withPromptLimit}. */
export function promptLimitGuard(ctx: Context, attempt: Attempt): Statement {
  const most = ctx.config.limits.checkouts.promptsPerPhonePerHour;
  return statement(REFUSE, attempt.phone_index, attempt.created_at - HOUR_MS, attempt.id, most, most);
}

/**
 * Runs the write that holds {@link promptLimitGuard}, and says of a refusal when the phone may be prompted again. The window slides:
 * any 60 minutes hold at most the limit. Errors: `prompts_limited` with Retry-After.
 */
export async function withPromptLimit<T>(ctx: Context, attempt: Attempt, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.rule !== "prompts_limited") throw error;
    const most = ctx.config.limits.checkouts.promptsPerPhonePerHour;
    const since = attempt.created_at - HOUR_MS;
    const [found] = await ctx.db.read([statement(OLDEST, attempt.phone_index, since, attempt.id, most - 1)]);
    const oldest = Number(found?.rows[0]?.[0] ?? since);
    const seconds = Math.max(1, Math.ceil((oldest - since) / 1000));
    ctx.note({ prompts_limited: "phone" });
    throw new Problem(
      "prompts_limited",
      `${attempt.phone_masked} has had ${most} prompts within an hour, the most that a phone gets from all shops ` +
        `together. Wait ${seconds} s, or have the customer pay by paybill.`,
      { retryAfterSeconds: seconds },
    );
  }
}

/**
 * Refuses a checkout that has had its prompts. Its attempts are guarded by its version, so two at once can't both slip
 * under. Errors: `prompts_limited` with Retry-After: the rest of the checkout's life.
 */
export function checkPromptsOfCheckout(ctx: Context, { checkout, attempts }: Aggregate): void {
  const most = ctx.config.limits.checkouts.promptsPerCheckout;
  if (attempts.length < most) return;
  const seconds = Math.max(1, Math.ceil((checkout.expires_at - ctx.clock.now()) / 1000));
  ctx.note({ prompts_limited: "checkout" });
  throw new Problem(
    "prompts_limited",
    `This checkout has prompted phones ${most} times, the most that one may. The customer can still pay by paybill; ` +
      "or create a new checkout.",
    { retryAfterSeconds: seconds },
  );
}
