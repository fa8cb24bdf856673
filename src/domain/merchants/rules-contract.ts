import { z } from "zod";

/** What happens to a request that looks like an earlier one. */
export const duplicatePolicy = z.enum(["refuse", "warn", "off"], { error: "must be refuse, warn or off" });
export type DuplicatePolicy = z.output<typeof duplicatePolicy>;

/** The rules that a merchant chooses. A rule that was never set has its default, also in rows of older releases. */
export const merchantRules = z.object({
  duplicates: z.object({ payouts: duplicatePolicy.default("refuse") }).prefault({}),
});
export type MerchantRules = z.output<typeof merchantRules>;
