import { parsePhoneNumberFromString } from "libphonenumber-js/mobile";
import { z } from "zod";

/** Fields that several resources share, with their error texts. */

export const amount = z.int({ error: "must be an integer in cents of KES, for example 150000 for KES 1,500" })
  .positive({ error: "must be more than 0 cents" })
  .multipleOf(100, { error: "must be whole shillings: a multiple of 100 cents, since M-Pesa moves no cents" })
  .meta({ description: "Cents of KES; a multiple of 100.", examples: [150000] });

/** Of each resource: shops order what they hear of it by this number. */
export const version = z.int().min(1).meta({
  description:
    "Grows by one with each stored change. Order what you know of a resource by it: an answer or an event with a lower version is older news.",
  examples: [1],
});

export const currency = z.literal("KES", { error: 'must be "KES"' }).meta({ examples: ["KES"] });

/** A Kenyan mobile number in any usual form, as 12 digits (`254...`). Null: the text is no such number. */
export function kenyanMobile(text: string): string | null {
  if (text.length > 32) return null;
  // A number that is copied from a phone's contacts often carries invisible marks of writing direction (U+202A).
  const visible = text.replaceAll(/\p{Cf}/gu, "").trim().replace(/^00/, "+");
  const phone = parsePhoneNumberFromString(visible, { defaultCountry: "KE", extract: false });
  return phone?.country === "KE" && phone.isValid() ? phone.number.slice(1) : null;
}

/** `2547•••••678`: enough to recognise a phone number, not enough to call it. */
export const maskPhone = (phone: string): string => `${phone.slice(0, 4)}•••••${phone.slice(-3)}`;

/** `J••• D•••`: the first letter of each name. */
export const maskName = (name: string): string =>
  name.split(/\s+/).filter((part) => part !== "").map((part) => `${[...part][0]}•••`).join(" ");

export const phoneNumber = z.string({ error: "must be a string" }).meta({
  description: "A Kenyan mobile number in any usual form. In answers it is masked.",
  examples: ["0712345678"],
}).transform((text, ctx) => {
  const phone = kenyanMobile(text);
  if (phone !== null) return phone;
  ctx.addIssue({ code: "custom", message: "must be a Kenyan mobile number, such as 0712345678 or +254712345678" });
  return z.NEVER;
});

// deno-lint-ignore no-control-regex -- control characters are what is refused
const NO_CONTROL = /^[^\u0000-\u001f\u007f]*$/;
const PROMPT_TEXT = /^[A-Za-z0-9 ._\/#-]+$/;

const boundedText = (max: number) =>
  z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" })
    .max(max, { error: `must be at most ${max} characters` })
    .regex(NO_CONTROL, { error: "must not contain control characters" });

// deno-lint-ignore no-control-regex -- control characters are what is refused
const NO_CONTROL_NO_REPLACEMENT = /^[^\u0000-\u001f\u007f\ufffd]*$/;

/** Free text of some length, trimmed, without control characters. */
export const freeText = (min: number, max: number): z.ZodType<string, string> =>
  z.string({ error: "must be a string" }).trim()
    .min(min, { error: min === 1 ? "must not be empty" : `must be at least ${min} characters` })
    .max(max, { error: `must be at most ${max} characters` })
    .regex(NO_CONTROL_NO_REPLACEMENT, { error: "must be UTF-8 text without control characters" });

export const reference = boundedText(64).meta({
  description: "Your own reference, such as an order number.",
  examples: ["order-1001"],
});

/** daraja.md section 2.1: at most 12 characters, shown in the prompt and printed in the customer's SMS. */
export const accountReference = boundedText(12)
  .regex(PROMPT_TEXT, { error: "must be letters, digits, spaces or . _ / # -" })
  .refine((text) => /[A-Za-z0-9]/.test(text), {
    error: "must have a letter or a digit, so that a payment to it can be recognised",
  })
  .meta({ description: "The account that the customer sees in the prompt and in the SMS.", examples: ["INV1001"] });

/** daraja.md section 2.1: at most 13 characters. */
export const promptDescription = boundedText(13)
  .regex(PROMPT_TEXT, { error: "must be letters, digits, spaces or . _ / # -" })
  .meta({ examples: ["Shoes"] });

export const metadata = z.record(
  boundedText(40),
  z.string({ error: "must be a string" }).max(500, { error: "must be at most 500 characters" }),
)
  .refine((value) => Object.keys(value).length <= 50, { error: "must have at most 50 keys" })
  .meta({ description: "Your own data: up to 50 keys, returned unchanged.", examples: [{ cart: "c-77" }] });

export const shortcodeNumber = z.string({ error: 'must be a string, for example "600000"' })
  .regex(/^[0-9]{5,7}$/, { error: "must be 5 to 7 digits: the paybill, or the till number of a till" })
  .meta({
    description: "The paybill, or the till number of a till. Default: the merchant's default shortcode.",
    examples: ["600000"],
  });

const MAX_URL = 2048;

/** A URL of the web, as the URL standard writes it: backslashes, tabs and letters of other scripts can't hide its host. */
export const webUrl = z.string({ error: "must be a string" }).max(MAX_URL, {
  error: `must be at most ${MAX_URL} characters`,
})
  .transform((text, ctx) => {
    const url = URL.parse(text);
    const mistake = url === null || !/^https?:$/.test(url.protocol)
      ? "must be an http(s) URL"
      : url.username !== "" || url.password !== ""
      ? "must not contain a user name or a password: a shopper can't see which of the names is the host"
      : url.href.length > MAX_URL
      ? `must be at most ${MAX_URL} characters when it is normalised`
      : null;
    if (url !== null && mistake === null) return url.href;
    ctx.addIssue({ code: "custom", message: mistake ?? "must be an http(s) URL" });
    return z.NEVER;
  })
  .meta({ examples: ["https://shop.example/thanks"] });

export const timestamp = z.iso.datetime().meta({
  description: "RFC 3339, UTC.",
  examples: ["2026-11-22T09:30:00.000Z"],
});

/** ms since the epoch as RFC 3339. */
export const formatTime = (ms: number): string => new Date(ms).toISOString();
export const formatTimeOrNull = (ms: number | null): string | null => (ms === null ? null : formatTime(ms));
