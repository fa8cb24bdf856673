import type { z } from "zod";
import type { Context } from "../../context/context.ts";
import { type brandChange, type StoredBrand, storedBrand } from "./brand-contract.ts";
import { logoPath } from "./brands.ts";
import { type Logo, readLogo } from "./logo.ts";

/** The fields of a request that change the brand. */
export type BrandChange = Partial<{ [K in keyof typeof brandChange]: z.output<(typeof brandChange)[K]> | undefined }>;

/** The brand after a change. `logo`: the new picture, null where it is removed, undefined where it stays. */
export interface ChangedBrand {
  readonly brand: StoredBrand;
  readonly logo: Logo | null | undefined;
}

/** What becomes of a brand. Errors: `validation_failed` for a picture that can't be shown. */
export function changedBrand(ctx: Pick<Context, "config">, before: StoredBrand, change: BrandChange): ChangedBrand {
  const { logo: picture, support, ...plain } = change;
  const own = before.logo === null ? null : ctx.config.server.publicUrl + logoPath(before.logo);
  const stays = picture === undefined || picture === own;
  const logo = stays ? undefined : picture === null ? null : readLogo(picture);
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const brand = storedBrand.parse({ ...before, ...given, support: { ...before.support, ...support } });
  const stored = logo === undefined ? before.logo : logo === null ? null : { hash: logo.hash, kind: logo.kind };
  return { brand: { ...brand, logo: stored }, logo };
}
