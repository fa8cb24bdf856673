import { z } from "zod";
import { currency, shortcodeNumber, timestamp } from "../http/fields.ts";
import { idParam, operation } from "../http/operation.ts";
import { pageOf, pageQuery } from "../http/pagination.ts";

export const paymentStatus = z.enum(["matched", "partial", "unmatched", "duplicate_payment", "refunded"]);

export const payment = z.object({
  id: z.string().meta({ examples: ["pay_01kamcvdf2ej5s2k8sxw9ggk6r"] }),
  receipt: z.string().nullable().meta({
    description: "M-Pesa's receipt; null until a notice brings it.",
    examples: ["UKM9X2A1BC"],
  }),
  amount: z.int().meta({ description: "Cents of KES.", examples: [150000] }),
  currency,
  channel: z.enum(["stk", "c2b", "pull"]),
  status: paymentStatus.meta({ description: "`duplicate_payment`: the checkout had been paid already; give it back." }),
  shortcode: shortcodeNumber,
  account_reference: z.string().nullable(),
  checkout: z.string().nullable(),
  paid_at: timestamp.nullable(),
  created_at: timestamp,
}).meta({ id: "Payment" });
export type PaymentView = z.infer<typeof payment>;

export const getPayment = operation({
  id: "getPayment",
  method: "GET",
  path: "/v1/payments/{id}",
  tag: "Payments",
  summary: "Read a payment",
  scope: "payments:read",
  params: idParam,
  status: 200,
  response: payment,
  problems: ["not_found"],
});

export const listPayments = operation({
  id: "listPayments",
  method: "GET",
  path: "/v1/payments",
  tag: "Payments",
  summary: "List payments, newest first",
  scope: "payments:read",
  query: z.strictObject({
    ...pageQuery,
    status: paymentStatus.optional(),
    checkout: z.string().max(64).optional(),
    receipt: z.string().max(20).optional(),
  }),
  status: 200,
  response: pageOf(payment),
  problems: ["invalid_query"],
});
