import { z } from "zod";
import { shortcodeNumber, timestamp, version } from "../../http/fields.ts";
import { idParam, operation } from "../../http/operation.ts";
import { listQuery, merchantQuery, pageSchema } from "../../http/pagination.ts";
import {
  nameCheck,
  nominatedNumber,
  secrets,
  shortcodeName,
  store,
  storeNumber,
  tariff,
  validation,
} from "./fields.ts";

const kind = z.enum(["paybill", "till"], { error: 'must be "paybill" or "till"' });
const responseType = z.enum(["completed", "cancelled"], { error: 'must be "completed" or "cancelled"' });
const urlsVersion = z.enum(["v1", "v2"], { error: 'must be "v1" or "v2"' });

export const shortcode = z.object({
  id: z.string().meta({ examples: ["sho_01kamcvdf2ej5s2k8sxw9ggk6t"] }),
  kind,
  number: shortcodeNumber.meta({ description: "The paybill, or the till number.", examples: ["600000"] }),
  store_number: z.string().nullable().meta({ description: "A till's store (head office) number; null for a paybill." }),
  name: z.string(),
  store: z.string().nullable().meta({ description: "The shop that it belongs to.", examples: ["Westlands"] }),
  tariff: tariff.nullable(),
  default: z.boolean().meta({
    description: "Used when a request names no shortcode. A merchant has exactly one default.",
  }),
  has_passkey: z.boolean(),
  has_initiator: z.boolean().meta({ description: "Name and password, or name and security credential, are set." }),
  has_certificate: z.boolean(),
  has_security_credential: z.boolean(),
  name_check: z.boolean().meta({
    description: "Before a payout Safaricom is asked for the payee's name (Hakikisha).",
  }),
  nominated_number: z.string().nullable().meta({
    description: "Masked; null: payments are not pulled.",
    examples: ["2547•••••678"],
  }),
  validation: z.object({
    rule: z.enum(["accept_all", "open_checkout", "known_accounts"]),
    accounts: z.array(z.string()),
    when_down: z.enum(["accept", "reject"]).nullable(),
  }).meta({
    description:
      "Which payments at the paybill are accepted. It has an effect only if Safaricom has switched validation on.",
  }),
  urls: z.object({ version: urlsVersion, response_type: responseType, registered_at: timestamp }).nullable().meta({
    description: "The C2B callback URLs that were registered through this API; null: none yet.",
  }),
  url_number: z.int().meta({
    description: "The pair of C2B URLs that is registered. `register-urls` with `new_urls` makes the next one.",
    examples: [1],
  }),
  urls_revoked: z.int().meta({
    description: "Pairs of C2B URLs up to this number are revoked: they answer 404.",
    examples: [0],
  }),
  proven_at: timestamp.nullable().meta({
    description:
      "When M-Pesa accepted the credentials; null: not yet. Until then the shortcode takes no requests, and another merchant that proves the number gets it. `POST /v1/shortcodes/{id}/check` asks M-Pesa again.",
  }),
  created_at: timestamp,
  updated_at: timestamp,
  version,
}).meta({ id: "Shortcode", description: "A paybill or till. Its secrets are never shown." });
export type ShortcodeView = z.infer<typeof shortcode>;

export const getShortcode = operation({
  id: "getShortcode",
  method: "GET",
  path: "/v1/shortcodes/{id}",
  tag: "Shortcodes",
  summary: "Read a shortcode",
  description: "One paybill or till, without its secrets.",
  scope: "shortcodes:read",
  reach: "platform",
  params: idParam,
  status: 200,
  response: shortcode,
  problems: ["not_found"],
});

export const listShortcodes = operation({
  id: "listShortcodes",
  method: "GET",
  path: "/v1/shortcodes",
  tag: "Shortcodes",
  summary: "List shortcodes, newest first",
  description: "Your paybills and tills, without their secrets. `store` lists those of one shop.",
  scope: "shortcodes:read",
  reach: "platform",
  query: z.strictObject({
    ...listQuery("the number, the store number, the name, and the id"),
    ...merchantQuery,
    store: z.string().max(60).optional().meta({ description: "Those of one shop.", examples: ["Westlands"] }),
  }),
  status: 200,
  response: pageSchema(shortcode),
  problems: ["invalid_query"],
});

export const createShortcode = operation({
  id: "createShortcode",
  method: "POST",
  path: "/v1/shortcodes",
  tag: "Shortcodes",
  summary: "Add a paybill or till",
  description:
    "Secrets are encrypted at rest and never shown again. The first shortcode becomes the default. M-Pesa is asked whether it accepts the credentials; until it has (`proven_at`), the shortcode takes no requests.",
  scope: "shortcodes:write",
  reach: "own",
  body: z.strictObject({
    kind,
    number: shortcodeNumber.meta({ description: "The paybill, or the till number.", examples: ["600000"] }),
    store_number: storeNumber.optional(),
    name: shortcodeName,
    store: store.optional(),
    tariff: tariff.optional(),
    default: z.boolean({ error: "must be true or false" }).optional(),
    consumer_key: secrets.consumer_key,
    consumer_secret: secrets.consumer_secret,
    passkey: secrets.passkey,
    initiator_name: secrets.initiator_name.optional(),
    initiator_password: secrets.initiator_password.optional(),
    security_credential: secrets.security_credential.optional(),
    certificate: secrets.certificate.optional(),
    nominated_number: nominatedNumber.optional(),
    validation: validation.optional(),
    name_check: nameCheck.optional(),
  }),
  status: 201,
  response: shortcode,
  problems: ["shortcode_taken"],
  idempotency: "accepted",
  bodyLimit: 131_072,
});

