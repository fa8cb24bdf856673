import { z } from "zod";
import { amount, currency, shortcodeNumber } from "../../http/fields.ts";
import { operation } from "../../http/operation.ts";

const ACCOUNT_PATTERN = /^[A-Za-z0-9 ._\/#-]+$/;

/** It becomes the account of the payment, so only what a paybill's account may contain is allowed (daraja.md section 7.6). */
const reference = z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" })
  .max(20, { error: "must be at most 20 characters" })
  .regex(ACCOUNT_PATTERN, { error: "must be letters, digits, spaces or . _ / # -" })
  .meta({
    description: "The account that the payment will name. A checkout's `account_reference` pays that checkout.",
    examples: ["INV1001"],
  });

const qrCode = z.object({
  png: z.string().nullable().meta({
    description:
      "Safaricom's QR code, a PNG in base64, for the scanner in the M-PESA app. Null if M-Pesa could not create it.",
    examples: ["iVBORw0KGgo="],
  }),
  svg: z.string().meta({
    description:
      "Our own QR code, an SVG that any camera can read. Its text says what to pay, where, and for which account.",
    examples: ["<svg></svg>"],
  }),
}).meta({ id: "QrCode" });
export type QrCodeView = z.infer<typeof qrCode>;

export const createQrCode = operation({
  id: "createQrCode",
  method: "POST",
  path: "/v1/qr-codes",
  tag: "QR codes",
  summary: "Create a QR code that a customer scans to pay",
  description: "Answers M-Pesa's code as PNG and our own as SVG. Both say the amount, the shortcode and the account.",
  scope: "checkouts:write",
  reach: "own",
  body: z.strictObject({ amount, currency, reference, shortcode: shortcodeNumber.optional() }),
  status: 200,
  response: qrCode,
  problems: ["daraja_refused"],
  idempotency: "accepted",
});
