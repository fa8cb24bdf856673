import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { paymentLinks } from "../../db/schema.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import type { listPaymentLinks as contract, PaymentLinkView } from "./contract.ts";
import { loadReachedLink, withSums } from "./store.ts";
import { linkView } from "./view.ts";

/** One payment link. Errors: `not_found`. */
export async function getPaymentLink(ctx: Context, { id }: { id: string }): Promise<PaymentLinkView> {
  requireScope(ctx, "checkouts:read");
  return await linkView(ctx, await loadReachedLink(ctx, id));
}

const linkColumns: ListColumns = {
  id: paymentLinks.id,
  prefix: "lnk",
  at: paymentLinks.created_at,
  search: (text) => beginsAny([paymentLinks.id, paymentLinks.code, paymentLinks.description], text),
};

/** Payment links, newest first. Errors: `invalid_query`. */
export async function listPaymentLinks(ctx: Context, input: Input<typeof contract>): Promise<Page<PaymentLinkView>> {
  requireScope(ctx, "checkouts:read");
  const filter = listFilter(input, linkColumns);
  const found = await listBy(ctx.db, reachTo(ctx, input.merchant), paymentLinks, filter, input.limit + 1);
  const views = await Promise.all((await withSums(ctx, found)).map((state) => linkView(ctx, state)));
  return toPage(views, input.limit, (view) => view);
}
