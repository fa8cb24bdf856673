import { z } from "zod";
import { DEFAULT_PORT, defaultHost } from "./address.ts";
import { deploymentOf } from "./deployment.ts";
import { consoleOidc } from "./oidc.ts";
import { authIssuers } from "./issuers.ts";
import {
  callbackSecrets,
  developmentKeys,
  encryptionKeys,
  indexKeys,
  retiredSigningKeys,
  signingKeys,
} from "./keys.ts";
import { ENVIRONMENTS } from "./types.ts";
import {
  databaseUrl,
  integer,
  isLoopback,
  kes,
  needsNoToken,
  networks,
  origin,
  positive,
  publicOrigin,
  rate,
} from "./values.ts";

/** The environment variables, without the empty ones. */
export type Values = Readonly<Record<string, string | undefined>>;

/** What decides the defaults of the settings, and how strict they are. */
export interface Situation {
  readonly values: Values;
  /** `APP_ENV` is neither development nor test. Then public keys, http URLs and the like are refused. */
  readonly strict: boolean;
  /** `deno task dev`, which has its own database file and KV file. */
  readonly embedded: boolean;
}

/** A setting: what it expects, in words; how it is read; and its default text. Without a default it is required. */
const setting = <T>(expected: string, schema: z.ZodType<T, string>, fallback?: string): z.ZodType<T> =>
  fallback === undefined
    ? schema.describe(expected)
    : schema.prefault(fallback).meta({ description: expected, default: fallback }); // docs/settings.md shows both

const optional = <T>(expected: string, schema: z.ZodType<T, string>): z.ZodType<T | undefined> =>
  schema.optional().describe(expected);

// A wrong port is reported by its own setting. The URL made of it must not be reported as a second problem.
const localOrigin = (port: string | undefined, defaultPort: string) =>
  `http://127.0.0.1:${port && /^\d{1,5}$/.test(port) && Number(port) <= 65535 ? port : defaultPort}`;

/** The value of `KV_PATH` for the KV store that Deno itself chooses. Deno Deploy has no other. */
export const DEFAULT_KV = "default";
const KV_PLACE = `the file of the KV store, or ${DEFAULT_KV} for the one of Deno Deploy`;

/** As Safaricom publishes them for callbacks (daraja.md section 9). */
const SAFARICOM_ADDRESSES = "196.201.214.200,196.201.214.206,196.201.214.207,196.201.214.208,196.201.213.114," +
  "196.201.213.44,196.201.212.127,196.201.212.129,196.201.212.136,196.201.212.138,196.201.212.69,196.201.212.74";

const HIGH_LIMIT = "1000000";
const HIGH_AMOUNT = "1000000000";
const WHOLE_NUMBER = "a whole number above zero";
const RATE = "a whole number above zero, or unlimited";
const SHILLINGS = "whole shillings, 1 to 1000000000";

/** Whether the service talks to the simulator on this machine instead of Daraja. */
export function isSimulated({ values, strict }: Situation): boolean {
  const url = values.DARAJA_BASE_URL;
  return !strict && (url === undefined || isLoopback(URL.parse(url)?.hostname ?? ""));
}

const isSandbox = ({ values }: Situation) =>
  URL.parse(values.DARAJA_BASE_URL ?? "")?.hostname === "sandbox.safaricom.co.ke";

