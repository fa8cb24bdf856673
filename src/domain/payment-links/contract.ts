import { z } from "zod";
import { amount, currency, freeText, shortcodeNumber, timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";

const TAG = "Payment links";

const ID = "lnk_01kamcvdf2ej5s2k8sxw9ggk70";
const description = freeText(1, 80).meta({
  description: "What is paid for. The page, the preview in a chat and the receipt show it.",
  examples: ["Rent, house 12"],
});
const reusable = z.boolean({ error: "must be true or false" }).meta({
  description:
    "`true`: any number of people can pay by it, each once or more. `false`: it is for one payment. While that one is under way nobody else can begin, and once it is paid the page says so.",
  examples: [false],
});
const expiry = z.iso.datetime({ offset: true, error: "must be a time such as 2026-12-31T21:00:00Z" })
  .transform((text) => Date.parse(text)).meta({
    description: "From then on nobody can begin to pay. Null or absent: it does not end.",
    examples: ["2026-12-31T21:00:00Z"],
    override: { type: "string", format: "date-time" },
  });

export const paymentLink = z.object({
  id: z.string().meta({ examples: [ID] }),
  url: z.string().meta({
    description: "The address to share. Who has it can pay, and sees what you say here and nothing of who paid.",
    examples: ["https://api.malipo.example/p/k7m2xq9d"],
  }),
  qr: z.string().meta({ description: "The address as a QR code: an SVG, to print.", examples: ["<svg …></svg>"] }),
  status: z.enum(["active", "paid", "expired", "disabled"]).meta({
    description: "`paid`: it was for one payment, which has come.",
  }),
  amount: z.int().nullable().meta({
    description: "Cents of KES. Null: the payer says how much.",
    examples: [150000],
  }),
  currency,
  description,
  shortcode: shortcodeNumber,
  reusable,
  times_paid: z.int().meta({
    description:
      "How many of its checkouts were paid. More than 1 where it is for one payment: money of an earlier checkout came late, so one of them is to be given back.",
    examples: [0],
  }),
  amount_received: z.int().meta({ description: "Cents that these checkouts hold.", examples: [0] }),
  expires_at: timestamp.nullable(),
  created_by: z.string().meta({ examples: ["cli_01kamcvdf2ej5s2k8sxw9ggk6s"] }),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "PaymentLink" });
export type PaymentLinkView = z.infer<typeof paymentLink>;

export const createPaymentLink = operation({
  id: "createPaymentLink",
  method: "POST",
  path: "/v1/payment-links",
  tag: TAG,
  summary: "Create a payment link",
  description:
    "A short address to send by WhatsApp or to print as a QR code. Its page asks for the phone, and for the amount if you give none. Each payment is a checkout with `metadata.payment_link`, so you hear of it by the usual events.",
  scope: "checkouts:write",
  reach: "own",
  body: z.strictObject({
    amount: amount.nullable().optional(),
    currency,
    description,
    shortcode: shortcodeNumber.optional(),
    reusable: reusable.default(false),
    expires_at: expiry.nullable().optional(),
  }),
  status: 201,
  response: paymentLink,
  problems: [],
  idempotency: "accepted",
});

export const listPaymentLinks = operation({
  id: "listPaymentLinks",
  method: "GET",
  path: "/v1/payment-links",
  tag: TAG,
  summary: "List payment links, newest first",
  description: "All links of the merchant, also disabled and expired ones.",
  scope: "checkouts:read",
  reach: "platform",
  query: z.strictObject({ ...listQuery("the description, the code of the address, and the id"), ...merchantQuery }),
  status: 200,
  response: pageSchema(paymentLink),
  problems: ["invalid_query"],
});

export const getPaymentLink = operation({
  id: "getPaymentLink",
  method: "GET",
  path: "/v1/payment-links/{id}",
  tag: TAG,
  summary: "Read a payment link",
  description: "The link with its address, its QR code, and whether it can still be paid.",
  scope: "checkouts:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: paymentLink,
  problems: ["not_found"],
});

export const updatePaymentLink = operation({
  id: "updatePaymentLink",
  method: "PATCH",
  path: "/v1/payment-links/{id}",
  tag: TAG,
  summary: "Change, disable or enable a payment link",
  description:
    "Fields that are left out stay as they are. Who has begun to pay by a reusable link goes on with the amount that was shown. Of a link for one payment, what was begun is cancelled where the amount or `reusable` changes, the link is disabled, or it ends sooner: no further prompt goes out for it. A prompt that is out can still be paid, and until it has ended nobody else can begin.",
  scope: "checkouts:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    amount: amount.nullable().optional(),
    currency: currency.optional(),
    description: description.optional(),
    reusable: reusable.optional(),
    expires_at: expiry.nullable().optional(),
    status: z.enum(["active", "disabled"], { error: "must be active or disabled" }).optional().meta({
      description: "`disabled`: nobody can begin to pay by it.",
    }),
  }),
  status: 200,
  response: paymentLink,
  problems: ["not_found"],
});
