import { z } from "zod";
import { phoneNumber, shortcodeNumber } from "../../http/fields.ts";
import type { payoutFields } from "./contract.ts";

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

/** The wish to send money to a phone or a business, out of the fields that all payouts have. */
// deno-lint-ignore explicit-module-boundary-types -- the type is the schema's
export const payoutOrderOf = (fields: typeof payoutFields) =>
  z.strictObject({
    ...fields,
    phone_number: phoneNumber.optional(),
    purpose: fields.purpose.optional(),
    destination: destination.optional(),
  }).superRefine((order, ctx) => {
    const wrong = (field: string, message: string) => ctx.addIssue({ code: "custom", path: [field], message });
    const phone = order.phone_number !== undefined;
    if (phone && order.destination !== undefined) wrong("destination", "must be left out where phone_number is given");
    if (!phone && order.destination === undefined) wrong("phone_number", "must be given, or a destination");
    const toPhone = phone || order.destination?.type === "phone";
    if (toPhone && order.purpose === undefined) wrong("purpose", "must be business, salary or promotion");
  }).meta({ id: "PayoutOrder" });
