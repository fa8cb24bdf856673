import { z } from "zod";
import { type PaybillTariff, paybillTariffs } from "../../daraja/tariffs.ts";
import { freeText, phoneNumber, shortcodeNumber } from "../../http/fields.ts";
import { type FieldError, invalidField, Problem } from "../../problems/problem.ts";
import type { Shortcode } from "../../context/shortcode.ts";

/** The fields of a paybill or till in requests. */

const secret = (what: string, max = 256) =>
  z.string({ error: "must be a string" }).trim().min(1, { error: `must not be empty: copy the ${what} whole` })
    .max(max, { error: `must be at most ${max} characters` })
    .regex(/^[\x21-\x7e]+$/, {
      error: "must be visible ASCII without spaces; another character was probably copied with it",
    });

export const shortcodeName = z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" })
  .max(100, { error: "must be at most 100 characters" })
  // deno-lint-ignore no-control-regex -- control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, { error: "must not contain control characters" })
  .meta({ examples: ["Demo Shop"] });

export const storeNumber = shortcodeNumber.meta({
  description:
    "Tills only: the store (head office) number, to which Daraja app and passkey belong. Not what customers type.",
  examples: ["500001"],
});

export const secrets = {
  consumer_key: secret("consumer key").meta({ examples: ["demo-consumer-key"] }),
  consumer_secret: secret("consumer secret").meta({ examples: ["demo-consumer-secret"] }),
  passkey: secret("passkey").meta({
    description: "Of Lipa na M-Pesa Online; of a till, the one that came with its store number.",
    examples: ["bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919"],
  }),
  initiator_name: secret("initiator's name", 64).meta({
    description: "The API operator of the M-Pesa portal that sends payouts and reversals.",
    examples: ["testapi"],
  }),
  initiator_password: z.string({ error: "must be a string" }).min(1, { error: "must not be empty" })
    .max(128, { error: "must be at most 128 characters" }).meta({ examples: ["Safaricom999!*!"] }),
  security_credential: secret("security credential", 2048)
    .regex(/^[A-Za-z0-9+/]{160,}={0,2}$/, {
      error: "must be the base64 text that the Daraja portal makes of the initiator's password (344 characters)",
    }).meta({ description: "Made beforehand; instead of `initiator_password` and `certificate`." }),
  certificate: z.string({ error: "must be a string" }).trim().max(8192, { error: "must be at most 8192 characters" })
    .regex(/^-----BEGIN (CERTIFICATE|PUBLIC KEY)-----/, {
      error: "must be Safaricom's certificate in PEM: it begins with -----BEGIN CERTIFICATE-----",
    }).meta({ description: "Safaricom's, of the same environment as the app. That it has expired does no harm." }),
};

export const nominatedNumber = phoneNumber.meta({
  description: "The phone nominated for Pull Transactions. With it, payments are compared with M-Pesa's every hour.",
  examples: ["0712345678"],
});

/** The merchant's own name of a shop. */
export const store = freeText(1, 60).meta({
  description: "Your own name of the shop that it belongs to. Shortcodes of one head office are grouped by it.",
  examples: ["Westlands"],
});

/** Safaricom's tariff of a paybill. */
export const tariff = z.enum(paybillTariffs, { error: `must be ${paybillTariffs.join(", ")}` }).meta({
  description:
    "The tariff that you agreed on with Safaricom for a paybill. `mgao`: customer and you share the fee; `business_bouquet`: the customer pays it; `customer_bouquet`: you pay it. With it, fees are estimated.",
  examples: ["mgao"],
});

export const nameCheck = z.boolean({ error: "must be true or false" }).meta({
  description:
    "Paybills only, and only where Safaricom has given the app B2C Hakikisha: before a payout with `payee.given_name` it is asked for the payee's name.",
  examples: [false],
});

/** Payouts leave from paybills, so a till has no use for the check. Errors: `validation_failed` at `/name_check`. */
export function checkNameCheck(kind: "paybill" | "till", wanted: boolean | undefined): void {
  if (kind === "till" && wanted === true) {
    throw invalidField("/name_check", "must be false for a till: it sends no payouts");
  }
}

