import { eq } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { type Filter, listBy, sumBy, type Sums } from "../../db/list.ts";
import { within } from "../../db/reach.ts";
import { refunds } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { listRefunds as contract, RefundView } from "./contract.ts";
import type { Refund } from "./machine/facts.ts";
import { refundColumns } from "./search.ts";
import { loadRefund } from "./store.ts";
import { refundView } from "./view.ts";

/** A refund within the caller's reach. One of another merchant is not found either. Errors: `not_found`. */
export async function loadOwn(ctx: Context, id: string): Promise<Refund> {
  const refund = within(ctx.reach, await loadRefund(ctx, id));
  if (refund !== null) return refund;
  throw new Problem("not_found", "There is no refund with this id. GET /v1/refunds lists yours.");
}

/** One refund. Errors: `not_found`. */
export async function getRefund(ctx: Context, { id }: { id: string }): Promise<RefundView> {
  requireScope(ctx, "refunds:read");
  return await refundView(ctx, await loadOwn(ctx, id));
}

/** The refund that an earlier request with the same Idempotency-Key made or changed. */
export const resumeRefund = async (ctx: Context, { id }: { id: string }): Promise<RefundView> =>
  refundView(ctx, await loadOwn(ctx, id));

type ListInput = Input<typeof contract>;

const filterOf = (input: ListInput): Filter =>
  listFilter(input, refundColumns, [
    input.status && eq(refunds.status, input.status),
    input.payment && eq(refunds.payment_id, input.payment),
  ]);

/** What {@link listRefunds} lists in all, counted up to `most`; see `sumBy`. Errors: `invalid_query`. */
export async function sumRefunds(ctx: Context, input: ListInput, most: number | null): Promise<Sums | null> {
  requireScope(ctx, "refunds:read");
  return await sumBy(ctx.db, reachTo(ctx, input.merchant), refunds, filterOf(input), refunds.amount, most);
}

/** Refunds, newest first. Errors: `invalid_query`. */
export async function listRefunds(ctx: Context, input: ListInput): Promise<Page<RefundView>> {
  requireScope(ctx, "refunds:read");
  const reach = reachTo(ctx, input.merchant);
  const found = await listBy(ctx.db, reach, refunds, filterOf(input), input.limit + 1);
  const views = new Map<string, RefundView>();
  for (const row of found) views.set(row.id, await refundView(ctx, row));
  return toPage(found, input.limit, (row) => views.get(row.id) as RefundView); // made from the same rows above
}
