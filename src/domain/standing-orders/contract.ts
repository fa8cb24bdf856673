import { z } from "zod";
import {
  accountReference,
  amount,
  currency,
  freeText,
  phoneNumber,
  promptDescription,
  shortcodeNumber,
  timestamp,
  version,
} from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { failureCode } from "../../http/failure-code.ts";
import { amountQuery, listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

export const standingOrderStatus = z.enum(["pending", "active", "failed", "unknown"]);

const frequency = z.enum(
  ["once", "daily", "weekly", "monthly", "every_two_months", "quarterly", "half_yearly", "yearly"],
  {
    error: "must be once, daily, weekly, monthly, every_two_months, quarterly, half_yearly or yearly",
  },
).meta({ examples: ["monthly"] });

const day = z.iso.date({ error: "must be a date such as 2026-12-01" }).meta({
  description: "A day in Nairobi.",
  examples: ["2026-12-01"],
});

const standingOrder = z.object({
  id: z.string().meta({ examples: ["sto_01kamcvdf2ej5s2k8sxw9ggk71"] }),
  status: standingOrderStatus.meta({
    description:
      "`pending`: the customer is being asked. `unknown`: no clear answer came; the order may be active, and a late answer still counts.",
  }),
  name: z.string().meta({ examples: ["Gym November"] }),
  amount: z.int().meta({ description: "Cents of KES, each time.", examples: [150000] }),
  currency,
  phone_number: z.string().meta({ description: "Masked.", examples: ["2547•••••678"] }),
  shortcode: shortcodeNumber,
  frequency,
  start_date: day,
  end_date: day,
  account_reference: z.string().meta({ examples: ["GYM1001"] }),
  description: z.string(),
  receipt: z.string().nullable().meta({
    description: "M-Pesa's receipt of the order. Each payment has its own receipt.",
  }),
  result_code: z.string().nullable().meta({ description: "M-Pesa's own code, for support.", examples: ["0"] }),
  failure: z.object({
    code: failureCode("cancelled_by_customer"),
    message: z.string(),
    advice: z.string(),
  }).nullable(),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({
  id: "StandingOrder",
  description: "A customer's consent to pay an amount regularly. Its payments arrive like any paybill payment.",
});
export type StandingOrderView = z.infer<typeof standingOrder>;

export const createStandingOrder = operation({
  id: "createStandingOrder",
  method: "POST",
  path: "/v1/standing-orders",
  tag: "Standing orders",
  summary: "Create a standing order",
  description: "Prompts the phone once. You need a contract with Safaricom for M-Pesa Ratiba.",
  scope: "checkouts:write",
  reach: "own",
  body: z.strictObject({
    name: freeText(1, 100).meta({ description: "Must be unique for this customer.", examples: ["Gym November"] }),
    amount,
    currency,
    phone_number: phoneNumber,
    frequency,
    start_date: day,
    end_date: day,
    account_reference: accountReference.optional(),
    description: promptDescription.optional(),
    shortcode: shortcodeNumber.optional(),
  }),
  status: 201,
  response: standingOrder,
  problems: [],
  idempotency: "accepted",
});

export const getStandingOrder = operation({
  id: "getStandingOrder",
  method: "GET",
  path: "/v1/standing-orders/{id}",
  tag: "Standing orders",
  summary: "Read a standing order",
  description: "The standing order with its status and its terms.",
  scope: "checkouts:read",
  reach: "own",
  params: idParam,
  status: 200,
  response: standingOrder,
  problems: ["not_found"],
});

export const listStandingOrders = operation({
  id: "listStandingOrders",
  method: "GET",
  path: "/v1/standing-orders",
  tag: "Standing orders",
  summary: "List standing orders, newest first",
  description: "Filter by status, amount or time.",
  scope: "checkouts:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the name, the account, the receipt, and the id"),
    ...merchantQuery,
    ...amountQuery,
    status: standingOrderStatus.optional(),
  }),
  status: 200,
  response: pageSchema(standingOrder),
  problems: ["invalid_query"],
});
