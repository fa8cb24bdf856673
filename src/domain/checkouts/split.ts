import type { Context } from "../../context/context.ts";
import { nairobiDay } from "../../daraja/time.ts";
import { invalidField, Problem } from "../../problems/problem.ts";
import type { Input } from "../../http/operation.ts";
import type { createCheckout as contract } from "./contract.ts";
import { checkAmount, leftToday } from "./limits.ts";
import { type Aggregate, amountToSplit, nextPart } from "./machine.ts";
import { SHILLING } from "./machine/due.ts";

/** So many prompts at most: each is confirmed by hand. */
const MOST_PARTS = 10;
/** M-Pesa takes one prompt at a time, and answers within about this time. */
const PROMPT_MS = 60_000;

/** Checks the amount of a new checkout, `split` or not. Errors: `validation_failed` at `/amount` or `/split`. */
export function checkSplit(ctx: Context, { amount, split, partial }: Input<typeof contract>): void {
  if (split !== true) return checkAmount(ctx, amount);
  if (partial === "refuse") throw invalidField("/split", "must be false with partial: refuse, which takes no parts");
  const most = MOST_PARTS * ctx.config.limits.checkouts.maxAmount;
  if (amount > most) {
    throw invalidField(
      "/amount",
      `must be at most ${most} cents (KES ${most / 100}): ${MOST_PARTS} prompts of M-Pesa's limit for one transaction`,
    );
  }
}

/**
 * Cents of the next prompt of a `split` checkout to a phone. Null: the whole amount. There is never more than one prompt
 * at a time, and never more asked for than is due. Errors: `phone_busy`, `checkout_not_open`, `limit_exceeded`.
 */
export async function partToAsk(ctx: Context, state: Aggregate, phoneIndex: Uint8Array): Promise<number | null> {
  const now = ctx.clock.now();
  refuseSecondPrompt(state, now);
  if (amountToSplit(state) === 0) throw allAsked(state);
  const left = await leftToday(ctx, phoneIndex);
  const part = nextPart(state, { most: ctx.config.limits.checkouts.maxAmount, left, now });
  if (part >= SHILLING) return part === state.checkout.amount ? null : part;
  throw new Problem(
    "limit_exceeded",
    `This phone has paid M-Pesa's limit of ${nairobiDay(now)}. Name another phone, or go on after midnight in Nairobi.`,
  );
}

/** Errors: `phone_busy` while any prompt of the checkout has no answer. */
function refuseSecondPrompt({ attempts }: Aggregate, now: number): void {
  const pending = attempts.find(({ status }) => status === "pending");
  if (pending === undefined) return;
  const seconds = Math.max(1, Math.ceil((pending.created_at + PROMPT_MS - now) / 1000));
  throw new Problem(
    "phone_busy",
    `${pending.phone_masked} has the prompt for a part. Prompts of a split checkout come one after the other: wait for its answer.`,
    { retryAfterSeconds: seconds },
  );
}

const allAsked = ({ attempts }: Aggregate): Problem =>
  new Problem(
    "checkout_not_open",
    attempts.some(({ status }) => status === "unknown")
      ? "All that is due has been asked for, and one prompt has no clear answer: it may have been paid. Ask M-Pesa " +
        "(POST /v1/checkouts/{id}/refresh), and don't prompt again before it is known."
      : "As much as the checkout asks has come already, in parts that do not add up to its amount. Don't prompt again: " +
        "match one of its payments (POST /v1/payments/{id}/match), which settles it with what there is.",
  );
