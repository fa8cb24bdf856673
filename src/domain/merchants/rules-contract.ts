import { z } from "zod";

/** What happens to a request that looks like an earlier one. */
export const duplicatePolicy = z.enum(["refuse", "warn", "off"], { error: "must be refuse, warn or off" });
export type DuplicatePolicy = z.output<typeof duplicatePolicy>;

/** Whether a checkout may be paid in parts. */
export const partialPolicy = z.enum(["refuse", "collect"], { error: "must be refuse or collect" });

/** What happens to more money than a checkout asks. */
export const overpaymentPolicy = z.enum(["park", "keep_within", "refund_difference"], {
  error: "must be park, keep_within or refund_difference",
});
export type OverpaymentPolicy = z.output<typeof overpaymentPolicy>;

const MOST_KEPT_CENTS = 100_000;
/** Cents above the amount of a checkout that `keep_within` keeps. */
export const overpaymentWithin = z.int({ error: "must be an integer in cents of KES" })
  .min(0, { error: "must be at least 0 cents" })
  .max(MOST_KEPT_CENTS, { error: `must be at most ${MOST_KEPT_CENTS} cents (KES 1,000)` });

/** The rules that a merchant chooses. A rule that was never set has its default, also in rows of older releases. */
export const merchantRules = z.object({
  duplicates: z.object({
    payouts: duplicatePolicy.default("refuse"),
    checkouts: duplicatePolicy.default("warn"),
  }).prefault({}),
  partial: partialPolicy.default("collect"),
  overpayment: overpaymentPolicy.default("park"),
  overpayment_within: overpaymentWithin.default(1_000),
});
export type MerchantRules = z.output<typeof merchantRules>;