/** Errors: `validation_failed` for a till, whose tariff no table has. */
export function checkTariff(kind: "paybill" | "till", wanted: PaybillTariff | null | undefined): void {
  if (kind === "till" && (wanted ?? null) !== null) {
    throw invalidField("/tariff", "must be null for a till: these are the tariffs of paybills");
  }
}

const account = z.string({ error: "must be a string" }).trim().min(1, { error: "must not be empty" })
  .max(20, { error: "must be at most 20 characters: M-Pesa takes no more" })
  .regex(/[A-Za-z0-9]/, { error: "must have a letter or a digit" });

export const validation = z.strictObject({
  rule: z.enum(["accept_all", "open_checkout", "known_accounts"], {
    error: 'must be "accept_all", "open_checkout" or "known_accounts"',
  }).meta({
    description:
      "`open_checkout`: account and amount must be those of a checkout that waits to be paid. `known_accounts`: the account must be in `accounts`.",
  }),
  accounts: z.array(account).max(2000, { error: "must have at most 2000 accounts" }).optional()
    .meta({ description: "For `known_accounts`. Case, spaces and separators do not count.", examples: [["A-100"]] }),
  when_down: z.enum(["accept", "reject"], { error: 'must be "accept" or "reject"' }).nullable().optional().meta({
    description: "The answer when the rule can't be looked up; null: as the service is configured.",
  }),
});
export type ValidationInput = z.output<typeof validation>;

interface Numbers {
  readonly kind: "paybill" | "till";
  readonly number: string;
  readonly store_number: string | null | undefined;
}

const TILL_NUMBERS_HINT =
  "A till has two numbers: the till number (`number`), which customers type under Buy Goods, and the " +
  "store or head office number (`store_number`), to which Safaricom ties the Daraja app and the passkey";

/** Checks that till number and store number are not mixed up. Errors: `validation_failed`. */
export function checkNumbers({ kind, number, store_number: store }: Numbers, others: readonly Shortcode[]): void {
  const wrong = (pointer: string, detail: string) =>
    new Problem("validation_failed", `${pointer}: ${detail}`, {
      errors: [{ pointer, detail } satisfies FieldError],
    });
  if (kind === "paybill" && store !== null && store !== undefined) {
    throw wrong(
      "/store_number",
      `a paybill has one number only; leave it out, or send kind "till". ${TILL_NUMBERS_HINT}`,
    );
  }
  if (kind === "till" && (store === null || store === undefined)) {
    throw wrong("/store_number", `is needed for a till. ${TILL_NUMBERS_HINT}`);
  }
  if (kind === "till" && store === number) {
    throw wrong("/store_number", `is the same as the till number. ${TILL_NUMBERS_HINT}; the M-Pesa portal shows both`);
  }
  for (const other of others) {
    if (other.storeNumber === number) {
      throw wrong("/number", `${number} is the store number of your till ${other.number}. ${TILL_NUMBERS_HINT}`);
    }
    if (store !== null && store !== undefined && other.number === store) {
      throw wrong("/store_number", `${store} is the number of your ${other.kind} ${other.name}. ${TILL_NUMBERS_HINT}`);
    }
  }
}

/** Checks the rule. A till can't have one, because its customers type no account. Errors: `validation_failed`. */
export function checkValidation(kind: "paybill" | "till", { rule, accounts }: ValidationInput): void {
  const wrong = (pointer: string, detail: string) =>
    new Problem("validation_failed", `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
  if (kind === "till" && rule !== "accept_all") {
    throw wrong("/validation/rule", 'must be "accept_all" for a till: its customers type no account number');
  }
  if (rule === "known_accounts" && (accounts === undefined || accounts.length === 0)) {
    throw wrong("/validation/accounts", "must list the accounts; with none every payment would be refused");
  }
  if (rule !== "known_accounts" && accounts !== undefined && accounts.length > 0) {
    throw wrong("/validation/accounts", 'are only looked at by the rule "known_accounts"; leave them out');
  }
}