function hosting({ values, strict, embedded }: Situation) {
  const unlessStrict = (text: string) => strict ? undefined : text;
  const http = strict ? "https" : "http or https";
  const text = z.string();
  return {
    APP_ENV: setting(`one of ${ENVIRONMENTS.join(", ")}`, z.enum(ENVIRONMENTS), embedded ? "development" : undefined),
    HOST: setting("an address to listen on", text, defaultHost(strict)),
    PORT: setting("a port, 0 to 65535", integer(0, 65535), DEFAULT_PORT),
    PUBLIC_URL: setting(
      `the ${http} origin where this service is reached, such as https://pay.example.com`,
      publicOrigin(strict),
      unlessStrict(localOrigin(values.PORT, DEFAULT_PORT)),
    ),
    TRUSTED_PROXIES: setting("0 to 10", integer(0, 10), "0"),
    DATABASE_URL: setting("a file:, libsql: or https: URL", databaseUrl(strict), unlessStrict("file:.data/malipo.db")),
    DATABASE_AUTH_TOKEN: needsNoToken(values.DATABASE_URL ?? "", strict)
      ? optional("the token of the database", text)
      : setting("the token of the database, unless DATABASE_URL is a file:", text),
    KV_PATH: embedded || deploymentOf(values) !== null
      ? setting(KV_PLACE, text, embedded ? ".data/kv.db" : DEFAULT_KV)
      : optional(KV_PLACE, text),
    METRICS_TOKEN: optional("at least 16 characters", z.string().min(16)),
    TRACE_PERCENT: setting("0 to 100", integer(0, 100), "10"),
    DARAJA_BASE_URL: setting(
      strict
        ? "the https origin of Daraja, such as https://api.safaricom.co.ke"
        : "the origin of Daraja or the simulator",
      origin(strict),
      unlessStrict(localOrigin(values.SIMULATOR_PORT, "8001")),
    ),
    SIMULATOR_PORT: setting("a port, 0 to 65535", integer(0, 65535), "8001"),
    SIMULATOR_CALLBACK_DELAY_MS: setting("0 to 3600000", integer(0, 3_600_000), "1500"),
    SIMULATOR_LATE_MS: setting("0 to 86400000", integer(0, 86_400_000), "90000"),
  };
}

function keys({ strict }: Situation) {
  const fallback = strict
    ? { SIGNING_KEYS: undefined, ENCRYPTION_KEYS: undefined, CALLBACK_SECRETS: undefined }
    : developmentKeys;
  const signing = "a JSON array or JWK set of private Ed25519 JWKs, each with a kid, newest first";
  const retired = "a JSON array or JWK set of public Ed25519 JWKs, each with a kid and without d";
  const encryption = "id:base64url of 32 random bytes, newest first, separated by commas";
  const index = "id:base64url of 32 to 64 random bytes, newest first, separated by commas";
  const callback = "id:base64url of 32 to 64 random bytes, newest first, separated by commas";
  return {
    RETIRED_SIGNING_KEYS: optional(retired, retiredSigningKeys),
    SIGNING_KEYS: setting(signing, signingKeys(strict), fallback.SIGNING_KEYS),
    ENCRYPTION_KEYS: setting(encryption, encryptionKeys(strict), fallback.ENCRYPTION_KEYS),
    INDEX_KEYS: optional(index, indexKeys(strict)),
    CALLBACK_SECRETS: setting(callback, callbackSecrets(strict), fallback.CALLBACK_SECRETS),
    CONSOLE_OIDC: optional("a JSON object with issuer, client_id, client_secret and name", consoleOidc(strict)),
    AUTH_ISSUERS: setting("a JSON array of issuers", authIssuers(strict), "[]"),
  };
}

