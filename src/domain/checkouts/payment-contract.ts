import { z } from "zod";
import { currency, shortcodeNumber, timestamp, version } from "../../http/fields.ts";

export const paymentStatus = z.enum(["matched", "partial", "unmatched", "duplicate_payment", "refunded", "taken_back"]);
export const paymentChannel = z.enum(["stk", "c2b", "pull"]);

export const payment = z.object({
  id: z.string().meta({ examples: ["pay_01kamcvdf2ej5s2k8sxw9ggk6r"] }),
  receipt: z.string().nullable().meta({
    description: "M-Pesa's receipt; null until a notice brings it.",
    examples: ["UKM9X2A1BC"],
  }),
  amount: z.int().meta({ description: "Cents of KES.", examples: [150000] }),
  amount_refunded: z.int().meta({
    description:
      "Cents that refunds have given back. It may be more than `amount`: a refund that failed can prove to be paid after another one was made. Then there is a `payment.over_refunded` event.",
    examples: [0],
  }),
  amount_taken_back: z.int().meta({
    description:
      "Cents that M-Pesa reversed without a refund of yours. At `taken_back` nothing of the payment is left.",
    examples: [0],
  }),
  fee_estimate: z.int().nullable().meta({
    description:
      "What Safaricom's published tariff of the paybill takes from you, in cents. Null for a till, and where the shortcode has no `tariff`.",
    examples: [500],
  }),
  currency,
  channel: paymentChannel,
  status: paymentStatus.meta({
    description:
      "`partial`: less than the checkout asks; partial payments that add up to the amount settle it. `unmatched`: a person must say what it is for. `duplicate_payment`: the checkout was already paid; refund it. `taken_back`: M-Pesa reversed it, and no refund of yours asked for that.",
  }),
  shortcode: shortcodeNumber,
  account_reference: z.string().nullable(),
  checkout: z.string().nullable(),
  allocations: z.array(z.object({
    checkout: z.string().optional().meta({ examples: ["chk_01kamcvdf2ej5s2k8sxw9ggk6p"] }),
    account: z.string().optional().meta({ examples: ["acc_01kamcvdf2ej5s2k8sxw9ggk6z"] }),
    amount: z.int().meta({ description: "Cents of KES.", examples: [150000] }),
  })).meta({
    description:
      "Where the money is: each part names a checkout or a standing account. What is in no part waits for you.",
  }),
  payer: z.object({
    name: z.string().nullable().meta({ description: "The initials.", examples: ["J••• D•••"] }),
    phone_number: z.string().nullable().meta({ description: "Masked.", examples: ["2547•••••678"] }),
  }).meta({
    description: "Who paid, as far as M-Pesa told it: a paybill confirmation has the name, and often no whole number.",
  }),
  paid_at: timestamp.nullable(),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "Payment" });
export type PaymentView = z.infer<typeof payment>;
