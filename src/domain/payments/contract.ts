import { z } from "zod";
import { shortcodeNumber, timestamp } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { payment, paymentChannel, paymentStatus } from "../checkouts/payment-contract.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema, phoneQuery } from "../../http/pagination.ts";

const place = z.object({
  checkout: z.string().optional().meta({ examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"] }),
  account: z.string().optional().meta({ examples: ["acc_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
  amount: z.int().meta({ description: "Cents of KES.", examples: [150000] }),
});

const suggestion = z.object({
  id: z.string().meta({
    description: "For `POST /v1/payments/{id}/accept`. Another one as soon as something else would be done.",
    examples: ["sug_5f2b8c0d9e1a4b7c3d6e8f0a1b"],
  }),
  reason: z.enum(["same_account", "adds_up", "same_phone_and_amount", "similar_account", "same_amount"]).meta({
    description:
      "`adds_up`: two checkouts need together what came, and have the account, the phone, or the two accounts that were typed. `same_phone_and_amount`: a prompt went to a phone that fits the payer's, as far as M-Pesa shows it. `similar_account`: the account differs by one typing error. `same_amount`: at a till, where customers type no account.",
  }),
  text: z.string().meta({ description: "The reason in words.", examples: ["The account is the same: INV1001."] }),
  checkout: z.string().meta({
    description: "Of two that add up, one of them, and so the next three fields.",
    examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"],
  }),
  reference: z.string().meta({ examples: ["order-1001"] }),
  account_reference: z.string().meta({ examples: ["INV1001"] }),
  amount: z.int().meta({ description: "Cents of KES, as the checkout asks.", examples: [150000] }),
  allocations: z.array(place).meta({ description: "What accepting it does." }),
});
export type Suggestion = z.infer<typeof suggestion>;

const accountSuggestion = suggestion.pick({ id: true, text: true, account_reference: true, allocations: true }).extend({
  reason: z.enum(["similar_account"]),
  account: z.string().meta({ examples: ["acc_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
});
export type AccountSuggestion = z.infer<typeof accountSuggestion>;

export const paymentDetail = payment.extend({
  receipt_url: z.string().meta({
    description:
      "The receipt as a page, to share, save and print. It is signed, and says so if the money was given back since. Who has the address sees nothing of who paid.",
    examples: ["https://api.malipo.example/r/230190d4b0b7"],
  }),
  notices: z.array(
    z.object({
      id: z.string().meta({ examples: ["ntc_01kamcvdf2ej5s2k8sxw9ggk6x"] }),
      kind: z.string().meta({ examples: ["c2b_confirmation"] }),
      received_at: timestamp,
    }),
  ).meta({ description: "The reports of this payment by M-Pesa, oldest first." }),
  suggestions: z.array(suggestion).meta({
    description:
      "Checkouts that an unmatched or partial payment may be for, the most likely first. Nothing is placed by them until you accept one.",
  }),
  account_suggestions: z.array(accountSuggestion).meta({
    description: "The same for standing accounts.",
  }),
}).meta({ id: "PaymentDetail" });
export type PaymentDetail = z.infer<typeof paymentDetail>;

export const getPayment = operation({
  id: "getPayment",
  method: "GET",
  path: "/v1/payments/{id}",
  tag: "Payments",
  summary: "Read a payment",
  description: "The payment with its receipt, who paid, where the money was put, and how much was given back.",
  scope: "payments:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: paymentDetail,
  problems: ["not_found"],
});

export const listPayments = operation({
  id: "listPayments",
  method: "GET",
  path: "/v1/payments",
  tag: "Payments",
  summary: "List payments, newest first",
  description:
    "Money that arrived, also what no checkout asked for. `status=unmatched` lists what has no order yet; `receipt` finds what a customer quotes.",
  scope: "payments:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the receipt, the account, the reference of its checkout, and the id"),
    ...amountQuery,
    ...phoneQuery,
    ...merchantQuery,
    status: paymentStatus.optional(),
    channel: paymentChannel.optional(),
    shortcode: shortcodeNumber.optional(),
    checkout: z.string().max(64).optional(),
    receipt: z.string().max(20).optional().meta({ description: "In upper or lower case." }),
  }),
  status: 200,
  response: pageSchema(payment),
  problems: ["invalid_query"],
});

export const matchPayment = operation({
  id: "matchPayment",
  method: "POST",
  path: "/v1/payments/{id}/match",
  tag: "Payments",
  summary: "Match a payment to a checkout",
  description:
    "It settles the checkout with any amount: this is a person's decision, and the audit trail records the difference. If a prompt of the checkout was paid and has no receipt, or one that was only inferred, the payment takes its place. For another checkout it moves the payment there, and the one that it leaves is settled without it. Refused (409) where M-Pesa's callback has proven which prompt it paid, where the checkout is paid otherwise, and where a part was given back. Repeating it changes nothing.",
  scope: "payments:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    checkout: z.string({ error: "must be the id of a checkout" }).max(64).meta({
      examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"],
    }),
  }),
  status: 200,
  response: paymentDetail,
  problems: ["not_found", "wrong_state", "refunded_already"],
  idempotency: "accepted",
});

export const bookPayment = operation({
  id: "bookPayment",
  method: "POST",
  path: "/v1/payments/{id}/book",
  tag: "Payments",
  summary: "Book money of an unknown shortcode",
  description:
    "M-Pesa confirmed it for a number that is no shortcode of anybody here, so it waits unmatched and pays nothing (alert `payment_for_unknown_shortcode`). Booked, it is money of that shortcode: it pays the checkout or account that it names, and can be refunded. It gets another id; the old one still answers, and `payment.merged` names both. If M-Pesa itself names a shortcode later, that counts. Repeating it changes nothing. Refused (409) where the payment is at another shortcode by now.",
  scope: "operator",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    shortcode: z.string({ error: "must be a number, as a string" }).max(20).optional().meta({
      description: "One of the merchant's. Default: the one whose callback URL got the confirmation.",
      examples: ["600000"],
    }),
  }),
  status: 200,
  response: paymentDetail,
  problems: ["not_found", "wrong_state", "conflict"],
  idempotency: "accepted",
});

