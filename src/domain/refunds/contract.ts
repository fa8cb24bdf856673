import { z } from "zod";
import { amount, currency, freeText, shortcodeNumber, timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { failureCode } from "../../http/failure-code.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

export const refundStatus = z.enum(["queued", "submitted", "in_doubt", "succeeded", "failed"]);

const method = z.enum(["reversal", "payout"], { error: "must be reversal or payout" });

export const refund = z.object({
  id: z.string().meta({ examples: ["rfd_01kamcvdf2ej5s2k8sxw9ggk6s"] }),
  status: refundStatus.meta({
    description: "`in_doubt`: the money may have gone back; Malipo keeps asking M-Pesa, and nothing is paid twice.",
  }),
  payment: z.string().meta({ examples: ["pay_01kamcvdf2ej5s2k8sxw9ggk6r"] }),
  method: method.meta({ description: "How it goes back.", examples: ["reversal"] }),
  amount: z.int().meta({ description: "Cents of KES.", examples: [150000] }),
  currency,
  reason: z.string(),
  shortcode: shortcodeNumber,
  payout: z.string().nullable().meta({ description: "The payout that carries it, with `method: payout`." }),
  receipt: z.string().nullable().meta({ description: "M-Pesa's, of the refund.", examples: ["UKN1A2B3C4"] }),
  result_code: z.string().nullable().meta({ description: "M-Pesa's own code, for support.", examples: ["0"] }),
  result_description: z.string().nullable(),
  failure: z.object({
    code: failureCode("insufficient_float", "payout_stopped"),
    message: z.string(),
    advice: z.string(),
  }).nullable(),
  resolution: z.object({
    outcome: z.enum(["succeeded", "failed"]),
    evidence: z.string(),
    receipt: z.string().nullable(),
    by: z.string(),
    at: timestamp,
  }).nullable().meta({ description: "What a person decided about a refund in doubt." }),
  needs_person: z.boolean().meta({
    description: "An operator has to resolve it: Malipo has stopped asking M-Pesa, or what M-Pesa says does not fit.",
  }),
  created_by: z.string(),
  submitted_at: timestamp.nullable(),
  in_doubt_at: timestamp.nullable(),
  refunded_at: timestamp.nullable(),
  ended_at: timestamp.nullable(),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "Refund" });
export type RefundView = z.infer<typeof refund>;

export const createRefund = operation({
  id: "createRefund",
  method: "POST",
  path: "/v1/refunds",
  tag: "Refunds",
  summary: "Refund a payment",
  description:
    "`reversal` returns the whole payment. `payout` sends all or a part of it to the payer's phone, with the limits and approvals of payouts (needs `payouts:write`).",
  scope: "refunds:write",
  reach: "own",
  body: z.strictObject({
    payment: z.string({ error: "must be a payment's id" }).max(64).meta({
      examples: ["pay_01kamcvdf2ej5s2k8sxw9ggk6r"],
    }),
    amount: amount.optional().meta({
      description: "Cents of KES. Default: all that has not been refunded.",
      examples: [150000],
    }),
    reason: freeText(2, 100).meta({
      description: "It is sent with the reversal. Do not name a person.",
      examples: ["Out of stock"],
    }),
    method: method.default("reversal"),
  }),
  status: 202,
  response: refund,
  problems: ["not_found", "wrong_state", "limit_exceeded"],
  idempotency: "required",
});

export const getRefund = operation({
  id: "getRefund",
  method: "GET",
  path: "/v1/refunds/{id}",
  tag: "Refunds",
  summary: "Read a refund",
  description:
    "The refund with its status and receipt. `in_doubt` never means that no money moved: do not refund again.",
  scope: "refunds:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: refund,
  problems: ["not_found"],
});

export const listRefunds = operation({
  id: "listRefunds",
  method: "GET",
  path: "/v1/refunds",
  tag: "Refunds",
  summary: "List refunds, newest first",
  description: "Filter by status, payment, amount or time.",
  scope: "refunds:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the receipts of the refund and of its payment, and the ids of both"),
    ...amountQuery,
    ...merchantQuery,
    status: refundStatus.optional(),
    payment: z.string().max(64).optional(),
  }),
  status: 200,
  response: pageSchema(refund),
  problems: ["invalid_query"],
});

export const refreshRefund = operation({
  id: "refreshRefund",
  method: "POST",
  path: "/v1/refunds/{id}/refresh",
  tag: "Refunds",
  summary: "Refresh a refund from M-Pesa",
  description:
    "Asks M-Pesa, which answers later. This call returns the refund as it is now. A refund that has ended is returned unchanged.",
  scope: "refunds:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: refund,
  problems: ["not_found"],
  idempotency: "accepted",
});

export const resolveRefund = operation({
  id: "resolveRefund",
  method: "POST",
  path: "/v1/refunds/{id}/resolve",
  tag: "Refunds",
  summary: "Resolve a refund in doubt",
  description:
    "For an operator who has looked in the M-Pesa portal. Refused (409) while a request is under way, and where another payout or refund has the receipt. A later notice that it was paid back still counts; if M-Pesa contradicts the decision, `needs_person` is true again and the refund can be resolved once more. A refund by payout follows its payout: resolve the payout instead.",
  scope: "operator",
  reach: "platform",
  params: idParam,
  body: z.strictObject({
    outcome: z.enum(["succeeded", "failed"], { error: "must be succeeded or failed" }),
    evidence: freeText(3, 1000).meta({
      description: "What was seen, and where. It is kept in the audit trail; do not name a person.",
      examples: ["Portal statement of 22 November: reversal UKN1A2B3C4 completed"],
    }),
    receipt: z.string({ error: "must be a string" }).regex(/^[A-Za-z0-9]{6,20}$/, {
      error: "must be an M-Pesa receipt, such as UKN1A2B3C4",
    }).transform((text) => text.toUpperCase()).optional(),
  }),
  status: 200,
  response: refund,
  problems: ["not_found", "wrong_state", "own_lineage"],
  idempotency: "accepted",
});
