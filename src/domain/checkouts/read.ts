import { eq, lt } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { type Context, requireScope } from "../../context/context.ts";
import { checkouts } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import { RawJson } from "../../http/respond.ts";
import { Problem } from "../../problems/problem.ts";
import type { CheckoutView, listCheckouts as contract } from "./contract.ts";
import type { Aggregate } from "./machine.ts";
import { listViewRows, loadCheckout, loadViewRows } from "./store.ts";
import { checkoutView } from "./view.ts";

/** A checkout of the merchant that asks. Another merchant's is as unknown as one that never was. Errors: `not_found`. */
export async function loadOwn(ctx: Context, id: string, receipt?: string): Promise<Aggregate> {
  const state = await loadCheckout(ctx, id, receipt);
  if (state !== null && state.checkout.merchant_id === ctx.merchantId) return state;
  throw unknown();
}

const unknown = (): Problem =>
  new Problem("not_found", "There is no checkout with this id. GET /v1/checkouts lists yours.");

interface Answer {
  readonly merchantId: string;
  readonly json: RawJson;
}

/** By service: its answers by what the database said, since a shop asks many times before anything changes. */
const answers = new WeakMap<object, LRUCache<string, Answer>>();
const ANSWERS_KEPT = 4_096; // of some 2 KB

/** One checkout. Errors: `not_found`. */
export async function getCheckout(ctx: Context, { id }: { id: string }): Promise<RawJson> {
  requireScope(ctx, "checkouts:read");
  const found = await loadViewRows(ctx, id);
  if (found === null) throw unknown();
  let known = answers.get(ctx.capabilities);
  if (known === undefined) answers.set(ctx.capabilities, known = new LRUCache({ max: ANSWERS_KEPT }));
  let answer = known.get(found.text);
  if (answer === undefined) {
    const shown = found.read();
    const json = new RawJson(JSON.stringify(await checkoutView(ctx, shown)));
    answer = { merchantId: shown.checkout.merchant_id, json };
    known.set(found.text, answer);
  }
  if (answer.merchantId !== ctx.merchantId) throw unknown();
  return answer.json;
}

/** The checkout that an earlier request with the same Idempotency-Key made or changed; it had the scope to write. */
export const resumeCheckout = async (ctx: Context, { id }: { id: string }): Promise<CheckoutView> =>
  checkoutView(ctx, await loadOwn(ctx, id));

/** Checkouts, newest first. Errors: `invalid_query`. */
export async function listCheckouts(ctx: Context, input: Input<typeof contract>): Promise<Page<CheckoutView>> {
  requireScope(ctx, "checkouts:read");
  const found = await listViewRows(
    ctx,
    [
      eq(checkouts.merchant_id, ctx.merchantId),
      lt(checkouts.id, idBeforeCursor(input.cursor)),
      input.status && eq(checkouts.status, input.status),
      input.reference && eq(checkouts.reference, input.reference),
    ],
    input.limit + 1,
  );
  const views = await Promise.all(found.map((state) => checkoutView(ctx, state)));
  return toPage(views, input.limit, (view) => view);
}
