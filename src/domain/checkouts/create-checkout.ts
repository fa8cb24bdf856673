import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { accountKey } from "../settlement/account-key.ts";
import type { CheckoutView, createCheckout as contract } from "./contract.ts";
import { checkAmount, reserveDaily } from "./limits.ts";
import { addAttempt, type Aggregate, type Attempt } from "./machine.ts";
import { firstCheckAt } from "./plan.ts";
import { promptLimitGuard, withPromptLimit } from "./prompt-limits.ts";
import { newAttempt, sendPush } from "./send-push.ts";
import { creationStatements } from "./transition.ts";
import { checkoutView } from "./view.ts";

/** Creates a checkout, and sends a push to the phone if one is given. Errors: `validation_failed`, `limit_exceeded`, `prompts_limited`. */
export async function createCheckout(ctx: Context, input: Input<typeof contract>): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:write");
  checkAmount(ctx, input.amount);
  checkReturnUrl(ctx, input.return_url);
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const opened = newCheckout(ctx, input, shortcode);
  const attempt = input.phone_number === undefined
    ? null
    : await newAttempt(ctx, opened.checkout.id, input.phone_number);
  const state = attempt === null ? opened : addAttempt(opened, attempt, ctx.clock.now());
  const statements = [...limitStatements(ctx, attempt, input.amount), ...await creationStatements(ctx, state)];
  ctx.note({ checkout: state.checkout.id });

  if (attempt === null || input.phone_number === undefined) {
    const view = await checkoutView(ctx, state);
    await commit(ctx, state.checkout.id, statements, { status: 201, body: view });
    ctx.jobs.wake(firstCheckAt(state, ctx.config.plans.scale));
    return view;
  }
  await withPromptLimit(ctx, attempt, () => commit(ctx, state.checkout.id, statements));
  ctx.jobs.wake(firstCheckAt(state, ctx.config.plans.scale));
  return await sendPush(ctx, state, attempt, input.phone_number, 201);
}

const limitStatements = (ctx: Context, attempt: Attempt | null, amount: number): Statement[] =>
  attempt === null ? [] : [promptLimitGuard(ctx, attempt), reserveDaily(ctx, attempt, amount)];

function newCheckout(ctx: Context, input: Input<typeof contract>, shortcode: Shortcode): Aggregate {
  const now = ctx.clock.now();
  const id = newId("chk");
  const account = input.account_reference ?? accountFromId(id);
  return {
    checkout: {
      id,
      merchant_id: ctx.merchantId,
      shortcode_id: shortcode.id,
      status: "open",
      amount: input.amount,
      currency: input.currency,
      reference: input.reference,
      account_reference: account,
      account_key: accountKey(account),
      description: input.description ?? "Payment",
      return_url: input.return_url ?? null,
      metadata: input.metadata ?? {},
      expires_at: now + input.expires_in * 1000,
      cancelled_at: null,
      expired_at: null,
      created_at: now,
      updated_at: now,
      version: 1,
    },
    attempts: [],
    payments: [],
  };
}

/** An account that a customer can type: the last 8 characters of the id, which are random, in capitals. */
const accountFromId = (id: string): string => id.slice(-8).toUpperCase();

function checkReturnUrl(ctx: Context, url: string | undefined): void {
  if (url !== undefined && url.startsWith("http:") && ctx.config.environment === "production") {
    throw invalidField("/return_url", "must be https: in production");
  }
}
