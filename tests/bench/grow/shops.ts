import { DEMO_MERCHANT, OTHER_MERCHANT, registeredShortcodes } from "../../../src/cli/seed.ts";
import type { Services } from "../../../src/context/context.ts";
import { newId } from "../../../src/crypto/ids.ts";
import { insert } from "../../../src/db/query.ts";
import { merchants, shortcodes } from "../../../src/db/schema.ts";
import { credentialsPlace } from "../../../src/domain/shortcodes/lookup.ts";
import { spread } from "./people.ts";

/** Where a checkout is paid to. */
export interface Shop {
  readonly merchantId: string;
  readonly shortcodeId: string;
  readonly number: string;
  readonly client: string;
}

const demo: Shop = {
  merchantId: DEMO_MERCHANT,
  shortcodeId: registeredShortcodes[0].id,
  number: "600000",
  client: "cli_demo",
};
const duka: Shop = { ...demo, shortcodeId: "sho_01kamcvd000000000000000002", number: "500000" };
const other: Shop = {
  merchantId: OTHER_MERCHANT,
  shortcodeId: "sho_01kamcvd000000000000000003",
  number: "600001",
  client: "cli_other",
};

const insertMerchant = insert(merchants);
const insertShortcode = insert(shortcodes);

/**
 * The shops of the development seed and those of so many merchants in all; chosen by checkout: the demo merchant has
 * four fifths, a tenth of them at its till. Those that are made here are known to no simulator.
 */
export async function openShops(services: Services, count: number): Promise<(n: number) => Shop> {
  const rest: Shop[] = count > 1 ? [other] : [];
  const { credentials } = await services.shortcodes.byId(demo.shortcodeId);
  const now = services.clock.now();
  for (let i = 0; i < count - 2; i++) {
    const id = newId("sho");
    const shop = { merchantId: newId("mer"), shortcodeId: id, number: String(700_000 + i), client: "cli_grown" };
    await services.db.write([
      insertMerchant({
        id: shop.merchantId,
        name: `grown ${i + 1}`,
        created_at: now,
        status: "active",
        disabled_at: null,
        version: 1,
      }),
      insertShortcode({
        id,
        merchant_id: shop.merchantId,
        kind: "paybill",
        number: shop.number,
        store_number: null,
        name: `Grown ${i + 1}`,
        is_default: true,
        credentials: await services.vault.seal(JSON.stringify(credentials), credentialsPlace(id)),
        created_at: now,
        updated_at: now,
        validation: "accept_all",
        known_accounts: [],
        name_check: false,
        store: null,
        tariff: null,
        pull_phone: null,
        version: 1,
        url_number: 1,
        urls_revoked: 0,
      }),
    ]);
    rest.push(shop);
  }
  return (n) => {
    const share = spread(n, 100);
    if (share < 72 || rest.length === 0) return demo;
    return share < 80 ? duka : rest[n % rest.length] ?? demo;
  };
}