function limits(situation: Situation) {
  const { values, strict } = situation;
  const simulated = isSimulated(situation);
  const queries = simulated ? "unlimited" : isSandbox(situation) ? "5" : "60";
  const fromMinimum = kes.refine(
    (cents) => !(cents < Number(values.PAYOUT_MIN_KES ?? 10) * 100),
    "below PAYOUT_MIN_KES",
  );
  return {
    WEBHOOK_TIMEOUT_MS: setting("100 to 30000", integer(100, 30_000), "15000"),
    PLAN_SCALE: setting("a number above zero, at most 100", positive(100), "1"),
    REQUESTS_AT_ONCE: setting(WHOLE_NUMBER, integer(1, 1e6), strict ? "256" : "600"),
    DARAJA_CALLS_AT_ONCE: setting(WHOLE_NUMBER, integer(1, 1e6), "12000"),
    CALLBACKS_AT_ONCE: setting(WHOLE_NUMBER, integer(1, 1e6), "20000"),
    TOKENS_AT_ONCE: setting(WHOLE_NUMBER, integer(1, 1e6), strict ? "64" : "600"),
    PAGES_AT_ONCE: setting(WHOLE_NUMBER, integer(1, 1e6), strict ? "256" : "600"),
    REQUESTS_AT_ONCE_PER_ADDRESS: setting(WHOLE_NUMBER, integer(1, 1e6), strict ? "128" : HIGH_LIMIT),
    BODY_DEADLINE_MS: setting("100 to 60000", integer(100, 60_000), "10000"),
    RATE_LIMIT_PER_ADDRESS_PER_MINUTE: setting(RATE, rate, strict ? "1200" : HIGH_LIMIT),
    RATE_LIMIT_PAGES_PER_MINUTE: setting(RATE, rate, strict ? "3000" : HIGH_LIMIT),
    RATE_LIMIT_PER_MINUTE: setting(RATE, rate, strict ? "600" : HIGH_LIMIT),
    RATE_LIMIT_TOKENS_PER_MINUTE: setting(RATE, rate, strict ? "30" : HIGH_LIMIT),
    DARAJA_QUERIES_PER_MINUTE: setting(RATE, rate, queries),
    DARAJA_B2C_VERSION: setting("v1 or v3", z.enum(["v1", "v3"]), "v3"),
    CHECKOUT_MAX_AMOUNT_KES: setting(SHILLINGS, kes, "250000"),
    CHECKOUT_DAILY_PER_PHONE_KES: setting(SHILLINGS, kes, "500000"),
    PROMPTS_PER_PHONE_PER_HOUR: setting(WHOLE_NUMBER, integer(1, 1e9), strict ? "5" : HIGH_LIMIT),
    PROMPTS_PER_CHECKOUT: setting(WHOLE_NUMBER, integer(1, 1e9), strict ? "10" : HIGH_LIMIT),
    PHONES_PER_CHECKOUT: setting(WHOLE_NUMBER, integer(1, 1e9), strict ? "3" : "5"),
    PAGE_PROMPTS_PER_ADDRESS_PER_HOUR: setting(RATE, rate, strict ? "120" : HIGH_LIMIT),
    PAGE_PROMPTS_PER_MERCHANT_PER_HOUR: setting(RATE, rate, strict ? "3000" : HIGH_LIMIT),
    PAYOUT_MIN_KES: setting(SHILLINGS, kes, "10"),
    PAYOUT_MAX_KES: setting(`${SHILLINGS}, not below PAYOUT_MIN_KES`, fromMinimum, "250000"),
    PAYOUT_DAILY_PER_MERCHANT_KES: setting(SHILLINGS, kes, "10000000"),
    PAYOUT_DAILY_PER_PHONE_KES: setting(SHILLINGS, kes, "500000"),
    PAYOUTS_PER_PHONE_PER_HOUR: setting(WHOLE_NUMBER, integer(1, 1e9), strict ? "10" : HIGH_LIMIT),
    PAYOUT_APPROVAL_FROM_KES: setting(SHILLINGS, kes, "10000"),
    PAYOUT_APPROVAL_FROM_PER_MAKER_KES: setting(SHILLINGS, kes, strict ? "100000" : HIGH_AMOUNT),
    PAYOUT_APPROVAL_FROM_PER_PAYEE_KES: setting(SHILLINGS, kes, strict ? "50000" : HIGH_AMOUNT),
    PAYOUT_APPROVAL_FROM_BATCH_KES: setting(SHILLINGS, kes, strict ? "100000" : HIGH_AMOUNT),
    PAYOUT_APPROVAL_FROM_NEW_PAYEE_KES: setting(SHILLINGS, kes, strict ? "5000" : HIGH_AMOUNT),
    PAYOUT_APPROVAL_EXPIRES_HOURS: setting("hours, 1 to 720", integer(1, 720), "24"),
    PAYOUT_ORIGIN: setting("require or accept_missing", z.enum(["require", "accept_missing"]), "require"),
    PAYOUT_DUPLICATE_DAYS: setting("days, 1 to 90", integer(1, 90), "3"),
    CLIENT_SEALS: setting("require or adopt", z.enum(["require", "adopt"]), strict ? "require" : "adopt"),
    CHANGE_DELAY_HOURS: setting(
      strict ? "hours, 1 to 720" : "hours, 0 to 720; 0 applies changes at once",
      integer(strict ? 1 : 0, 720),
      strict ? "24" : "0",
    ),
    PAYOUTS_PER_SECOND: setting(RATE, rate, simulated ? "unlimited" : "20"),
    CALLBACK_SOURCES: setting(
      "enforce, verify or off",
      z.enum(["enforce", "verify", "off"]),
      strict ? "verify" : "off",
    ),
    CALLBACK_ADDRESSES: setting("addresses or networks, separated by commas", networks(), SAFARICOM_ADDRESSES),
    CALLBACKS_PER_URL_PER_MINUTE: setting(RATE, rate, strict ? "6000" : HIGH_LIMIT),
    VERIFY_FROM_KES: setting(SHILLINGS, kes, "10000"),
    C2B_VALIDATION_WHEN_DOWN: setting("accept or reject", z.enum(["accept", "reject"]), "accept"),
  };
}

