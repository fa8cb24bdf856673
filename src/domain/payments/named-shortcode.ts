import type { Context } from "../../context/context.ts";
import type { Shortcode } from "../../context/shortcode.ts";
import { rows, select } from "../../db/query.ts";
import { shortcodes } from "../../db/schema.ts";

/** Whose the number is that a confirmation names: the merchant's own shortcode, another merchant's, or nobody's. */
export type NamedShortcode =
  | { readonly kind: "own"; readonly shortcode: Shortcode }
  | { readonly kind: "another_merchant" }
  | { readonly kind: "nobody" };

const selectByNumber = select(shortcodes, "WHERE number = ?");
const selectByStore = select(shortcodes, "WHERE store_number = ?");

/**
 * Finds the shortcode with this number, or the till with this store number. It reads the database and not the cache: a till
 * that was added a moment ago may be paid already.
 */
export async function namedShortcode(
  ctx: Omit<Context, "merchantId">,
  url: Shortcode,
  number: string,
): Promise<NamedShortcode> {
  if (number === url.number || number === url.storeNumber) return { kind: "own", shortcode: url };
  const [byNumber, byStore] = await rows(ctx.db, selectByNumber(number), selectByStore(number));
  const found = [...byNumber, ...byStore];
  const own = found.find(({ merchant_id }) => merchant_id === url.merchantId);
  if (own !== undefined) return { kind: "own", shortcode: await ctx.shortcodes.byId(own.id) };
  return { kind: found.length > 0 ? "another_merchant" : "nobody" };
}
