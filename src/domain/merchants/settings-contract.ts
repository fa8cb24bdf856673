import { z } from "zod";
import { operation } from "../../http/operation.ts";
import { timestamp } from "../../http/fields.ts";
import { brandChange, brandView } from "./brand-contract.ts";
import { duplicatePolicy, overpaymentPolicy, overpaymentWithin, partialPolicy } from "./rules-contract.ts";

const duplicates = z.strictObject({
  payouts: duplicatePolicy.meta({
    description:
      "What happens to a payout or batch that looks like an earlier one: `refuse` answers 409 `looks_like_a_duplicate`, `warn` creates it with `possible_duplicate_of`, `off` does not compare.",
    examples: ["refuse"],
  }),
  checkouts: duplicatePolicy.meta({
    description:
      "What happens to a checkout while another one with the same `reference` is open: `warn` creates it with `possible_duplicate_of` and sends `checkout.possible_duplicate`, `refuse` answers 409 `looks_like_a_duplicate`, `off` does not compare.",
    examples: ["warn"],
  }),
});

const collecting = {
  partial: partialPolicy.meta({
    description:
      "For checkouts that don't say it themselves. `collect`: parts add up, and the page and the next prompt ask for the rest. `refuse`: they go on asking for all.",
    examples: ["collect"],
  }),
  overpayment: overpaymentPolicy.meta({
    description:
      "For checkouts that don't say it themselves. `park`: more than was asked waits for a person. `keep_within`: up to `overpayment_within` more settles the checkout and is kept. `refund_difference`: it is settled too, and what is too much goes back to the payer by itself, once, as a refund by payout. Where that can't be done, the event `checkout.overpaid` tells you.",
    examples: ["park"],
  }),
  overpayment_within: overpaymentWithin.meta({
    description: "Cents above the amount that `keep_within` keeps.",
    examples: [1000],
  }),
};

const merchant = z.object({
  id: z.string().meta({ examples: ["mer_01kamcvd000000000000000001"] }),
  name: z.string().meta({ examples: ["Duka la Mama"] }),
  ...brandView,
  duplicates,
  ...collecting,
  version: z.int().meta({ description: "Grows by one with each change.", examples: [1] }),
  updated_at: timestamp,
}).meta({ id: "Merchant" });
export type MerchantView = z.infer<typeof merchant>;

export const getMerchant = operation({
  id: "getMerchant",
  method: "GET",
  path: "/v1/merchant",
  tag: "Merchant",
  summary: "Read your own merchant, its brand and its rules",
  description: "Every client of the merchant may read it, with a token of any scope.",
  scope: "operator",
  anyScope: true,
  reach: "own",
  status: 200,
  response: merchant,
  problems: [],
});

export const updateMerchant = operation({
  id: "updateMerchant",
  method: "PATCH",
  path: "/v1/merchant",
  tag: "Merchant",
  summary: "Change the brand and the rules of your own merchant",
  description:
    "Fields that are left out stay as they are. The rules apply to requests from now on, and pages show the brand within 5 seconds.",
  scope: "operator",
  reach: "own",
  body: z.strictObject({ ...brandChange, duplicates: duplicates.partial().optional(), ...collecting }).partial(),
  status: 200,
  response: merchant,
  problems: ["conflict"],
});
