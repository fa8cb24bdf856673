import type { Services } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, select, statement } from "../../db/query.ts";
import { merchantLogos, merchants, merchantSettings } from "../../db/schema.ts";
import { type StoredBrand, storedBrand } from "./brand-contract.ts";
import type { Logo } from "./logo.ts";
import { Recent } from "./recent.ts";

type LogoRow = typeof merchantLogos.$inferSelect;

/** A merchant as its customers see it. */
export interface Brand extends Omit<StoredBrand, "display_name" | "logo"> {
  readonly name: string;
  /** The path of the logo. */
  readonly logo: string | null;
}

const selectName: (id: string) => Query<typeof merchants.$inferSelect> = select(merchants, "WHERE id = ?");
const selectBrand = select(merchantSettings, "WHERE merchant_id = ?");

/** The path of a logo. Its content never changes: another picture has another hash. */
export const logoPath = ({ hash, kind }: Pick<Logo, "hash" | "kind">): string => `/logos/${hash}.${kind}`;

/** The brand of a stored row, or that of a merchant that has set nothing. */
export const brandOf = (row: Pick<typeof merchantSettings.$inferSelect, "brand"> | undefined): StoredBrand =>
  storedBrand.parse(row?.brand ?? {});

/** A merchant as its customers see it: its name is what it calls itself, or else what the service calls it. */
export function toBrand(name: string, { display_name, logo, ...brand }: StoredBrand): Brand {
  return { ...brand, name: display_name ?? name, logo: logo === null ? null : logoPath(logo) };
}

const recent = new Recent<Brand>(async ({ db }, merchantId) => {
  const [[merchant], [settings]] = await rows(db, selectName(merchantId), selectBrand(merchantId));
  return toBrand(merchant?.name ?? "", brandOf(settings));
});

/** How customers see the merchant: of the last 5 s. */
export const recentBrand = (services: Pick<Services, "db" | "clock">, merchantId: string): Promise<Brand> =>
  recent.of(services, merchantId);

/** The merchant's brand was changed by this process. */
export const forgetBrand = (services: Pick<Services, "db">, merchantId: string): void =>
  recent.forget(services, merchantId);

const upsertLogo = insert(
  merchantLogos,
  "ON CONFLICT (merchant_id) DO UPDATE SET hash = excluded.hash, kind = excluded.kind, content = excluded.content, " +
    "created_at = excluded.created_at",
);

/** Statement: the merchant has this logo from now on, or none. */
export const storeLogo = (merchantId: string, logo: Logo | null, now: number): Statement =>
  logo === null
    ? statement("DELETE FROM merchant_logos WHERE merchant_id = ?", merchantId)
    : upsertLogo({ merchant_id: merchantId, ...logo, created_at: now });

const selectLogo: (hash: string, kind: string) => Query<LogoRow> = select(
  merchantLogos,
  "WHERE hash = ? AND kind = ? LIMIT 1",
);

/** The logo with this hash, for everybody who has its address. */
export const findLogo = ({ db }: Pick<Services, "db">, hash: string, kind: string): Promise<LogoRow | null> =>
  first(db, selectLogo(hash, kind));
