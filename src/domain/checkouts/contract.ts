import { z } from "zod";
import {
  accountReference,
  amount,
  currency,
  freeText,
  metadata,
  phoneNumber,
  promptDescription,
  reference,
  shortcodeNumber,
  timestamp,
  version,
  webUrl,
} from "../../http/fields.ts";
import { type Examples, idParam, operation } from "../../http/operation.ts";
import { failureCode } from "../../http/failure-code.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema, phoneQuery } from "../../http/pagination.ts";
import { overpaymentPolicy, overpaymentWithin, partialPolicy } from "../merchants/rules-contract.ts";
import * as examples from "./examples.ts";

export const checkoutStatus = z.enum(["open", "pending", "succeeded", "expired", "cancelled", "review"]);
const resultCode = z.string().nullable().meta({ description: "M-Pesa's own code, for support.", examples: ["1032"] });

const MAX_ITEMS = 50;
const MAX_QUANTITY = 1_000_000;
const MAX_ITEM_CENTS = 100_000_000_000;
const itemFields = {
  name: freeText(1, 80).meta({ examples: ["Shoes"] }),
  quantity: z.int({ error: "must be a whole number" }).min(1, { error: "must be at least 1" })
    .max(MAX_QUANTITY, { error: `must be at most ${MAX_QUANTITY}` }).meta({ examples: [1] }),
  amount: z.int({ error: "must be an integer in cents of KES" }).min(0, { error: "must be at least 0 cents" })
    .max(MAX_ITEM_CENTS, { error: `must be at most ${MAX_ITEM_CENTS} cents` })
    .meta({
      description: "Cents of KES: of all of them together, or of one, whichever adds up to the amount of the checkout.",
      examples: [150000],
    }),
};
export const item = z.object(itemFields).meta({ id: "CheckoutItem" });

export const attempt = z.object({
  id: z.string().meta({ examples: ["att_01kamcvdf2ej5s2k8sxw9ggk6q"] }),
  status: z.enum(["pending", "succeeded", "failed", "unknown"])
    .meta({
      description: "`unknown`: no clear answer came; the money may have moved, and a late answer still counts.",
    }),
  phone_number: z.string().meta({ description: "Masked.", examples: ["2547•••••678"] }),
  amount: z.int().meta({
    description: "Cents that the prompt asked for: what was due when it was sent.",
    examples: [150000],
  }),
  result_code: resultCode,
  result_description: z.string().nullable(),
  created_at: timestamp,
  accepted_at: timestamp.nullable().meta({ description: "When Daraja took the prompt." }),
  ended_at: timestamp.nullable(),
  version,
}).meta({ id: "Attempt" });

