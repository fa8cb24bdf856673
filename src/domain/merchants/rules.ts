import { LRUCache } from "lru-cache";
import type { Context } from "../../context/context.ts";
import type { Database } from "../../db/database.ts";
import { first, type Query, select } from "../../db/query.ts";
import { merchantSettings } from "../../db/schema.ts";
import { type MerchantRules, merchantRules } from "./rules-contract.ts";

export const defaultRules: MerchantRules = merchantRules.parse({});

type Row = typeof merchantSettings.$inferSelect;

export const selectSettings: (merchantId: string) => Query<Row> = select(merchantSettings, "WHERE merchant_id = ?");

/** The rules of a stored row, or the defaults where nothing is stored. */
export const rulesOf = (row: Row | null | undefined): MerchantRules =>
  row === null || row === undefined ? defaultRules : merchantRules.parse(row.rules);

/** The rules of the merchant that asks. */
export const loadRules = async (ctx: Context): Promise<MerchantRules> =>
  rulesOf(await first(ctx.db, selectSettings(ctx.merchantId)));

/** How long a process believes the rules that it has read: a change is noticed within this time everywhere. */
const BELIEVED_MS = 5_000;
const MAX_KNOWN = 1_000;

interface Known {
  readonly rules: MerchantRules;
  readonly until: number;
}
const known = new WeakMap<Database, LRUCache<string, Known>>();

/** The same, of the last 5 s: so a checkout needs no round trip for it. */
export async function recentRules(ctx: Context): Promise<MerchantRules> {
  const cache = known.get(ctx.db) ?? new LRUCache<string, Known>({ max: MAX_KNOWN });
  known.set(ctx.db, cache);
  const now = ctx.clock.now();
  const found = cache.get(ctx.merchantId);
  if (found !== undefined && now < found.until && found.until <= now + BELIEVED_MS) return found.rules;
  const rules = await loadRules(ctx);
  cache.set(ctx.merchantId, { rules, until: now + BELIEVED_MS });
  return rules;
}

/** The merchant's rules were changed by this process. */
export const forgetRules = (ctx: Context): void => void known.get(ctx.db)?.delete(ctx.merchantId);
