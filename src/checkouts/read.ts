import { eq, lt } from "drizzle-orm";
import { type Context, requireScope } from "../context.ts";
import { list } from "../db/list.ts";
import { type Query, rows, select } from "../db/query.ts";
import { attempts, checkouts, payments } from "../db/schema.ts";
import type { Input } from "../http/operation.ts";
import { beforeId, type Page, page } from "../http/pagination.ts";
import { Problem } from "../problem.ts";
import type { CheckoutView, listCheckouts as contract } from "./contract.ts";
import type { Aggregate } from "./machine.ts";
import { load } from "./store.ts";
import { checkoutView } from "./view.ts";

/** A checkout of the merchant that asks. Another merchant's is as unknown as one that never was. Errors: `not_found`. */
export async function own(ctx: Context, id: string, receipt?: string): Promise<Aggregate> {
  const state = await load(ctx, id, receipt);
  if (state !== null && state.checkout.merchant_id === ctx.merchantId) return state;
  throw new Problem("not_found", "There is no checkout with this id. GET /v1/checkouts lists yours.");
}

/** One checkout. Errors: `not_found`. */
export async function getCheckout(ctx: Context, { id }: { id: string }): Promise<CheckoutView> {
  requireScope(ctx, "checkouts:read");
  return await checkoutView(ctx, await own(ctx, id));
}

/** The checkout that an earlier request with the same Idempotency-Key made or changed; it had the scope to write. */
export const resumeCheckout = async (ctx: Context, { id }: { id: string }): Promise<CheckoutView> =>
  checkoutView(ctx, await own(ctx, id));

const IN = "IN (SELECT value FROM json_each(?)) ORDER BY id";
const attemptsOf: (ids: string) => Query<Aggregate["attempts"][number]> = select(attempts, `WHERE checkout_id ${IN}`);
const paymentsOf: (ids: string) => Query<Aggregate["payments"][number]> = select(payments, `WHERE checkout_id ${IN}`);

/** Checkouts, newest first. Errors: `invalid_query`. */
export async function listCheckouts(ctx: Context, input: Input<typeof contract>): Promise<Page<CheckoutView>> {
  requireScope(ctx, "checkouts:read");
  const found = await list(
    ctx.db,
    checkouts,
    [
      eq(checkouts.merchant_id, ctx.merchantId),
      lt(checkouts.id, beforeId(input.cursor)),
      input.status && eq(checkouts.status, input.status),
      input.reference && eq(checkouts.reference, input.reference),
    ],
    checkouts.id,
    input.limit + 1,
  );
  const ids = JSON.stringify(found.map((checkout) => checkout.id));
  const [theirAttempts, theirPayments] = await rows(ctx.db, attemptsOf(ids), paymentsOf(ids));
  const views = new Map<string, CheckoutView>();
  for (const checkout of found) {
    const of = <T extends { checkout_id: string | null }>(rows: T[]) =>
      rows.filter((row) => row.checkout_id === checkout.id);
    views.set(
      checkout.id,
      await checkoutView(ctx, { checkout, attempts: of(theirAttempts), payments: of(theirPayments) }),
    );
  }
  return page(found, input.limit, (checkout) => views.get(checkout.id) as CheckoutView); // made from the same rows above
}
