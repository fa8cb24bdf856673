import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { ConstraintError } from "../../db/database.ts";
import { auditEntry, event } from "../../db/trail.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { accountKey } from "../settlement/account-key.ts";
import { newAccountNumber } from "./check-digit.ts";
import type { AccountView, createAccount as contract } from "./contract.ts";
import { nextCheckAfter } from "./expected.ts";
import { insertAccount, loadReachedAccount, type StandingAccount } from "./store.ts";
import { accountData, accountView, namePlace } from "./view.ts";

const MAX_TRIES = 8;

/** Creates an account, with a number of ours where none is given. Errors: `validation_failed`, `wrong_state`. */
export async function createAccount(ctx: Context, input: Input<typeof contract>): Promise<AccountView> {
  requireScope(ctx, "accounts:write");
  for (let tries = 1;; tries++) {
    try {
      return await createOnce(ctx, input);
    } catch (error) {
      if (!(error instanceof ConstraintError) || !/standing_accounts/.test(error.rule)) throw error;
      if (input.account_reference !== undefined) {
        throw new Problem(
          "wrong_state",
          "The shortcode has an account with this account_reference already. GET /v1/accounts?account_reference= finds it.",
        );
      }
      if (tries === MAX_TRIES) throw error;
    }
  }
}

async function createOnce(ctx: Context, input: Input<typeof contract>): Promise<AccountView> {
  const shortcode = await ctx.shortcodes.pick(ctx.merchantId, input.shortcode);
  const now = ctx.clock.now();
  const id = newId("acc");
  const reference = input.account_reference ?? newAccountNumber();
  const expectation = {
    expected_amount: input.expected_amount ?? null,
    due_day: input.due_day,
    expected_before: 0,
    expected_since: now,
  };
  const account: StandingAccount = {
    id,
    merchant_id: ctx.merchantId,
    shortcode_id: shortcode.id,
    account_reference: reference,
    account_key: accountKey(reference),
    is_generated: input.account_reference === undefined,
    name: await ctx.vault.seal(input.name, namePlace(id)),
    apply: input.apply,
    ...expectation,
    next_check_at: nextCheckAfter(expectation, now),
    told_version: 1,
    created_at: now,
    updated_at: now,
    version: 1,
  };
  const state = { account, balance: 0, received: 0 };
  const view = await accountView(ctx, state);
  await commit(ctx, id, [
    insertAccount(account),
    event(ctx, "account.created", id, { ...await accountData(ctx, state) }),
    auditEntry(ctx, "account.created", id, { shortcode: shortcode.number }),
    ctx.jobs.schedule("account", id, ctx.merchantId, now), // money may have come before
  ], { status: 201, body: view });
  ctx.jobs.wake(now);
  ctx.note({ account: id });
  return view;
}

/** The account that an earlier request with the same Idempotency-Key made. */
export const resumeAccount = async (ctx: Context, { id }: { id: string }): Promise<AccountView> =>
  await accountView(ctx, await loadReachedAccount(ctx, id));
