import { commit, type Context, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, insert, type Query, rows, select, update } from "../../db/query.ts";
import { merchants, merchantSettings } from "../../db/schema.ts";
import { auditEntry, changeOf } from "../../db/trail.ts";
import { formatTime } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { Problem } from "../../problems/problem.ts";
import { brandOf, forgetBrand, storeLogo, toBrand } from "./brands.ts";
import { changedBrand } from "./change-brand.ts";
import { forgetRules, rulesOf, selectSettings } from "./rules.ts";
import { merchantRules } from "./rules-contract.ts";
import type { MerchantView, updateMerchant as contract } from "./settings-contract.ts";

type Settings = typeof merchantSettings.$inferSelect;
type Merchant = typeof merchants.$inferSelect;

const selectMerchant: (id: string) => Query<Merchant> = select(merchants, "WHERE id = ?");
const insertSettings = insert(merchantSettings, "ON CONFLICT (merchant_id) DO NOTHING");
const updateSettings = update(
  merchantSettings,
  ["rules", "brand", "version", "updated_at"],
  "WHERE merchant_id = ? AND version = ?",
);

/** A merchant that never changed a rule has no row: it is at version 1 since it was created. */
const unchanged = (merchant: Merchant): Settings => ({
  merchant_id: merchant.id,
  rules: {},
  brand: {},
  version: 1,
  created_at: merchant.created_at,
  updated_at: merchant.created_at,
});

async function load(ctx: Context): Promise<{ readonly merchant: Merchant; readonly settings: Settings }> {
  const [[merchant], [settings]] = await rows(ctx.db, selectMerchant(ctx.merchantId), selectSettings(ctx.merchantId));
  if (merchant === undefined) throw new Problem("not_found", "Your merchant no longer exists.");
  return { merchant, settings: settings ?? unchanged(merchant) };
}

function view(ctx: Context, { id, name }: Merchant, settings: Settings): MerchantView {
  const { name: display_name, logo, ...brand } = toBrand(name, brandOf(settings));
  return {
    id,
    name,
    display_name,
    logo: logo === null ? null : ctx.config.server.publicUrl + logo,
    ...brand,
    ...rulesOf(settings),
    version: settings.version,
    updated_at: formatTime(settings.updated_at),
  };
}

/** The caller's own merchant. It asks for no scope: every client of the merchant may know how its merchant is set up. */
export async function getMerchant(ctx: Context): Promise<MerchantView> {
  const { merchant, settings } = await load(ctx);
  return view(ctx, merchant, settings);
}

/**
 * Changes rules and brand of the caller's own merchant. `shown`: the version that the caller has looked at, if nothing
 * newer is to be changed. Errors: `conflict` when somebody else changed them meanwhile, `validation_failed`.
 */
export async function updateMerchant(
  ctx: Context,
  input: Input<typeof contract>,
  shown?: number,
): Promise<MerchantView> {
  requireScope(ctx, "operator");
  const { merchant, settings: before } = await load(ctx);
  if (shown !== undefined && shown !== before.version) {
    throw new Problem("conflict", "Somebody else changed the settings after they were shown. Nothing was done.");
  }
  const { display_name, logo: picture, colour, support, language, kra_pin, ...ruled } = input;
  const rules = rulesOf(before);
  const brand = brandOf(before);
  const changed = changedBrand(ctx, brand, { display_name, logo: picture, colour, support, language, kra_pin });
  const after: Settings = {
    ...before,
    rules: merchantRules.parse({ ...rules, ...ruled, duplicates: { ...rules.duplicates, ...ruled.duplicates } }),
    brand: { ...changed.brand },
    version: before.version + 1,
    updated_at: ctx.clock.now(),
  };
  const statements: Statement[] = [
    insertSettings(before),
    updateSettings(after, merchant.id, before.version),
    abortIfUnchanged,
    ...(changed.logo === undefined ? [] : [storeLogo(merchant.id, changed.logo, ctx.clock.now())]),
    auditEntry(
      ctx,
      "merchant.updated",
      merchant.id,
      { fields: Object.keys(input) },
      changeOf({ ...rules, ...brand }, { ...rulesOf(after), ...changed.brand }),
    ),
  ];
  const answer = view(ctx, merchant, after);
  await commit(ctx, merchant.id, statements, { status: 200, body: answer });
  forgetRules(ctx);
  forgetBrand(ctx, merchant.id);
  return answer;
}
