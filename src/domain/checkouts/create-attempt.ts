import { type Context, requireScope } from "../../context/context.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import type { CheckoutView, createAttempt as contract } from "./contract.ts";
import { reserveDaily } from "./limits.ts";
import { addAttempt, type Aggregate, amountToAsk, type Attempt } from "./machine.ts";
import { checkPhonesOfCheckout, checkPromptsOfCheckout, promptLimitGuard, withPromptLimit } from "./prompt-limits.ts";
import { newAttempt, sendPush } from "./send-push.ts";
import { loadOwn } from "./read.ts";
import { partToAsk } from "./split.ts";
import { saveCheckout } from "./save.ts";
import { abortIfPromised } from "./store.ts";
import { retryOnConflict } from "../../db/retry.ts";

/** Daraja refuses a second push to a phone for about a minute (daraja.md sections 2.3 and 10). */
const PHONE_BUSY_MS = 60_000;

/** Sends one more push, for the merchant. Errors: as {@link promptAgain}. */
export async function createAttempt(ctx: Context, input: Input<typeof contract>): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:write");
  return await promptAgain(ctx, input.id, input.phone_number);
}

/**
 * Sends one more push for a checkout of the context's merchant. `phone` has 12 digits. It checks no scope: the merchant may
 * do this, and so may the shopper on the page of the checkout. Errors: `not_found`, `checkout_not_open`, `phone_busy` and `prompts_limited` with Retry-After,
 * `limit_exceeded`.
 */
export async function promptAgain(ctx: Context, id: string, phone: string): Promise<CheckoutView> {
  const { state, attempt } = await retryOnConflict(async () => {
    const before = await loadOwn(ctx, id);
    checkOpen(ctx, before);
    const amount = before.checkout.split
      ? await partToAsk(ctx, before, ctx.vault.index("phone", phone))
      : amountToAsk(before);
    if (amount === 0) throw nothingToAsk();
    const attempt = await newAttempt(ctx, before.checkout.id, phone, amount);
    checkNotBusy(ctx, before, attempt);
    checkPromptsOfCheckout(ctx, before);
    if (ctx.actor === "shopper") checkPhonesOfCheckout(ctx, before, attempt);
    const after = addAttempt(before, attempt, ctx.clock.now());
    const statements = [
      promptLimitGuard(ctx, attempt),
      reserveDaily(ctx, attempt, amount ?? before.checkout.amount),
      ...before.payments.map(abortIfPromised), // what is given back meanwhile is due again
    ];
    const write = () => saveCheckout(ctx, before, after, "attempt.created", { statements });
    return { state: await withPromptLimit(ctx, attempt, write), attempt };
  });
  ctx.note({ checkout: state.checkout.id, attempt: attempt.id });
  return await sendPush(ctx, state, attempt, phone, 201);
}

function checkOpen(ctx: Context, { checkout }: Aggregate): void {
  const isOver = ctx.clock.now() >= checkout.expires_at;
  if (!isOver && (checkout.status === "open" || checkout.status === "pending")) return;
  const state = isOver && checkout.status === "open" ? "expired" : checkout.status;
  throw new Problem(
    "checkout_not_open",
    `The checkout is ${state}, so no phone can be prompted for it. Create a new checkout.`,
  );
}

const nothingToAsk = (): Problem =>
  new Problem(
    "checkout_not_open",
    "As much as the checkout asks has come already, in parts that do not add up to its amount. Don't prompt again: " +
      "match one of its payments (POST /v1/payments/{id}/match), which settles it with what there is.",
  );

function checkNotBusy(ctx: Context, { attempts }: Aggregate, next: Attempt): void {
  const own = new Set(ctx.vault.alike(next.phone_index).map((index) => index.toHex()));
  const waiting = attempts.filter((a) => a.status === "pending" && own.has(a.phone_index.toHex()));
  const waitsMs = waiting.map((a) => a.created_at + PHONE_BUSY_MS - ctx.clock.now());
  const waitMs = Math.max(0, ...waitsMs);
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1000);
  throw new Problem(
    "phone_busy",
    `${next.phone_masked} already has a prompt for this checkout, and M-Pesa takes one at a time. Wait for its answer, or ${seconds} s, or name another phone.`,
    { retryAfterSeconds: seconds },
  );
}
