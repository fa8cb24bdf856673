import type { Answer, Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { rows, statement } from "../../db/query.ts";
import { releaseTaken } from "./release-taken.ts";
import { isExactAccount } from "../settlement/account-key.ts";
import {
  type Aggregate,
  applyFact,
  CLOCK_SKEW_MS,
  type Fact,
  findFree,
  hasOwnMoney,
  type Payment,
  releasePayment,
  toFree,
} from "./machine.ts";
import { saveCheckout } from "./save.ts";
import { abortIfUnseenMoney, loadCheckout, loadCheckoutWithFree } from "./store.ts";
import { changeStatements } from "./transition.ts";

/** The facts that a query gave about one attempt. */
export interface AttemptFacts {
  readonly attemptId: string;
  readonly facts: readonly Fact[];
}

const isPaid = ({ facts }: AttemptFacts): boolean => facts.some(({ kind }) => kind === "paid");

/** Since when (ms) money may have moved for these attempts. */
const pushedSince = ({ attempts }: Aggregate, results: readonly AttemptFacts[]): number =>
  Math.min(...attempts.filter(({ id }) => results.some(({ attemptId }) => attemptId === id)).map((a) => a.created_at)) -
  CLOCK_SKEW_MS;

/**
 * The checkout as queries must see it before their facts are added. A query that says paid names no receipt, so money
 * that may be the same is loaded too.
 */
export async function loadForQueryResults(
  ctx: Context,
  known: Aggregate,
  results: readonly AttemptFacts[],
  isRetry: boolean,
): Promise<Aggregate> {
  const paid = results.filter(isPaid);
  if (paid.length === 0) return isRetry ? await loadCheckout(ctx, known.checkout.id) ?? known : known;
  return await loadCheckoutWithFree(ctx, known.checkout.id, pushedSince(known, paid)) ?? known;
}

/** The checkout with the results of queries applied, and what is written about other checkouts and accounts in the same batch. */
export interface Applied {
  readonly after: Aggregate;
  readonly others: readonly Statement[];
  /** Written after the checkout's own rows: accounts lose the money that a prompt of the checkout was paid by. */
  readonly released: readonly Statement[];
  /** Written first: see {@link releaseTaken}. */
  readonly guards: readonly Statement[];
}

/**
 * Applies the results of queries. A prompt that was paid has a transfer of its own. If only the account says that money is
 * another checkout's, and no other money fits, then it is this prompt's, and the other checkout is settled without it.
 */
export async function applyQueryResults(
  ctx: Context,
  before: Aggregate,
  results: readonly AttemptFacts[],
  now: number,
): Promise<Applied> {
  let state = results.some(isPaid) ? await withoutOthers(ctx, before) : before;
  const holders = new Map<string, Holder>();
  for (const one of results) {
    const named = isPaid(one) ? findNamed(state, one.attemptId, now) : undefined;
    if (named !== undefined) {
      await releaseNamed(ctx, holders, named, now);
      state = { ...state, payments: state.payments.map((p) => (p.id === named.id ? toFree(p) : p)) };
    }
    state = one.facts.reduce((next, fact) => applyFact(next, one.attemptId, fact, now), state);
  }
  const others: Statement[] = [];
  for (const { before: holder, after } of holders.values()) {
    others.push(...await changeStatements(ctx, holder, after, "checkout.receipt_taken"));
  }
  const { after, statements: released, guards } = await releaseTaken(ctx, before, state);
  return { after, others, released, guards };
}

/** A checkout that loses money to this one: as it was loaded, and without all that was taken. */
interface Holder {
  readonly before: Aggregate;
  readonly after: Aggregate;
}

const SELECT_ACCOUNTS = "SELECT account_reference FROM checkouts WHERE shortcode_id = ? AND account_key = ? " +
  "ORDER BY id DESC LIMIT 20";

/** The checkout without money whose account is exactly another checkout's, and only spelt like this one's. */
async function withoutOthers(ctx: Context, state: Aggregate): Promise<Aggregate> {
  const { shortcode_id, account_key, account_reference: own } = state.checkout;
  const isAlike = (p: Payment) =>
    p.checkout_id !== state.checkout.id && p.account_key !== "" && !isExactAccount(p.account_reference ?? "", own);
  if (!state.payments.some(isAlike)) return state;
  const query = statement(SELECT_ACCOUNTS, shortcode_id, account_key);
  const [accounts] = await rows(ctx.db, { ...query, map: ([account]) => String(account) });
  const isOthers = (p: Payment) => isAlike(p) && accounts.some((a) => isExactAccount(p.account_reference ?? "", a));
  return { ...state, payments: state.payments.filter((p) => !isOthers(p)) };
}

/** Money that only its account gives to another checkout, if the attempt has no other. */
function findNamed(state: Aggregate, attemptId: string, now: number): Payment | undefined {
  const { checkout, payments } = state;
  if (hasOwnMoney(state, attemptId, now)) return undefined;
  const named = payments.filter((p) => p.checkout_id !== null && p.checkout_id !== checkout.id).map(toFree);
  const found = findFree({ ...state, payments: named }, attemptId, now);
  return payments.find(({ id }) => id === found?.id);
}

/** Two prompts may take money of one checkout. That is one step of it: two would each refuse the other. */
async function releaseNamed(
  ctx: Context,
  holders: Map<string, Holder>,
  { id, checkout_id: holderId }: Payment,
  now: number,
): Promise<void> {
  if (holderId === null) return;
  const known = holders.get(holderId);
  const before = known?.before ?? await loadCheckout(ctx, holderId);
  if (before === null) return;
  ctx.note({ taken_from: holderId });
  holders.set(holderId, { before, after: releasePayment(known?.after ?? before, id, now) });
}

/** Writes it. Errors: `conflict` where money arrived meanwhile that may be what an attempt was paid by. */
export function saveQueryResults(
  ctx: Context,
  before: Aggregate,
  { after, others, released, guards }: Applied,
  results: readonly AttemptFacts[],
  action: "checkout.followed" | "checkout.refreshed",
  answer?: Answer,
): Promise<Aggregate> {
  const paid = results.filter(isPaid);
  const guard = paid.length === 0 ? [] : [abortIfUnseenMoney(before, pushedSince(before, paid))];
  return saveCheckout(ctx, before, after, action, {
    first: [...guards, ...others],
    statements: [...released, ...guard],
    ...(answer === undefined ? {} : { answer }),
  });
}
