import { z } from "zod";
import { currency, freeText, metadata, reference, shortcodeNumber, timestamp } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { pageQuery, pageSchema } from "../../http/pagination.ts";
import * as examples from "./examples.ts";
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
  receipt: z.string().nullable().meta({ examples: ["UKM1A2B3C4"] }),
  result_code: z.string().nullable().meta({ description: "M-Pesa's own code, for support.", examples: ["0"] }),
  result_description: z.string().nullable(),
  failure: z.object({
    code: z.string().meta({ examples: ["recipient_not_registered"] }),
    message: z.string(),
    advice: z.string(),
  }).nullable(),
  approval: z.object({
    expires_at: timestamp,
    decided_by: z.string().nullable().meta({ description: "The client that approved or rejected it." }),
    decided_at: timestamp.nullable(),
  }).nullable().meta({ description: "Null where the amount needs no approval." }),
  reason: z.string().nullable().meta({ description: "Why it was rejected; `approval_expired` when nobody decided." }),
  resolution: z.object({
    outcome: z.enum(["succeeded", "failed"]),
    evidence: z.string(),
    receipt: z.string().nullable(),
    by: z.string(),
    at: timestamp,
  }).nullable().meta({ description: "What a person decided about a payout in doubt." }),
  needs_person: z.boolean().meta({ description: "Malipo has stopped asking M-Pesa: an operator has to resolve it." }),
  created_by: z.string(),
  submitted_at: timestamp.nullable(),
  in_doubt_at: timestamp.nullable(),
  paid_at: timestamp.nullable(),
  ended_at: timestamp.nullable(),
  created_at: timestamp,
  updated_at: timestamp,
}).meta({ id: "Payout" });
export type PayoutView = z.infer<typeof payout>;

export const createPayout = operation({
  id: "createPayout",
  method: "POST",
  path: "/v1/payouts",
  tag: "Payouts",
  summary: "Send money to a phone or a business",
  description:
    "202 means: stored, and it will be sent once. From a configured amount on, a second client has to approve it. A B2C payment can't be reversed.",
  scope: "payouts:write",
  body: payoutOrder,
  status: 202,
  response: payout,
  problems: ["limit_exceeded"],
  idempotency: "required",
  examples: examples.creation,
});

export const getPayout = operation({
  id: "getPayout",
  method: "GET",
  path: "/v1/payouts/{id}",
  tag: "Payouts",
  summary: "Read a payout",
  scope: "payouts:read",
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
  scope: "payouts:read",
  query: z.strictObject({
    ...pageQuery,
    status: payoutStatus.optional(),
    reference: z.string().max(64).optional(),
    batch: z.string().max(64).optional(),
    needs_person: z.literal("true", { error: "must be true, or left out" }).optional().meta({
      description: "Only those that wait for an operator.",
    }),
    merchant: z.string().max(64).optional().meta({
      description: "For operators: another merchant's id, or `all`.",
    }),
  }),
  status: 200,
  response: pageSchema(payout),
  problems: ["invalid_query"],
  examples: examples.listing,
});

const act = (id: string, verb: string, scope: "payouts:write" | "payouts:approve", summary: string, about: string) =>
  operation({
    id,
    method: "POST",
    path: `/v1/payouts/{id}/${verb}`,
    tag: "Payouts",
    summary,
    description: about,
    scope,
    params: idParam,
    status: 200,
    response: payout,
    problems: scope === "payouts:approve" ? ["not_found", "wrong_state", "own_payout"] : ["not_found", "wrong_state"],
    idempotency: "accepted",
  });

export const approvePayout = act(
  "approvePayout",
  "approve",
  "payouts:approve",
  "Approve a payout",
  "The client must not be the one that created the payout.",
);
export const cancelPayout = act(
  "cancelPayout",
  "cancel",
  "payouts:write",
  "Cancel a payout",
  "Only possible before the payout is submitted.",
);
export const refreshPayout = act(
  "refreshPayout",
  "refresh",
  "payouts:write",
  "Ask M-Pesa now",
  "Asks M-Pesa, which answers later. This call returns the payout as it is now. A payout that has ended is returned unchanged.",
);

export const rejectPayout = operation({
  id: "rejectPayout",
  method: "POST",
  path: "/v1/payouts/{id}/reject",
  tag: "Payouts",
  summary: "Reject a payout that awaits approval",
  scope: "payouts:approve",
  params: idParam,
  body: z.strictObject({ reason: freeText(1, 200).meta({ examples: ["Not on the November list"] }) }),
  status: 200,
  response: payout,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});

export const resolvePayout = operation({
  id: "resolvePayout",
  method: "POST",
  path: "/v1/payouts/{id}/resolve",
  tag: "Payouts",
  summary: "Resolve a payout in doubt",
  description:
    "For an operator who has looked in the M-Pesa portal, for payouts of any merchant. A later notice that it was paid still counts.",
  scope: "operator",
  params: idParam,
  body: z.strictObject({
    outcome: z.enum(["succeeded", "failed"], { error: "must be succeeded or failed" }),
    evidence: freeText(3, 1000).meta({
      description: "What was seen, and where. It is kept in the audit trail; do not name a person.",
      examples: ["Portal statement of 22 November: UKM1A2B3C4 completed"],
    }),
    receipt: z.string({ error: "must be a string" }).regex(/^[A-Za-z0-9]{6,20}$/, {
      error: "must be an M-Pesa receipt, such as UKM1A2B3C4",
    }).transform((text) => text.toUpperCase()).optional(),
  }),
  status: 200,
  response: payout,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});