export const checkout = z.object({
  id: z.string().meta({ examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"] }),
  status: checkoutStatus.meta({
    description: "`open`: no attempt is under way. `review`: money may have moved, and a person must look.",
  }),
  amount: z.int().meta({ description: "Cents of KES.", examples: [150000] }),
  amount_received: z.int().meta({
    description:
      "Cents that are held for it: payments of the checkout, also parts, less what was given, promised or taken back. A duplicate payment does not count.",
    examples: [0],
  }),
  amount_due: z.int().meta({
    description:
      "Cents that are still to be paid: what the page and the next prompt ask for. 0 once it is `succeeded`.",
    examples: [150000],
  }),
  amount_allocated: z.int().meta({
    description:
      "Cents of `amount_received` that you allocated from payments, or that its standing account gave. `GET /v1/payments?checkout=` lists the payments with their receipts. Where all of it came so, `payment` is null.",
    examples: [0],
  }),
  currency,
  reference,
  account_reference: z.string().meta({ examples: ["INV1001"] }),
  description: z.string().meta({ examples: ["Shoes"] }),
  shortcode: shortcodeNumber,
  paybill: z.object({
    number: shortcodeNumber,
    account: z.string().meta({ examples: ["INV1001"] }),
  }).nullable().meta({
    description: "How to pay without a prompt: Lipa na M-Pesa, Pay Bill. Null if the shortcode is a till.",
    examples: [{ number: "600000", account: "INV1001" }],
  }),
  till: z.object({ number: shortcodeNumber }).nullable().meta({
    description:
      "The same for a till: Buy Goods. Customers type no account there, so the payment arrives unmatched, and a person must match it.",
  }),
  return_url: z.string().nullable(),
  metadata,
  items: z.array(item).meta({ description: "What is paid for, as the page shows it." }),
  partial: partialPolicy.meta({
    description:
      "`collect`: parts add up, and the page and the next prompt ask for the rest. `refuse`: it is to be paid at once. Money that still comes in parts is kept, but the page and the prompts go on asking for the whole amount.",
  }),
  split: z.boolean().meta({
    description:
      "It is collected by several prompts, each for what M-Pesa allows in one transaction. `amount_received` and `amount_due` say how far it is.",
    examples: [false],
  }),
  possible_duplicate_of: z.string().nullable().meta({
    description: "An open checkout of yours with the same reference, when this one was made. It may be paid twice.",
    examples: [null],
  }),
  prompts_failing: z.boolean().meta({
    description:
      "M-Pesa does not answer prompts just now, by our own measure. Offer the paybill first; the hosted page does. Not in events.",
    examples: [false],
  }),
  attempts: z.array(attempt).meta({ description: "Oldest first." }),
  payment: z.object({
    id: z.string(),
    receipt: z.string().nullable(),
    amount: z.int(),
  }).nullable().meta({
    description: "The money that settled it. Null for a checkout that was paid by `amount_allocated` alone.",
  }),
  last_failure: z.object({
    code: failureCode("cancelled_by_customer"),
    message: z.string().meta({ description: "A message that you can show to the shopper." }),
    operator_message: z.string().meta({
      description: "What was wrong and what to do, for the people of the shop. Don't show it to the shopper.",
    }),
    result_code: resultCode,
  }).nullable(),
  hosted_url: z.string().meta({
    description:
      "The page to send the shopper to. A token without `checkouts:write` gets a page that shows only the receipt. " +
      "A day after `expires_at` every link shows only the receipt.",
    examples: ["https://api.malipo.example/pay/chk_01kamcvdf2ej5s2k8sxw9ggk6p?token=0a1b2c"],
  }),
  expires_at: timestamp,
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "Checkout" });
export type CheckoutView = z.infer<typeof checkout>;

export const createCheckout = operation({
  id: "createCheckout",
  method: "POST",
  path: "/v1/checkouts",
  tag: "Checkouts",
  summary: "Create a checkout",
  description:
    "With `phone_number` the phone is prompted at once. If the push gets no clear answer, the status is also 201, and the attempt stays `pending`.",
  scope: "checkouts:write",
  reach: "own",
  body: z.strictObject({
    amount,
    currency,
    reference,
    account_reference: accountReference.optional(),
    description: promptDescription.optional(),
    phone_number: phoneNumber.optional(),
    shortcode: shortcodeNumber.optional(),
    return_url: webUrl.optional().meta({
      description:
        "Where the hosted page sends the shopper back to. It gets `checkout`, `status`, `reference` and `signature`: " +
        "a JWT of type `result+jwt`, by the keys of `/.well-known/jwks.json`, for your merchant id, good for 10 minutes.",
      examples: ["https://shop.example/thanks"],
    }),
    expires_in: z.int({ error: "must be a whole number of seconds" }).min(30, { error: "must be at least 30 seconds" })
      .max(86_400, { error: "must be at most 86400 seconds (a day)" }).default(1800)
      .meta({ description: "In seconds. Default: 30 minutes.", examples: [1800] }),
    metadata: metadata.optional(),
    items: z.array(z.strictObject(itemFields)).max(MAX_ITEMS, { error: `must have at most ${MAX_ITEMS} items` })
      .optional().meta({
        description:
          "What is paid for, on the page and on the receipt. Their amounts must add up to `amount`: list a delivery fee as an item, and take a discount off the item that it is for.",
      }),
    partial: partialPolicy.optional().meta({
      description: "Whether it may be paid in parts. Default: the rule of your merchant (`PATCH /v1/merchant`).",
    }),
    split: z.boolean({ error: "must be true or false" }).optional().meta({
      description:
        "`true` allows an amount above M-Pesa's limit for one transaction, up to ten times it. It is then collected in parts: each prompt asks for what the limits of the transaction and of the phone's day allow, and the next is sent when you, or the shopper on the page, ask for it. Never two at once, never more than is due.",
      examples: [true],
    }),
    overpayment: overpaymentPolicy.optional().meta({
      description:
        "What happens to more money than is asked: `park` leaves it to a person, `keep_within` keeps up to `overpayment_within`, `refund_difference` keeps the amount and sends the rest back to the payer by itself, once, as a refund by payout under all its limits, approvals and the pause. Default: the rule of your merchant.",
    }),
    overpayment_within: overpaymentWithin.optional().meta({
      description: "Cents. Default: the rule of your merchant.",
    }),
    allow_duplicate: z.boolean({ error: "must be true or false" }).optional().meta({
      description: "Create it though another open checkout has this `reference`, where your merchant refuses that.",
    }),
  }),
  status: 201,
  response: checkout,
  problems: ["limit_exceeded", "prompts_limited", "looks_like_a_duplicate"],
  idempotency: "required",
  examples: examples.creation,
});

export const getCheckout = operation({
  id: "getCheckout",
  method: "GET",
  path: "/v1/checkouts/{id}",
  tag: "Checkouts",
  summary: "Read a checkout",
  description:
    "The checkout with its attempts, its payment, and why the last attempt failed. Read it after a webhook, or when you are not sure what happened.",
  scope: "checkouts:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: checkout,
  problems: ["not_found"],
  examples: examples.reading,
});

export const listCheckouts = operation({
  id: "listCheckouts",
  method: "GET",
  path: "/v1/checkouts",
  tag: "Checkouts",
  summary: "List checkouts, newest first",
  description:
    "Filter by status, reference, shortcode, phone, amount or time. To find the checkout of an order, ask for its `reference`.",
  scope: "checkouts:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the reference, the account, the receipts of its payments, and the id"),
    ...amountQuery,
    ...phoneQuery,
    ...merchantQuery,
    status: checkoutStatus.optional(),
    shortcode: shortcodeNumber.optional(),
    reference: z.string().max(64).optional(),
  }),
  status: 200,
  response: pageSchema(checkout),
  problems: ["invalid_query"],
  examples: examples.listing,
});

