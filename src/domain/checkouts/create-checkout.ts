import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import type { Input } from "../../http/operation.ts";
import { invalidField } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { accountKey } from "../settlement/account-key.ts";
import { recentRules } from "../merchants/rules.ts";
import type { DuplicatePolicy, MerchantRules } from "../merchants/rules-contract.ts";
import type { CheckoutView, createCheckout as contract } from "./contract.ts";
import { duplicateIn, explainDuplicate } from "./duplicates.ts";
import { checkItems } from "./items.ts";
import { reserveDaily } from "./limits.ts";
import { addAttempt, type Aggregate, type Attempt } from "./machine.ts";
import { firstCheckAt } from "./plan.ts";
import { promptLimitGuard, withPromptLimit } from "./prompt-limits.ts";
import { newAttempt, sendPush } from "./send-push.ts";
import { checkSplit, partToAsk } from "./split.ts";
import { creationStatements } from "./transition.ts";
import { checkoutView } from "./view.ts";

type NewCheckout = Input<typeof contract>;

/**
 * Creates a checkout, and sends a push to the phone if one is given. Errors: `validation_failed`, `limit_exceeded`,
 * `prompts_limited`, `looks_like_a_duplicate`.
 */
export async function createCheckout(ctx: Context, input: NewCheckout): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:write");
  return await openCheckout(ctx, input);
}

/** The same for a payment link: without a scope, without a look for duplicates, and with statements of the same step. */
export const openCheckoutOfLink = (
  ctx: Context,
  input: Omit<NewCheckout, "phone_number">,
  linking: Linking,
): Promise<CheckoutView> => openCheckout(ctx, input, linking);

/** What is stored in the same step: `first` comes before the checkout, and may refuse it. */
export interface Linking {
  readonly first: readonly Statement[];
  readonly link: (checkoutId: string) => Statement;
}

async function openCheckout(ctx: Context, input: NewCheckout, linking?: Linking): Promise<CheckoutView> {
  checkSplit(ctx, input);
  checkItems({ items: input.items ?? [], amount: input.amount });
  checkReturnUrl(ctx, input.return_url);
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const rules = await recentRules(ctx);
  const opened = newCheckout(ctx, input, shortcode, rules);
  const attempt = input.phone_number === undefined ? null : await firstAttempt(ctx, opened, input.phone_number);
  const state = attempt === null ? opened : addAttempt(opened, attempt, ctx.clock.now());
  const policy = linking === undefined ? policyOf(rules, input) : "off";
  const statements = [
    ...linking?.first ?? [],
    ...limitStatements(ctx, attempt, attempt?.amount ?? input.amount),
    ...await creationStatements(ctx, state, policy),
    ...linking === undefined ? [] : [linking.link(state.checkout.id)],
  ];
  ctx.note({ checkout: state.checkout.id });

  if (attempt === null || input.phone_number === undefined) {
    return await createWithoutPrompt(ctx, state, policy, statements);
  }
  const write = () => commit(ctx, state.checkout.id, statements);
  const results = await withPromptLimit(ctx, attempt, () => explainDuplicate(ctx, policy, state.checkout, write));
  ctx.jobs.wake(firstCheckAt(state, ctx.config.plans.scale));
  return await sendPush(ctx, naming(state, duplicateIn(statements, results)), attempt, input.phone_number, 201);
}

async function firstAttempt(ctx: Context, opened: Aggregate, phone: string): Promise<Attempt> {
  const { checkout } = opened;
  const amount = checkout.split ? await partToAsk(ctx, opened, ctx.vault.index("phone", phone)) : null;
  return await newAttempt(ctx, checkout.id, phone, amount);
}

/** Only the stored row says whether it repeats another one, so the answer that names it is stored after it. */
async function createWithoutPrompt(
  ctx: Context,
  state: Aggregate,
  policy: DuplicatePolicy,
  statements: readonly Statement[],
): Promise<CheckoutView> {
  const { id } = state.checkout;
  const view = await checkoutView(ctx, state);
  const answer = { status: 201, body: view };
  const isKnown = policy !== "warn";
  const write = () => commit(ctx, id, [...statements, hasAccount(state)], isKnown ? answer : undefined);
  const results = await explainDuplicate(ctx, policy, state.checkout, write);
  ctx.jobs.wake(firstCheckAt(state, ctx.config.plans.scale));
  if (results.at(-1)?.rows.length === 1) ctx.jobs.wake(ctx.clock.now()); // its balance may pay the checkout
  if (isKnown) return view;
  const body = { ...view, possible_duplicate_of: duplicateIn(statements, results) };
  await commit(ctx, id, [], { status: 201, body });
  return body;
}

/** Who says that two are meant is only warned. */
const policyOf = (
  { duplicates }: MerchantRules,
  { allow_duplicate: allows }: NewCheckout,
): DuplicatePolicy => duplicates.checkouts === "refuse" && allows === true ? "warn" : duplicates.checkouts;

const naming = (state: Aggregate, possible_duplicate_of: string | null): Aggregate => ({
  ...state,
  checkout: { ...state.checkout, possible_duplicate_of },
});

/** Statement: returns a row if the checkout has the account of a standing account. A trigger has scheduled that one's job. */
const hasAccount = ({ checkout }: Aggregate): Statement =>
  statement(
    "SELECT 1 FROM standing_accounts WHERE shortcode_id = ? AND account_key = ? LIMIT 1",
    checkout.shortcode_id,
    checkout.account_key,
  );

const limitStatements = (ctx: Context, attempt: Attempt | null, amount: number): Statement[] =>
  attempt === null ? [] : [promptLimitGuard(ctx, attempt), reserveDaily(ctx, attempt, amount)];

function newCheckout(
  ctx: Context,
  input: NewCheckout,
  shortcode: Shortcode,
  rules: MerchantRules,
): Aggregate {
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
      amount_allocated: 0,
      amount_lost: 0,
      created_at: now,
      updated_at: now,
      version: 1,
      amount_received: 0,
      partial: input.split === true ? "collect" : input.partial ?? rules.partial,
      split: input.split ?? false,
      overpayment: input.overpayment ?? rules.overpayment,
      overpayment_within: input.overpayment_within ?? rules.overpayment_within,
      items: input.items ?? [],
      possible_duplicate_of: null,
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
