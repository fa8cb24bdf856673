import type { Context } from "../../context/context.ts";
import { ConstraintError, type Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { Problem } from "../../problems/problem.ts";
import { type Aggregate, type Attempt, Evidence } from "./machine.ts";

const HOUR_MS = 3_600_000;

/** Prompts to one phone in the hour before an attempt, from all merchants. A push that was refused does not count. */
const fromRecentPrompts = (indexes: readonly Uint8Array[]): string =>
  `FROM attempts WHERE phone_index ${indexes.length === 1 ? "= ?" : `IN (${indexes.map(() => "?").join(", ")})`} ` +
  `AND created_at > ? AND id <> ? AND evidence & ${Evidence.refused} = 0`;

/** Aborts the batch of an attempt that would exceed the limit of prompts per phone. See {@link withPromptLimit}. */
export function promptLimitGuard(ctx: Context, attempt: Attempt): Statement {
  const limit = ctx.config.limits.checkouts.promptsPerPhonePerHour;
  const indexes = ctx.vault.alike(attempt.phone_index);
  return statement(
    "INSERT INTO prompt_guards (failed) SELECT 'prompts_limited' " +
      `WHERE (SELECT count(*) FROM (SELECT 1 ${fromRecentPrompts(indexes)} LIMIT ?)) >= ?`,
    ...indexes,
    attempt.created_at - HOUR_MS,
    attempt.id,
    limit,
    limit,
  );
}

/**
 * Runs the write that contains {@link promptLimitGuard}. If the guard refuses it, the error says when the phone may be
 * prompted again. The window slides: any 60 minutes contain at most the limit.
 * Errors: `prompts_limited` with Retry-After.
 */
export async function withPromptLimit<T>(ctx: Context, attempt: Attempt, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!(error instanceof ConstraintError) || error.rule !== "prompts_limited") throw error;
    const limit = ctx.config.limits.checkouts.promptsPerPhonePerHour;
    const since = attempt.created_at - HOUR_MS;
    const indexes = ctx.vault.alike(attempt.phone_index);
    const oldestCounted = `SELECT created_at ${fromRecentPrompts(indexes)} ORDER BY created_at DESC LIMIT 1 OFFSET ?`;
    const [found] = await ctx.db.read([statement(oldestCounted, ...indexes, since, attempt.id, limit - 1)]);
    const oldest = Number(found?.rows[0]?.[0] ?? since);
    const seconds = Math.max(1, Math.ceil((oldest - since) / 1000));
    ctx.note({ prompts_limited: "phone" });
    throw new Problem(
      "prompts_limited",
      `${attempt.phone_masked} has had ${limit} prompts within an hour, the most that a phone gets from all shops ` +
        `together. Wait ${seconds} s, or have the customer pay by paybill.`,
      { retryAfterSeconds: seconds },
    );
  }
}

/**
 * Refuses one more attempt of a checkout that has reached its limit. The version of the checkout guards its attempts, so
 * two requests at once can't both pass.
 * Errors: `prompts_limited` with Retry-After: the time until the checkout expires.
 */
export function checkPromptsOfCheckout(ctx: Context, { checkout, attempts }: Aggregate): void {
  const limit = ctx.config.limits.checkouts.promptsPerCheckout;
  if (attempts.length < limit) return;
  const seconds = Math.max(1, Math.ceil((checkout.expires_at - ctx.clock.now()) / 1000));
  ctx.note({ prompts_limited: "checkout" });
  throw new Problem(
    "prompts_limited",
    `This checkout has prompted phones ${limit} times, the most that one may. The customer can still pay by paybill; ` +
      "or create a new checkout.",
    { retryAfterSeconds: seconds },
  );
}

/**
 * Refuses a phone that a shopper names if the checkout has prompted as many others as it may: who has the link of a page
 * must not disturb one stranger after the other. The merchant's own calls are not limited by this.
 * Errors: `prompts_limited` with Retry-After: the time until the checkout expires.
 */
export function checkPhonesOfCheckout(ctx: Context, { checkout, attempts }: Aggregate, next: Attempt): void {
  const limit = ctx.config.limits.checkouts.phonesPerCheckout;
  const own = new Set(ctx.vault.alike(next.phone_index).map((index) => index.toHex()));
  const others = new Set(attempts.map(({ phone_index }) => phone_index.toHex()).filter((hex) => !own.has(hex)));
  if (others.size < limit) return;
  const seconds = Math.max(1, Math.ceil((checkout.expires_at - ctx.clock.now()) / 1000));
  ctx.note({ prompts_limited: "phones" });
  throw new Problem(
    "prompts_limited",
    `This checkout has prompted ${limit} phones, the most that shoppers may name. Use one of them, or pay by paybill.`,
    { retryAfterSeconds: seconds },
  );
}
