import { z } from "zod";
import { freeText, timestamp } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";

/** What operators steer payouts with: the kill switch, and a merchant's own limits. */

const merchant = z.string({ error: "must be a merchant's id" }).max(64)
  .meta({ examples: ["mer_01kamcvd000000000000000001"] });

const pauses = z.object({
  paused: z.boolean().meta({ description: "Whether the payouts of all merchants are paused." }),
  pauses: z.array(z.object({
    merchant: z.string().nullable().meta({ description: "Null: all merchants." }),
    reason: z.string().nullable(),
    by: z.string(),
    at: timestamp,
  })),
}).meta({ id: "PayoutPauses" });
export type PausesView = z.infer<typeof pauses>;

const scopeBody = z.strictObject({
  merchant: merchant.optional().meta({
    description:
      "Without it: your own merchant; with the scope `platform`, all merchants. Another merchant's id, or `all`, needs `platform`.",
  }),
  reason: freeText(1, 200).optional(),
});

export const pausePayouts = operation({
  id: "pausePayouts",
  method: "POST",
  path: "/v1/payouts/pause",
  tag: "Payouts",
  summary: "Pause payouts and refunds",
  description:
    "Nothing is sent: queued payouts and refunds wait. Submitted ones are still followed up, and new ones are still accepted.",
  scope: "operator",
  reach: "platform",
  body: scopeBody,
  status: 200,
  response: pauses,
  problems: [],
  idempotency: "accepted",
});

export const resumePayouts = operation({
  id: "resumePayouts",
  method: "POST",
  path: "/v1/payouts/resume",
  tag: "Payouts",
  summary: "Resume payouts and refunds",
  description: "A merchant that was paused by name stays paused until it is resumed by name.",
  scope: "operator",
  reach: "platform",
  body: scopeBody,
  status: 200,
  response: pauses,
  problems: [],
  idempotency: "accepted",
});

const limit = z.int({ error: "must be a whole number, or null" }).positive({ error: "must be more than 0" }).nullable();

const limitFields = {
  min_amount: limit.meta({ description: "Cents, of one payout.", examples: [1000] }),
  max_amount: limit.meta({ description: "Cents, of one payout.", examples: [5000000] }),
  daily_amount: limit.meta({ description: "Cents, of all payouts in a day.", examples: [null] }),
  daily_amount_per_phone: limit.meta({ description: "Cents, to one phone in a day.", examples: [null] }),
  hourly_count_per_phone: limit.meta({ description: "Payouts to one phone in an hour.", examples: [null] }),
  approval_from: limit.meta({ description: "Cents, from which a second client approves.", examples: [null] }),
  approval_from_per_maker: limit.meta({
    description: "Cents that one client sends without approval in 24 hours; from there on a second one approves.",
    examples: [null],
  }),
  approval_from_per_payee: limit.meta({
    description: "Cents that one payee gets without approval in 24 hours; from there on a second client approves.",
    examples: [null],
  }),
  approval_from_batch: limit.meta({
    description: "Cents of a whole batch, from which all of it awaits approval.",
    examples: [null],
  }),
  approval_from_new_payee: limit.meta({
    description: "Cents to somebody whom you have never paid, from which a second client approves.",
    examples: [null],
  }),
};

const whose = merchant.optional().meta({
  description:
    "Without it: your own merchant. Another merchant's id, or `all` for the limits of every merchant, needs the scope `platform`.",
});

const limits = z.object({ merchant, ...limitFields }).meta({
  id: "PayoutLimits",
  description:
    "A merchant's own limits, or those of all merchants (`all`). Null: only the other limits apply. The strictest counts.",
});
export type LimitsView = z.infer<typeof limits>;

export const updatePayoutLimits = operation({
  id: "updatePayoutLimits",
  method: "PATCH",
  path: "/v1/payout-limits",
  tag: "Payouts",
  summary: "Set a merchant's own payout limits",
  description: "Fields that are left out stay as they are. Null removes the merchant's own limit.",
  scope: "operator",
  reach: "platform",
  body: z.strictObject({ merchant: whose, ...z.object(limitFields).partial().shape }),
  status: 200,
  response: limits,
  problems: [],
});

export const getPayoutLimits = operation({
  id: "getPayoutLimits",
  method: "GET",
  path: "/v1/payout-limits",
  tag: "Payouts",
  summary: "Read a merchant's own payout limits",
  description:
    "The limits that were set for the merchant itself. Where one is null, only the limits of all merchants and of the service apply; the strictest counts.",
  scope: "operator",
  reach: "platform",
  query: z.strictObject({ merchant: whose }),
  status: 200,
  response: limits,
  problems: ["invalid_query"],
});
