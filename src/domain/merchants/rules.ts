import type { Context } from "../../context/context.ts";
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