export const createAttempt = operation({
  id: "createAttempt",
  method: "POST",
  path: "/v1/checkouts/{id}/attempts",
  tag: "Checkouts",
  summary: "Send another prompt (STK push)",
  description:
    "Sends a prompt to a phone, the same or another, for an open checkout: after a cancelled prompt, a wrong PIN, or no answer. A phone that already has a prompt answers 409 `phone_busy`.",
  scope: "checkouts:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({ phone_number: phoneNumber }),
  status: 201,
  response: checkout,
  problems: ["not_found", "checkout_not_open", "phone_busy", "limit_exceeded", "prompts_limited"],
  idempotency: "required",
  examples: examples.prompting,
});

const act = (id: string, verb: string, summary: string, description: string, shown: { response: Examples }) =>
  operation({
    id,
    method: "POST",
    path: `/v1/checkouts/{id}/${verb}`,
    tag: "Checkouts",
    summary,
    description,
    scope: "checkouts:write",
    reach: "own",
    params: idParam,
    status: 200,
    response: checkout,
    problems: ["not_found", "wrong_state"],
    idempotency: "accepted",
    examples: shown,
  });

export const cancelCheckout = act(
  "cancelCheckout",
  "cancel",
  "Cancel a checkout",
  "A prompt that was sent can't be withdrawn. If the customer pays it nevertheless, the money is recorded.",
  examples.cancelling,
);
export const refreshCheckout = act(
  "refreshCheckout",
  "refresh",
  "Refresh a checkout from M-Pesa",
  "Asks Daraja and returns the checkout as it is afterwards.",
  examples.refreshing,
);
