import { eq } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import type { AnswerCache, CachedAnswer } from "../../context/services.ts";
import { type Filter, sumBy, type Sums } from "../../db/list.ts";
import type { Reach } from "../../db/reach.ts";
import { checkouts } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { RawJson } from "../../http/respond.ts";
import { Problem } from "../../problems/problem.ts";
import type { CheckoutView, listCheckouts as contract } from "./contract.ts";
import { ofNumber } from "../shortcodes/of-number.ts";
import type { Aggregate } from "./machine.ts";
import { listViewRows, loadCheckout, loadViewRows } from "./store.ts";
import { checkoutColumns } from "./search.ts";
import { checkoutView, getsPayLink } from "./view.ts";

/** A checkout within the caller's reach. Another merchant's checkout is answered as one that does not exist. Errors: `not_found`. */
export async function loadOwn(ctx: Context, id: string, receipt?: string): Promise<Aggregate> {
  const state = await loadCheckout(ctx, id, receipt);
  if (state !== null && ctx.reach.covers(state.checkout.merchant_id)) return state;
  throw checkoutNotFound();
}

const checkoutNotFound = (): Problem =>
  new Problem("not_found", "There is no checkout with this id. GET /v1/checkouts lists yours.");

/** An answer has about 2 KB, and up to 60 KB with much metadata, so bytes count too. */
const MAX_CACHED_ANSWERS = 4_096;
const MAX_CACHED_BYTES = 32 * 1_048_576;

/** The cache of {@link getCheckout}: a shop asks many times before anything changes. */
export const createAnswerCache = (): AnswerCache =>
  new LRUCache<string, CachedAnswer>({
    max: MAX_CACHED_ANSWERS,
    maxSize: MAX_CACHED_BYTES,
    sizeCalculation: ({ json }, rows) => 2 * (json.length + rows.length),
  });

/** One checkout. Errors: `not_found`. */
export async function getCheckout(ctx: Context, { id }: { id: string }): Promise<RawJson> {
  requireScope(ctx, "checkouts:read");
  const found = await loadViewRows(ctx, id);
  if (found === null) throw checkoutNotFound();
  const health = ctx.darajaHealth.promptsFail ? "failing" : "";
  const name = `${getsPayLink(ctx) ? "pay" : "read"}${health} ${found.text}`; // the answers differ in link and health
  let answer = ctx.checkoutAnswers.get(name);
  if (answer === undefined) {
    const rows = found.read();
    answer = { merchantId: rows.checkout.merchant_id, json: JSON.stringify(await checkoutView(ctx, rows)) };
    ctx.checkoutAnswers.set(name, answer);
  }
  if (!ctx.reach.covers(answer.merchantId)) throw checkoutNotFound();
  return new RawJson(answer.json);
}

/**
 * The checkout that an earlier request with the same Idempotency-Key created or changed. No scope is checked here, because
 * that request had the scope to write.
 */
export const resumeCheckout = async (ctx: Context, { id }: { id: string }): Promise<CheckoutView> =>
  checkoutView(ctx, await loadOwn(ctx, id));

type ListInput = Input<typeof contract>;

const filterOf = (ctx: Context, reach: Reach, input: ListInput): Filter => {
  const filter = listFilter(input, checkoutColumns(ctx, reach), [
    input.status && eq(checkouts.status, input.status),
    input.reference && eq(checkouts.reference, input.reference),
    // A number of a merchant out of reach matches nothing, as one that never was.
    input.shortcode && ofNumber(checkouts.shortcode_id, input.shortcode),
  ]);
  return input.shortcode === undefined ? filter : { ...filter, scans: true }; // it may have very few of them
};

/** Checkouts, newest first. Errors: `invalid_query`. */
export async function listCheckouts(ctx: Context, input: ListInput): Promise<Page<CheckoutView>> {
  requireScope(ctx, "checkouts:read");
  const reach = reachTo(ctx, input.merchant);
  const found = await listViewRows(ctx, reach, filterOf(ctx, reach, input), input.limit + 1);
  const views = await Promise.all(found.map((state) => checkoutView(ctx, state)));
  return toPage(views, input.limit, (view) => view);
}

/** What {@link listCheckouts} lists in all, counted up to `most`; see `sumBy`. Errors: `invalid_query`. */
export async function sumCheckouts(ctx: Context, input: ListInput, most: number | null): Promise<Sums | null> {
  requireScope(ctx, "checkouts:read");
  const reach = reachTo(ctx, input.merchant);
  return await sumBy(ctx.db, reach, checkouts, filterOf(ctx, reach, input), checkouts.amount, most);
}

/** One checkout, as an object. Errors: `not_found`. */
export async function findCheckout(ctx: Context, id: string): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:read");
  return await checkoutView(ctx, await loadOwn(ctx, id));
}
