import { eq } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { type Filter, listBy, sumBy, type Sums } from "../../db/list.ts";
import { type Reach, within } from "../../db/reach.ts";
import { payouts } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { listPayouts as contract, PayoutView } from "./contract.ts";
import type { Payout } from "./machine/facts.ts";
import { payoutColumns } from "./search.ts";
import { loadPayout } from "./store.ts";
import { payoutView } from "./view.ts";

/** A payout within the caller's reach. One of another merchant is not found either. Errors: `not_found`. */
export async function loadOwn(ctx: Context, id: string): Promise<Payout> {
  const payout = within(ctx.reach, await loadPayout(ctx, id));
  if (payout !== null) return payout;
  throw new Problem("not_found", "There is no payout with this id. GET /v1/payouts lists yours.");
}

/** One payout. Errors: `not_found`. */
export async function getPayout(ctx: Context, { id }: { id: string }): Promise<PayoutView> {
  requireScope(ctx, "payouts:read");
  return await payoutView(ctx, await loadOwn(ctx, id));
}

/** The payout that an earlier request with the same Idempotency-Key made or changed. */
export const resumePayout = async (ctx: Context, { id }: { id: string }): Promise<PayoutView> =>
  payoutView(ctx, await loadOwn(ctx, id));

type ListInput = Input<typeof contract>;

function filterOf(ctx: Context, reach: Reach, input: ListInput): Filter {
  const filter = listFilter(input, payoutColumns(ctx, reach), [
    input.status && eq(payouts.status, input.status),
    input.reference && eq(payouts.reference, input.reference),
    input.batch && eq(payouts.batch_id, input.batch),
    input.needs_person && eq(payouts.needs_person, true),
  ]);
  const scans = filter.scans || input.needs_person !== undefined || reach.kind === "every";
  return { ...filter, scans };
}

/** Payouts, newest first. Errors: `invalid_query`; `insufficient_scope` when another merchant's are asked for. */
export async function listPayouts(ctx: Context, input: ListInput): Promise<Page<PayoutView>> {
  requireScope(ctx, "payouts:read");
  const reach = reachTo(ctx, input.merchant);
  const found = await listBy(ctx.db, reach, payouts, filterOf(ctx, reach, input), input.limit + 1);
  const views = new Map<string, PayoutView>();
  for (const row of found) views.set(row.id, await payoutView(ctx, row));
  return toPage(found, input.limit, (row) => views.get(row.id) as PayoutView); // made from the same rows above
}

/** What {@link listPayouts} lists in all, counted up to `most`; see `sumBy`. Errors: `invalid_query`. */
export async function sumPayouts(ctx: Context, input: ListInput, most: number | null): Promise<Sums | null> {
  requireScope(ctx, "payouts:read");
  const reach = reachTo(ctx, input.merchant);
  return await sumBy(ctx.db, reach, payouts, filterOf(ctx, reach, input), payouts.amount, most);
}
