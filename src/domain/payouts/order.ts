import { z } from "zod";
import { amount, currency, freeText, metadata, phoneNumber, reference, shortcodeNumber } from "../../http/fields.ts";

const TEXT = /^[A-Za-z0-9 ._\/#-]+$/;

const number = shortcodeNumber.meta({ description: "The business's number.", examples: ["888880"] });

/** daraja.md section 7.4: at most 13 characters. */
const accountReference = z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" })
  .max(13, { error: "must be at most 13 characters" })
  .regex(TEXT, { error: "must be letters, digits, spaces or . _ / # -" })
  .meta({ description: "The account at the business.", examples: ["INV1001"] });

/** daraja.md section 7.5: KRA's payment registration number. */
const registration = z.string({ error: "must be a string" }).trim().regex(/^[A-Za-z0-9]{4,20}$/, {
  error: "must be KRA's payment registration number (PRN): 4 to 20 letters and digits",
}).meta({ description: "KRA's payment registration number (PRN).", examples: ["2020250000123456"] });

/** Whom a payout goes to. */
export const destination = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("phone"), phone_number: phoneNumber }),
  z.strictObject({ type: z.literal("paybill"), number, account_reference: accountReference }),
  z.strictObject({ type: z.literal("till"), number, account_reference: accountReference.optional() }),
  z.strictObject({ type: z.literal("b2c_account"), number, account_reference: accountReference.optional() }),
  z.strictObject({ type: z.literal("kra"), payment_registration_number: registration }),
], { error: "must have a type: phone, paybill, till, b2c_account or kra" }).meta({
  description:
    "A phone (as `phone_number` alone), another business's paybill or till, a B2C account to top up, or the Kenya Revenue Authority. Businesses are paid from the working account.",
  examples: [{ type: "paybill", number: "888880", account_reference: "INV1001" }],
});

export const purpose = z.enum(["business", "salary", "promotion"], {
  error: "must be business, salary or promotion",
});

/** daraja.md section 6: 2 to 100 characters. */
export const remarks = freeText(2, 100).meta({ description: "Travels with the payout.", examples: ["November pay"] });

/** Whom the caller wants to pay. */
const payee = z.strictObject({
  given_name: freeText(1, 100).meta({
    description:
      "The payee's name as you know it. It is stored encrypted, and compared with the name that M-Pesa returns: if that is another one, the next payout to the phone waits for a person.",
    examples: ["Grace Kamau"],
  }),
}, { error: "must be an object with given_name" });

export const payoutFields = {
  amount,
  currency,
  phone_number: phoneNumber,
  reference,
  purpose: purpose.meta({ description: "What M-Pesa books it as.", examples: ["salary"] }),
  remarks: remarks.optional(),
  occasion: freeText(1, 100).optional(),
  shortcode: shortcodeNumber.optional(),
  metadata: metadata.optional(),
  payee: payee.optional(),
};

/** Overrules the merchant's rule about duplicates. */
export const allowDuplicate = z.boolean({ error: "must be true or false" }).optional().meta({
  description: "`true` sends it although it looks like an earlier one (409 `looks_like_a_duplicate`).",
});

/** The wish to send money to one phone. */
export const payoutRequest = z.strictObject(payoutFields).meta({ id: "PayoutRequest" });
export type PayoutRequest = z.output<typeof payoutRequest>;

/** The wish to send money to a phone or a business. */
export const payoutOrder = z.strictObject({
  ...payoutFields,
  phone_number: phoneNumber.optional(),
  purpose: payoutFields.purpose.optional(),
  destination: destination.optional(),
  allow_duplicate: allowDuplicate,
}).superRefine((order, ctx) => {
  const wrong = (field: string, message: string) => ctx.addIssue({ code: "custom", path: [field], message });
  const phone = order.phone_number !== undefined;
  if (phone && order.destination !== undefined) wrong("destination", "must be left out where phone_number is given");
  if (!phone && order.destination === undefined) wrong("phone_number", "must be given, or a destination");
  const toPhone = phone || order.destination?.type === "phone";
  if (!toPhone && order.payee !== undefined) wrong("payee", "is for payouts to phones; leave it out");
  if (toPhone && order.purpose === undefined) wrong("purpose", "must be business, salary or promotion");
}).meta({ id: "PayoutOrder" });
export type PayoutOrder = z.output<typeof payoutOrder>;
