import { eq, type InferSelectModel, lt } from "drizzle-orm";
import { type Context, requireScope } from "../context.ts";
import { list } from "../db/list.ts";
import { first, select } from "../db/query.ts";
import { shortcodes } from "../db/schema.ts";
import { time } from "../http/fields.ts";
import type { Input } from "../http/operation.ts";
import { beforeId, type Page, page } from "../http/pagination.ts";
import { Problem } from "../problem.ts";
import type { listShortcodes as contract, ShortcodeView } from "./contract.ts";

const selectShortcode = select(shortcodes, "WHERE id = ? AND merchant_id = ?");

const view = (row: InferSelectModel<typeof shortcodes>): ShortcodeView => ({
  id: row.id,
  kind: row.kind,
  number: row.number,
  store_number: row.store_number,
  name: row.name,
  default: row.is_default,
  created_at: time(row.created_at),
  updated_at: time(row.updated_at),
});

/** One shortcode, without its secrets. Errors: `not_found`. */
export async function getShortcode(ctx: Context, { id }: { id: string }): Promise<ShortcodeView> {
  requireScope(ctx, "shortcodes:read");
  const row = await first(ctx.db, selectShortcode(id, ctx.merchantId));
  if (row === null) {
    throw new Problem("not_found", "There is no shortcode with this id. GET /v1/shortcodes lists yours.");
  }
  return view(row);
}

/** Shortcodes, newest first. */
export async function listShortcodes(ctx: Context, input: Input<typeof contract>): Promise<Page<ShortcodeView>> {
  requireScope(ctx, "shortcodes:read");
  const conditions = [eq(shortcodes.merchant_id, ctx.merchantId), lt(shortcodes.id, beforeId(input.cursor))];
  return page(await list(ctx.db, shortcodes, conditions, shortcodes.id, input.limit + 1), input.limit, view);
}
