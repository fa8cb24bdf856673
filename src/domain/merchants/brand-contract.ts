import { z } from "zod";
import { kenyanMobile } from "../../http/fields.ts";

/** How customers see a merchant: on the hosted page, on receipts and in what is shared. */

const displayName = z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" })
  .max(60, { error: "must be at most 60 characters" })
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd<>]*$/u, {
    error: "must not contain control characters, invisible marks, < or >",
  });

const colour = z.string({ error: "must be a string" })
  .regex(/^#[0-9a-fA-F]{6}$/, { error: "must be a colour such as #0b7a3b" }).transform((text) => text.toLowerCase());

/** A phone that customers may call: also a landline or a short number. As it is shown. */
const publicPhone = z.string({ error: "must be a string" }).trim()
  .regex(/^\+?[0-9][0-9 ]{1,18}[0-9]$/, {
    error: "must be digits and spaces, such as 0712 345 678 or +254 20 1234567",
  });

const whatsapp = z.string({ error: "must be a string" }).transform((text, ctx) => {
  const phone = kenyanMobile(text);
  if (phone !== null) return `+${phone}`;
  ctx.addIssue({ code: "custom", message: "must be a Kenyan mobile number, such as 0712345678" });
  return z.NEVER;
});

const email = z.email({ error: "must be an e-mail address" }).max(254, { error: "must be at most 254 characters" });
const language = z.enum(["en", "sw"], { error: "must be en or sw" });

const kraPin = z.string({ error: "must be a string" }).trim().toUpperCase()
  .regex(/^[AP][0-9]{9}[A-Z]$/, { error: "must be a KRA PIN: A or P, nine digits and a letter, such as P051234567X" });

/** Characters of a logo in a request, before it is cleaned. */
const MAX_LOGO_TEXT = 48_000;

/** A brand as it is stored. What was never set is absent, also in rows of older releases. */
export const storedBrand = z.object({
  display_name: displayName.optional(),
  logo: z.object({ hash: z.string(), kind: z.enum(["svg", "png"]) }).nullable().default(null),
  colour: colour.nullable().default(null),
  support: z.object({
    phone: publicPhone.nullable().default(null),
    whatsapp: whatsapp.nullable().default(null),
    email: email.nullable().default(null),
  }).prefault({}),
  language: language.nullable().default(null),
  kra_pin: kraPin.nullable().default(null),
});
export type StoredBrand = z.output<typeof storedBrand>;

const describe = {
  phone: "The phone that customers may call. It is shown whole.",
  whatsapp: "A Kenyan mobile number with WhatsApp.",
  language: "The language of pages for customers whose browser asks for neither English nor Swahili. Null: English.",
  kra_pin: "The PIN of the tax authority (KRA). Receipts show it.",
  colour:
    "The colour of buttons and links on pages for customers, as `#rrggbb`. The pages make it darker or lighter where a text would be hard to read. Null: green.",
};

export const brandView = {
  display_name: z.string().meta({
    description: "The name that customers read. Where you never set it, the name of the merchant.",
    examples: ["Duka la Mama"],
  }),
  logo: z.string().nullable().meta({
    description: "The address of the logo. It has a hash of the picture, so it changes with it.",
    examples: ["https://api.malipo.example/logos/0a1b2c3d4e5f60718293a4b5c6d7e8f9.svg"],
  }),
  colour: z.string().nullable().meta({ description: describe.colour, examples: ["#0b7a3b"] }),
  support: z.object({
    phone: z.string().nullable().meta({ description: describe.phone, examples: ["0712 345 678"] }),
    whatsapp: z.string().nullable().meta({ description: describe.whatsapp, examples: ["+254712345678"] }),
    email: z.string().nullable().meta({ examples: ["help@duka.example"] }),
  }).meta({ description: "Whom customers ask. A page that says that something is being checked shows it." }),
  language: z.enum(["en", "sw"]).nullable().meta({ description: describe.language, examples: ["en"] }),
  kra_pin: z.string().nullable().meta({ description: describe.kra_pin, examples: ["P051234567X"] }),
};

export const brandChange = {
  display_name: displayName.meta({ examples: ["Duka la Mama"] }),
  logo: z.string({ error: "must be a string, or null" }).max(MAX_LOGO_TEXT, {
    error: `must be at most ${MAX_LOGO_TEXT} characters`,
  }).nullable().meta({
    description:
      "A picture: the text of an SVG, or a PNG in base64, or a `data:` URL of either. At most 20 KB, a PNG at most 512 by 512 pixels. Scripts, styles, texts and links of an SVG are dropped. Null removes it. The address that GET answers keeps it.",
    examples: [
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4" fill="#0b7a3b"/></svg>',
    ],
  }),
  colour: colour.nullable().meta({ description: describe.colour, examples: ["#0b7a3b"] }),
  support: z.strictObject({
    phone: publicPhone.nullable().meta({ description: describe.phone, examples: ["0712 345 678"] }),
    whatsapp: whatsapp.nullable().meta({ description: describe.whatsapp, examples: ["0712345678"] }),
    email: email.nullable().meta({ examples: ["help@duka.example"] }),
  }).partial().meta({ description: "Fields that are left out stay as they are. Null removes one." }),
  language: language.nullable().meta({ description: describe.language, examples: ["en"] }),
  kra_pin: kraPin.nullable().meta({ description: describe.kra_pin, examples: ["P051234567X"] }),
};
