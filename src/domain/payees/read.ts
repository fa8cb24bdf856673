import { eq, sql } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { first } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { payees } from "../../db/schema.ts";
import { begins, type ListColumns, listFilter } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { listPayees as contract, PayeeView } from "./contract.ts";
import { selectPayeeById } from "./store.ts";
import { payeeView } from "./view.ts";

/** One entry of the payee book. Errors: `not_found`. */
export async function getPayee(ctx: Context, { id }: { id: string }): Promise<PayeeView> {
  requireScope(ctx, "payouts:read");
  const payee = within(ctx.reach, await first(ctx.db, selectPayeeById(id)));
  if (payee !== null) return await payeeView(ctx, payee);
  throw new Problem("not_found", "There is no payee with this id. GET /v1/payees lists yours.");
}

const payeeColumns = ({ vault }: Pick<Context, "vault">): ListColumns => ({
  id: payees.id,
  prefix: "pye",
  at: payees.created_at,
  phone: (digits) =>
    sql`${payees.id} in (select ${payees.id} from ${payees} where ${payees.phone_index} = ${
      vault.index("phone", digits)
    })`,
  search: (text) => begins(payees.id, text),
});

/** The payee book, newest first. Errors: `invalid_query`. */
export async function listPayees(ctx: Context, input: Input<typeof contract>): Promise<Page<PayeeView>> {
  requireScope(ctx, "payouts:read");
  const filter = listFilter(input, payeeColumns(ctx), [input.match && eq(payees.match, input.match)]);
  const scans = filter.scans || input.match !== undefined;
  const found = await listBy(ctx.db, reachTo(ctx, input.merchant), payees, { ...filter, scans }, input.limit + 1);
  const views = new Map<string, PayeeView>();
  for (const row of found) views.set(row.id, await payeeView(ctx, row));
  return toPage(found, input.limit, ({ id }) => views.get(id) as PayeeView); // made from the same rows above
}
