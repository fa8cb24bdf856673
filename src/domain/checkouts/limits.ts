import type { Context } from "../../context/context.ts";
import { nairobiDay } from "../../daraja/time.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Attempt } from "./machine.ts";

const DAY_MS = 86_400_000;

/** Safaricom's limit for one transaction (daraja.md section 10). Errors: `validation_failed` at `/amount`. */
export function checkAmount(ctx: Context, amount: number): void {
  const most = ctx.config.limits.checkouts.maxAmount;
  if (amount > most) {
    throw invalidField(
      "/amount",
      `must be at most ${most} cents (KES ${most / 100}), M-Pesa's limit for one transaction`,
    );
  }
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const nameOf = (attempt: Pick<Attempt, "phone_index" | "created_at">): string =>
  `checkout/${hex(attempt.phone_index)}/${nairobiDay(attempt.created_at)}`;

/**
 * Takes the amount from what the phone may pay in a day (daraja.md section 10); the batch fails with `limit_exceeded`
 * past the cap.
 */
export function reserveDaily(ctx: Context, attempt: Attempt, amount: number): Statement {
  return statement(
    "INSERT INTO counters (name, total, cap, expires_at) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT (name) DO UPDATE SET total = total + excluded.total, cap = excluded.cap",
    nameOf(attempt),
    amount,
    ctx.config.limits.checkouts.dailyPerPhone,
    attempt.created_at + 2 * DAY_MS,
  );
}

/** A failed attempt gives its allowance back. */
export const releaseDaily = (attempt: Attempt, amount: number): Statement =>
  statement("UPDATE counters SET total = max(0, total - ?) WHERE name = ?", amount, nameOf(attempt));