/** How long what is no record of money is kept. A key is kept for the seven days that callers were promised, at least. */
function retention() {
  const days = (least: number) => integer(least, 36_500);
  return {
    RETAIN_IDEMPOTENCY_KEYS_DAYS: setting("days, from 7", days(7), "7"),
    RETAIN_DELIVERIES_DAYS: setting("days, from 1", days(1), "30"),
    RETAIN_EVENTS_DAYS: setting("days, from 7", days(7), "90"),
    RETAIN_NOTICES_DAYS: setting("days, from 30", days(30), "400"),
    RETAIN_DEAD_JOBS_DAYS: setting("days, from 7", days(7), "90"),
  };
}

const EMAIL = /^[^@\s,<>]+@[^@\s,<>]+$/;
const emails = z.string().refine((text) => text.split(",").every((one) => EMAIL.test(one.trim())), "not addresses");
const urlOf = (...protocols: readonly string[]) =>
  z.string().refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ""), "not such a URL");

/** Whether e-mail is wanted: then its three settings are needed together. */
const wantsEmail = ({ values }: Situation) => ["SMTP_URL", "ALERT_EMAIL_FROM", "ALERT_EMAIL_TO"].some((n) => values[n]);

/** Where alerts go, and their thresholds. */
function alerts(situation: Situation) {
  const minutes = integer(1, 525_600);
  const MINUTES = "minutes, 1 to 525600";
  const ofEmail = wantsEmail(situation) ? setting<string> : optional<string>;
  return {
    ALERT_URL: optional("an https or http URL", urlOf("https:", "http:")),
    ALERT_FORMAT: setting("alertmanager or slack", z.enum(["alertmanager", "slack"]), "alertmanager"),
    SMTP_URL: ofEmail("smtp://user:password@host:port, or smtps:", urlOf("smtp:", "smtps:")),
    ALERT_EMAIL_FROM: ofEmail("an e-mail address", emails),
    ALERT_EMAIL_TO: ofEmail("e-mail addresses, separated by commas", emails),
    ALERT_RUNBOOK_URL: setting("a URL or a path", z.string().regex(/^[^\s#]+$/), "docs/operations.md"),
    ALERT_REPEAT_MINUTES: setting(MINUTES, minutes, "240"),
    ALERT_NO_CALLBACKS_MINUTES: setting(MINUTES, minutes, "15"),
    ALERT_LEAST_PROMPTS: setting(WHOLE_NUMBER, integer(1, 1e6), "5"),
    ALERT_SETTLEMENT_DROP_PERCENT: setting("percentage points, 1 to 100", integer(1, 100), "25"),
    ALERT_QUEUE_AGE_MINUTES: setting(MINUTES, minutes, "10"),
    ALERT_IN_DOUBT_MINUTES: setting(MINUTES, minutes, "60"),
    ALERT_REVIEW_MINUTES: setting(MINUTES, minutes, "60"),
    ALERT_UNMATCHED_MINUTES: setting(MINUTES, minutes, "1440"),
    ALERT_EXPIRY_DAYS: setting("days, 1 to 365", integer(1, 365), "21"),
    ALERT_DARAJA_ERROR_PERCENT: setting("percent, 1 to 100", integer(1, 100), "20"),
  };
}

type Shape =
  & ReturnType<typeof hosting>
  & ReturnType<typeof keys>
  & ReturnType<typeof limits>
  & ReturnType<typeof retention>
  & ReturnType<typeof alerts>;

/** All settings, for a situation. */
export function settings(situation: Situation): Shape {
  return { ...hosting(situation), ...keys(situation), ...limits(situation), ...retention(), ...alerts(situation) };
}

/** The names of all environment variables that are read. */
export const settingNames: readonly string[] = Object.keys(settings({ values: {}, strict: true, embedded: false }));

/** The values of all settings. */
export type Settings = z.output<z.ZodObject<Shape>>;