export const updateShortcode = operation({
  id: "updateShortcode",
  method: "PATCH",
  path: "/v1/shortcodes/{id}",
  tag: "Shortcodes",
  summary: "Change a paybill or till",
  description:
    "Fields that are left out stay as they are; null removes a value. Kind and number can't change: add another shortcode instead.",
  scope: "shortcodes:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    store_number: storeNumber.optional(),
    name: shortcodeName.optional(),
    store: store.nullable().optional(),
    tariff: tariff.nullable().optional(),
    default: z.literal(true, {
      error: "must be true. To unset it, make another shortcode the default",
    }).optional(),
    consumer_key: secrets.consumer_key.optional(),
    consumer_secret: secrets.consumer_secret.optional(),
    passkey: secrets.passkey.optional(),
    initiator_name: secrets.initiator_name.nullable().optional(),
    initiator_password: secrets.initiator_password.nullable().optional(),
    security_credential: secrets.security_credential.nullable().optional(),
    certificate: secrets.certificate.nullable().optional(),
    nominated_number: nominatedNumber.nullable().optional(),
    name_check: nameCheck.optional(),
    validation: validation.optional(),
  }),
  status: 200,
  response: shortcode,
  problems: ["not_found"],
  bodyLimit: 131_072,
});

export const deleteShortcode = operation({
  id: "deleteShortcode",
  method: "DELETE",
  path: "/v1/shortcodes/{id}",
  tag: "Shortcodes",
  summary: "Remove a paybill or till that was never used",
  description:
    "Returns the removed shortcode. One with checkouts, payments or payouts can't be removed, because they refer to it.",
  scope: "shortcodes:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: shortcode,
  problems: ["not_found", "wrong_state"],
});

export const registerUrls = operation({
  id: "registerShortcodeUrls",
  method: "POST",
  path: "/v1/shortcodes/{id}/register-urls",
  tag: "Shortcodes",
  summary: "Register the C2B callback URLs with M-Pesa",
  description:
    "Registers our validation and confirmation URLs, so that M-Pesa reports payments that customers start themselves (C2B). In production Safaricom accepts them only once. Validation also has to be switched on by Safaricom.",
  scope: "shortcodes:write",
  reach: "own",
  params: idParam,
  body: z.strictObject({
    version: urlsVersion.default("v2").meta({
      description:
        "With `v1` M-Pesa sends the payer's number hashed, with `v2` masked. We use neither to match payments.",
    }),
    response_type: responseType.default("completed").meta({
      description: "What M-Pesa does with a payment if our validation does not answer within 8 s.",
    }),
    new_urls: z.boolean({ error: "must be true or false" }).optional().meta({
      description:
        "Registers new URLs, for example because the old ones leaked. The old ones stay valid until `revoke-urls`. In production Safaricom has to remove the old ones first.",
    }),
  }),
  status: 200,
  response: shortcode,
  problems: ["not_found", "urls_already_registered", "daraja_refused", "daraja_unavailable"],
  idempotency: "accepted",
});

export const revokeUrls = operation({
  id: "revokeShortcodeUrls",
  method: "POST",
  path: "/v1/shortcodes/{id}/revoke-urls",
  tag: "Shortcodes",
  summary: "Revoke the C2B callback URLs that were replaced",
  description:
    "All URLs but those that M-Pesa has accepted last answer 404 from then on, in every process within 30 seconds.",
  scope: "shortcodes:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: shortcode,
  problems: ["not_found", "wrong_state"],
  idempotency: "accepted",
});

const finding = z.object({
  check: z.enum(["token", "passkey", "security_credential", "urls", "numbers", "pull"]),
  ok: z.boolean().nullable().meta({ description: "null: not set up, or it could not be checked." }),
  detail: z.string().meta({ examples: ["Daraja gave a token for the app."] }),
  remedy: z.string().nullable().meta({ description: "What to do, if something is wrong." }),
});
export type Finding = z.infer<typeof finding>;

export const checkShortcode = operation({
  id: "checkShortcode",
  method: "POST",
  path: "/v1/shortcodes/{id}/check",
  tag: "Shortcodes",
  summary: "Check the set-up of a shortcode",
  description:
    "Checks credentials, numbers and callback URLs, partly by asking Daraja. It moves no money and prompts no phone. It says what is wrong and what to do. A shortcode that M-Pesa accepts takes requests from then on (`proven_at`).",
  scope: "shortcodes:write",
  reach: "own",
  params: idParam,
  status: 200,
  response: z.object({
    shortcode: z.string(),
    ok: z.boolean().meta({ description: "Nothing is wrong." }),
    checks: z.array(finding),
  }).meta({ id: "ShortcodeCheck" }),
  problems: ["not_found", "shortcode_taken"],
  idempotency: "accepted",
});
