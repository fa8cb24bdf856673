import { eq } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { first, select } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { shortcodes } from "../../db/schema.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { listShortcodes as contract, ShortcodeView } from "./contract.ts";
import type { ShortcodeRow } from "../../context/shortcode.ts";
import { shortcodeView } from "./view.ts";

const selectShortcode = select(shortcodes, "WHERE id = ?");

/** A shortcode within the caller's reach, read from the database. Errors: `not_found`. */
export async function loadOwnRow(ctx: Context, id: string): Promise<ShortcodeRow> {
  const row = within(ctx.reach, await first(ctx.db, selectShortcode(id)));
  if (row !== null) return row;
  throw new Problem("not_found", "There is no shortcode with this id. GET /v1/shortcodes lists yours.");
}

/** One shortcode, without its secrets. Errors: `not_found`. */
export async function getShortcode(ctx: Context, { id }: { id: string }): Promise<ShortcodeView> {
  requireScope(ctx, "shortcodes:read");
  return await shortcodeView(ctx, await loadOwnRow(ctx, id));
}

const shortcodeColumns: ListColumns = {
  id: shortcodes.id,
  at: shortcodes.created_at,
  search: (text) => beginsAny([shortcodes.id, shortcodes.number, shortcodes.store_number, shortcodes.name], text),
  small: true,
};

/** Shortcodes, newest first. */
export async function listShortcodes(ctx: Context, input: Input<typeof contract>): Promise<Page<ShortcodeView>> {
  requireScope(ctx, "shortcodes:read");
  const filter = listFilter(input, shortcodeColumns, [input.store && eq(shortcodes.store, input.store)]);
  const rows = await listBy(ctx.db, reachTo(ctx, input.merchant), shortcodes, filter, input.limit + 1);
  const views = new Map(
    await Promise.all(rows.map(async (row) => [row.id, await shortcodeView(ctx, row)] as const)),
  );
  return toPage(rows, input.limit, (row) => views.get(row.id) as ShortcodeView); // made from the same rows above
}
