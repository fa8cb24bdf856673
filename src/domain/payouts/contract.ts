import { z } from "zod";
import { currency, metadata, reference, shortcodeNumber, timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { failureCode } from "../../http/failure-code.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema, phoneQuery } from "../../http/pagination.ts";
import * as examples from "./examples.ts";
import { payoutPayee } from "../payees/contract.ts";
import { payoutOrder, purpose } from "./order.ts";

export const payoutStatus = z.enum([
  "awaiting_approval",
  "queued",
  "submitted",
  "in_doubt",
  "succeeded",
  "failed",
  "rejected",
  "cancelled",
]);

export const payout = z.object({
  id: z.string().meta({ examples: ["pyt_01kamcvdf2ej5s2k8sxw9ggk6r"] }),
  status: payoutStatus.meta({
    description: "`in_doubt`: the money may have left; Malipo keeps asking M-Pesa, and never sends it again as new.",
  }),
  amount: z.int().meta({ description: "Cents of KES.", examples: [150000] }),
  currency,
  phone_number: z.string().meta({
    description: "Masked. For a payout to a business: the number of the business, as in `destination`.",
    examples: ["2547•••••678"],
  }),
  payee: payoutPayee,
  destination: z.object({
    type: z.enum(["phone", "paybill", "till", "b2c_account", "kra"]),
    number: z.string().nullable().meta({ description: "The business's number." }),
    account_reference: z.string().nullable().meta({
      description: "The account at the business; for taxes, KRA's registration number.",
    }),
  }).meta({ examples: [{ type: "phone", number: null, account_reference: null }] }),
  reference,
  purpose,
  remarks: z.string(),
  occasion: z.string().nullable(),
  shortcode: shortcodeNumber,
  metadata,
  batch: z.string().nullable(),
  originator_conversation_id: z.string().meta({ description: "Our id; the same for every retry of this payout." }),
  conversation_id: z.string().nullable().meta({ description: "M-Pesa's id, once it has accepted the request." }),
  fee: z.int().nullable().meta({ description: "M-Pesa's fee in cents, if it is known." }),
  fee_estimate: z.int().nullable().meta({
    description: "What Safaricom's published tariff takes for it, in cents. Null for payouts to businesses.",
    examples: [500],
  }),
  receipt: z.string().nullable().meta({ examples: ["UKM1A2B3C4"] }),
  result_code: z.string().nullable().meta({ description: "M-Pesa's own code, for support.", examples: ["0"] }),
  result_description: z.string().nullable(),
  failure: z.object({
    code: failureCode("recipient_not_registered"),
    message: z.string(),
    advice: z.string(),
  }).nullable(),
  approval: z.object({
    expires_at: timestamp,
    decided_by: z.string().nullable().meta({ description: "The client that approved or rejected it." }),
    decided_at: timestamp.nullable(),
  }).nullable().meta({ description: "Null where the amount needs no approval." }),
  approvals: z.array(z.object({
    by: z.string().meta({ description: "The client that approved it." }),
    at: timestamp,
    digest: z.string().meta({
      description:
        "Keyed digest of payee, amount, shortcode and reference as they were approved. It is compared with what is stored right before the payout is sent.",
    }),
    signed: z.boolean().meta({ description: "Whether the request that approved it was signed." }),
  })).meta({ examples: [[]] }),
  reason: z.string().nullable().meta({ description: "Why it was rejected; `approval_expired` when nobody decided." }),
  resolution: z.object({
    outcome: z.enum(["succeeded", "failed"]),
    evidence: z.string(),
    receipt: z.string().nullable(),
    by: z.string(),
    at: timestamp,
  }).nullable().meta({ description: "What a person decided about a payout in doubt." }),
  needs_person: z.boolean().meta({
    description:
      "A person has to look. While `queued`: M-Pesa's name of the payee is not the one you gave; confirm the name or cancel the payout. Otherwise an operator has to resolve it: Malipo has stopped asking M-Pesa, or what M-Pesa says does not fit.",
  }),
  possible_duplicate_of: z.string().nullable().meta({
    description: "An earlier payout with the same payee, amount and reference, where the merchant's rule is `warn`.",
  }),
  created_by: z.string(),
  submitted_at: timestamp.nullable(),
  in_doubt_at: timestamp.nullable(),
  paid_at: timestamp.nullable(),
  ended_at: timestamp.nullable(),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "Payout" });
export type PayoutView = z.infer<typeof payout>;

export const createPayout = operation({
  id: "createPayout",
  method: "POST",
  path: "/v1/payouts",
  tag: "Payouts",
  summary: "Create a payout to a phone or a business",
  description:
    "202 means: stored, and it will be sent once. From a configured amount on, a second client has to approve it. A B2C payment can't be reversed.",
  scope: "payouts:write",
  reach: "own",
  body: payoutOrder,
  status: 202,
  response: payout,
  problems: ["limit_exceeded", "looks_like_a_duplicate"],
  idempotency: "required",
  signed: true,
  examples: examples.creation,
});

export const getPayout = operation({
  id: "getPayout",
  method: "GET",
  path: "/v1/payouts/{id}",
  tag: "Payouts",
  summary: "Read a payout",
  description:
    "The payout with its status, its receipt, and why it failed. `in_doubt` never means that no money moved: do not pay again.",
  scope: "payouts:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: payout,
  problems: ["not_found"],
  examples: examples.reading,
});

export const listPayouts = operation({
  id: "listPayouts",
  method: "GET",
  path: "/v1/payouts",
  tag: "Payouts",
  summary: "List payouts, newest first",
  description:
    "Filter by status, reference, batch, phone, amount or time. `needs_person=true` lists those that wait for an operator.",
  scope: "payouts:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery(
      "the reference, the receipt, the originator conversation id, and the ids of the payout and of its batch",
    ),
    ...amountQuery,
    ...phoneQuery,
    ...merchantQuery,
    status: payoutStatus.optional(),
    reference: z.string().max(64).optional(),
    batch: z.string().max(64).optional(),
    needs_person: z.literal("true", { error: "must be true, or left out" }).optional().meta({
      description: "Only those that wait for an operator.",
    }),
  }),
  status: 200,
  response: pageSchema(payout),
  problems: ["invalid_query"],
  examples: examples.listing,
});
