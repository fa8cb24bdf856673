import { eq, sql } from "drizzle-orm";
import type { Payment } from "../checkouts/machine.ts";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { type Filter, listBy, sumBy, type Sums } from "../../db/list.ts";
import { first, select } from "../../db/query.ts";
import { type Reach, within } from "../../db/reach.ts";
import { allocations, payments } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { either, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { PaymentView } from "../checkouts/payment-contract.ts";
import { ofNumber } from "../shortcodes/of-number.ts";
import type { listPayments as contract, PaymentDetail } from "./contract.ts";
import { paymentDetail } from "./detail.ts";
import { paymentColumns } from "./search.ts";
import { findSurvivor } from "./survivor.ts";
import { paymentView } from "../checkouts/payment-view.ts";

const selectPayment = select(payments, "WHERE id = ?");

/** A payment within the caller's reach, also by the id of one that became it. Errors: `not_found`. */
export async function loadOwnPayment(ctx: Context, id: string): Promise<Payment> {
  const row = within(ctx.reach, await first(ctx.db, selectPayment(id))) ?? (await findSurvivor(ctx, id))?.payment;
  if (row !== undefined) return row;
  throw new Problem("not_found", "There is no payment with this id. GET /v1/payments lists yours.");
}

/** One payment, with the notices that reported it and suggested checkouts. Errors: `not_found`. */
export async function getPayment(ctx: Context, { id }: { id: string }): Promise<PaymentDetail> {
  requireScope(ctx, "payments:read");
  return await paymentDetail(ctx, await loadOwnPayment(ctx, id));
}

/** Payments that are a checkout's own, and those that were allocated to it. */
const ofCheckout = (checkout: string) =>
  either(payments.id, [
    sql`select id from ${payments} where ${payments.checkout_id} = ${checkout}`,
    sql`select ${allocations.payment_id} from ${allocations} where ${allocations.checkout_id} = ${checkout}`,
  ]);

type ListInput = Input<typeof contract>;

const filterOf = (ctx: Context, reach: Reach, input: ListInput): Filter => {
  const filter = listFilter(input, paymentColumns(ctx, reach), [
    input.status && eq(payments.status, input.status),
    input.channel && eq(payments.channel, input.channel),
    // A number of a merchant out of reach matches nothing, as one that never was.
    input.shortcode && ofNumber(payments.shortcode_id, input.shortcode),
    input.checkout && ofCheckout(input.checkout),
    input.receipt && eq(payments.receipt, input.receipt.trim().toUpperCase()),
  ]);
  const hasFew = input.channel !== undefined || input.shortcode !== undefined; // no index finds them
  return hasFew ? { ...filter, scans: true } : filter;
};

/** Payments, newest first. Errors: `invalid_query`. */
export async function listPayments(ctx: Context, input: ListInput): Promise<Page<PaymentView>> {
  requireScope(ctx, "payments:read");
  const reach = reachTo(ctx, input.merchant);
  const rows = await listBy(ctx.db, reach, payments, filterOf(ctx, reach, input), input.limit + 1);
  const views = await Promise.all(rows.map((row) => paymentView(ctx, row)));
  const byId = new Map(views.map((view) => [view.id, view]));
  return toPage(rows, input.limit, (row) => byId.get(row.id) as PaymentView); // made from the same rows above
}

/** What {@link listPayments} lists in all, counted up to `most`; see `sumBy`. Errors: `invalid_query`. */
export async function sumPayments(ctx: Context, input: ListInput, most: number | null): Promise<Sums | null> {
  requireScope(ctx, "payments:read");
  const reach = reachTo(ctx, input.merchant);
  return await sumBy(ctx.db, reach, payments, filterOf(ctx, reach, input), payments.amount, most);
}