export const acceptSuggestion = operation({
  id: "acceptSuggestion",
  method: "POST",
  path: "/v1/payments/{id}/accept",
  tag: "Payments",
  summary: "Accept a suggestion",
  description:
    "Does what a suggestion of the payment says (`suggestions` of `GET /v1/payments/{id}`), like match or allocate. What is more than needed goes on waiting. Refused (409 `conflict`) once the suggestion does not fit any more.",
  scope: "payments:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    suggestion: z.string({ error: "must be the id of a suggestion" }).max(64).meta({
      examples: ["sug_5f2b8c0d9e1a4b7c3d6e8f0a1b"],
    }),
  }),
  status: 200,
  response: paymentDetail,
  problems: ["not_found", "wrong_state", "refunded_already", "conflict"],
  idempotency: "accepted",
});

export const allocatePayment = operation({
  id: "allocatePayment",
  method: "POST",
  path: "/v1/payments/{id}/allocate",
  tag: "Payments",
  summary: "Allocate a payment to checkouts and accounts",
  description:
    "It replaces what was allocated, so repeat it to move the money, and send an empty list to undo it. What is in no part waits for you (`partial`, or `unmatched`). A checkout gets at most what it still needs. Refused (409) where more would be allocated than is left of the payment, where a prompt was paid by it, where an account has applied the money already, and where somebody else placed it at the same time.",
  scope: "payments:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    allocations: z.array(
      z.strictObject({
        checkout: z.string({ error: "must be the id of a checkout" }).max(64).optional().meta({
          examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"],
        }),
        account: z.string({ error: "must be the id of an account" }).max(64).optional().meta({
          examples: ["acc_01kamcvdf2ej5s2k8sxw9ggk6z"],
        }),
        amount: z.int({ error: "must be cents, as a whole number" }).positive({ error: "must be more than 0 cents" })
          .meta({ description: "Cents of KES.", examples: [150000] }),
      }),
      { error: "must be a list" },
    ).max(50, { error: "must have at most 50 parts" }),
  }),
  status: 200,
  response: paymentDetail,
  problems: ["not_found", "wrong_state", "refunded_already", "conflict"],
  idempotency: "accepted",
  examples: {
    request: {
      split: {
        summary: "All of it to one checkout",
        value: { allocations: [{ checkout: "chk_01kamcvdf2ej5s2k8sxw9ggk6p", amount: 150_000 }] },
      },
    },
  },
});
