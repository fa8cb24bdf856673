import { or, sql } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { people } from "../../db/schema.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import type { listPeople as contract, PersonView } from "./contract.ts";
import { loadOwn } from "./load.ts";
import { emailIndexes } from "./store.ts";
import { personView, personViews } from "./view.ts";

/** One person. Errors: `not_found`. */
export async function getPerson(ctx: Context, { id }: { id: string }): Promise<PersonView> {
  requireScope(ctx, "operator");
  return await personView(ctx, await loadOwn(ctx, id));
}

/** E-mails are sealed, so only a whole one is found. */
const columnsOf = ({ vault }: Context): ListColumns => ({
  id: people.id,
  at: people.created_at,
  search: (text) => or(beginsAny([people.id], text), isOf(emailIndexes(vault, text))) ?? sql`0`,
  small: true,
});

const isOf = (indexes: readonly Uint8Array[]) =>
  sql`${people.email_index} IN (${sql.join(indexes.map((index) => sql`${index}`), sql`, `)})`;

/** People, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listPeople(ctx: Context, input: Input<typeof contract>): Promise<Page<PersonView>> {
  requireScope(ctx, "operator");
  const filter = listFilter(input, columnsOf(ctx));
  const rows = await listBy(ctx.db, reachTo(ctx, input.merchant), people, filter, input.limit + 1);
  const page = toPage(rows, input.limit, (row) => row);
  return { ...page, data: [...await personViews(ctx, page.data)] };
}
