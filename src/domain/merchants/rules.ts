import type { Context } from "../../context/context.ts";
import { first, type Query, select } from "../../db/query.ts";
import { merchantSettings } from "../../db/schema.ts";
import { Recent } from "./recent.ts";
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

const recent = new Recent(async ({ db }, merchantId) => rulesOf(await first(db, selectSettings(merchantId))));

/** The same, of the last 5 s: so a checkout needs no round trip for it. */
export const recentRules = (ctx: Context): Promise<MerchantRules> => recent.of(ctx, ctx.merchantId);

/** The merchant's rules were changed by this process. */
export const forgetRules = (ctx: Context): void => recent.forget(ctx, ctx.merchantId);
