import type { Context } from "../../context/context.ts";
import { nairobiDay } from "../../daraja/time.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Attempt } from "./machine.ts";

const DAY_MS = 86_400_000;

/** Checks Safaricom's limit for one transaction; `amount` in cents (daraja.md section 10). Errors: `validation_failed` at `/amount`. */
export function checkAmount(ctx: Context, amount: number): void {
  const limit = ctx.config.limits.checkouts.maxAmount;
  if (amount > limit) {
    throw invalidField(
      "/amount",
      `must be at most ${limit} cents (KES ${limit / 100}), M-Pesa's limit for one transaction`,
    );
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
/** One counter per phone and day in Nairobi. */
const counterName = (attempt: Pick<Attempt, "phone_index" | "created_at">): string =>
  `checkout/${hex(attempt.phone_index)}/${nairobiDay(attempt.created_at)}`;

/** Cents that a phone may still pay today, in whole shillings. */
export async function leftToday(ctx: Context, phoneIndex: Uint8Array): Promise<number> {
  const name = counterName({ phone_index: phoneIndex, created_at: ctx.clock.now() });
  const [found] = await ctx.db.read([statement("SELECT total FROM counters WHERE name = ?", name)]);
  const left = ctx.config.limits.checkouts.dailyPerPhone - Number(found?.rows[0]?.[0] ?? 0);
  return Math.max(0, Math.floor(left / 100) * 100);
}

/**
 * Reserves an amount (cents) of what the phone may pay in a day (daraja.md section 10). Above the limit the batch aborts
 * with `limit_exceeded`.
 */
export function reserveDaily(ctx: Context, attempt: Attempt, amount: number): Statement {
  return statement(
    "INSERT INTO counters (name, total, cap, expires_at) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT (name) DO UPDATE SET total = total + excluded.total, cap = excluded.cap",
    counterName(attempt),
    amount,
    ctx.config.limits.checkouts.dailyPerPhone,
    attempt.created_at + 2 * DAY_MS,
  );
}

/** Releases what {@link reserveDaily} reserved, because the attempt failed. `amount` in cents. */
export const releaseDaily = (attempt: Attempt, amount: number): Statement =>
  statement("UPDATE counters SET total = max(0, total - ?) WHERE name = ?", amount, counterName(attempt));
