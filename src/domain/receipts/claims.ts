import { z } from "zod";

/** A line of a receipt: what, how many, and cents of all of them. */
const line = z.tuple([z.string(), z.int(), z.int()]);

/** What is signed of a receipt. Names are short, because the text has to fit into a QR code. Amounts in cents, times in s. */
export const receiptClaims = z.object({
  iss: z.string(),
  /** The payment. */
  sub: z.string(),
  /** When the payment last changed: the receipt says what was true then. */
  iat: z.int(),
  merchant: z.string(),
  pin: z.string().optional(),
  amount: z.int(),
  currency: z.literal("KES"),
  /** What of it had been given or taken back. */
  given_back: z.int().optional(),
  /** M-Pesa's receipt; null until M-Pesa tells it. */
  mpesa: z.string().nullable(),
  at: z.int(),
  ref: z.string().nullable(),
  items: z.array(line).optional(),
  /** How many lines are left out. */
  more: z.int().optional(),
});
export type ReceiptClaims = z.output<typeof receiptClaims>;
