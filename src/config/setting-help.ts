import type { Settings } from "./settings.ts";

/** The headings of docs/settings.md, in its order. */
export const settingGroups = {
  service: "The service",
  stores: "Stores",
  keys: "Keys",
  daraja: "Daraja",
  checkouts: "Limits of checkouts",
  payouts: "Limits of payouts",
  load: "Limits of load",
  times: "Waiting times",
  retention: "How long data is kept",
  alerts: "Alerts",
  simulator: "The simulator (`deno task dev` only)",
} as const;

/** What a person who sets up a deployment must know about one setting. */
export interface SettingHelp {
  readonly group: keyof typeof settingGroups;
  readonly meaning: string;
  /** What the number counts. */
  readonly unit?: string;
  /** Never shown, not even the value for development. */
  readonly secret?: true;
}

/** Every setting, explained: docs/settings.md and .env.example are made of this and of `settings()`. */
export const settingHelp: Readonly<Record<keyof Settings, SettingHelp>> = {
  APP_ENV: { group: "service", meaning: "The kind of deployment. It decides how strict all other settings are." },
  HOST: { group: "service", meaning: "The address of this machine to listen on." },
  PORT: { group: "service", meaning: "The TCP port to listen on. 0 takes any free port." },
  PUBLIC_URL: {
    group: "service",
    meaning: "The origin that shops, customers and Daraja reach. Tokens and callback URLs carry it.",
  },
  TRUSTED_PROXIES: {
    group: "service",
    meaning:
      "How many proxies of yours each request passes, each of which appends to `X-Forwarded-For` the address that " +
      "it sees. With 0 the header is ignored, and the limits by address count the proxy as one caller.",
    unit: "proxies",
  },
  DATABASE_URL: {
    group: "stores",
    meaning: "The libSQL database: a server (`libsql:`, `https:`), or a file (`file:`) of one machine.",
  },
  DATABASE_AUTH_TOKEN: { group: "stores", meaning: "The token of the database server.", secret: true },
  KV_PATH: {
    group: "stores",
    meaning: "Deno KV: it wakes jobs and shares the Daraja token between processes. " +
      "Without it each process wakes its own jobs and has a token of its own, and Daraja accepts only the newest.",
  },
  METRICS_TOKEN: {
    group: "service",
    meaning: "The bearer token of `GET /metrics`. Without it there are no metrics: the address answers 404.",
    secret: true,
  },
  TRACE_PERCENT: {
    group: "service",
    meaning:
      "How many requests and jobs are traced, where traces are collected (telemetry.md). What fails or takes 2 s " +
      "is recorded in any case.",
    unit: "percent",
  },
  DARAJA_BASE_URL: {
    group: "daraja",
    meaning: "Daraja: `https://api.safaricom.co.ke`, or `https://sandbox.safaricom.co.ke` for tests.",
  },
  RETIRED_SIGNING_KEYS: {
    group: "keys",
    meaning:
      "Public keys (JWKs without `d`) that signed receipts and sign nothing more. They are published, so that old " +
      "receipts can still be checked; no token is accepted by them. Put a key here when you remove it from `SIGNING_KEYS`.",
  },
  SIGNING_KEYS: {
    group: "keys",
    meaning:
      'Keys of access tokens, results and receipts. The first signs, all verify; one with `"state": "verify"` signs nothing yet. ' +
      "`deno task keys` makes them.",
    secret: true,
  },
  ENCRYPTION_KEYS: {
    group: "keys",
    meaning:
      "Keys of stored personal data. The first encrypts, all decrypt. Without `INDEX_KEYS` the last one also indexes " +
      "phone numbers, so it must stay.",
    secret: true,
  },
  INDEX_KEYS: {
    group: "keys",
    meaning: "Keys of the index by which phone numbers are found. The first indexes, all find. " +
      "`deno task malipo keys rotate index` makes the first value.",
    secret: true,
  },
  CALLBACK_SECRETS: {
    group: "keys",
    meaning: "Keys of callback URLs. The first signs, all verify.",
    secret: true,
  },
  CONSOLE_OIDC: {
    group: "service",
    meaning: "The OpenID Connect issuer at which people of the console may sign in, such as Google Workspace or " +
      "Keycloak: issuer, `client_id`, `client_secret`, and the name on its button. It must verify e-mail addresses. " +
      "See docs/guides/console.md.",
    secret: true,
  },
  AUTH_ISSUERS: {
    group: "service",
    meaning: "Outside issuers whose access tokens the API accepts, such as Keycloak or Auth0: issuer, `jwks_url`, " +
      "audience, and which claims mean which merchant and scopes. See docs/guides/outside-issuers.md.",
  },
  SIMULATOR_PORT: { group: "simulator", meaning: "The TCP port of the simulator." },
  SIMULATOR_CALLBACK_DELAY_MS: {
    group: "simulator",
    meaning: "The time between a request and its callback.",
    unit: "ms",
  },
  SIMULATOR_LATE_MS: {
    group: "simulator",
    meaning: "The delay of a callback in the scenarios where it comes late.",
    unit: "ms",
  },
  WEBHOOK_TIMEOUT_MS: {
    group: "times",
    meaning: "How long one delivery of a webhook may take, from the name lookup to the end of the answer.",
    unit: "ms",
  },
  PLAN_SCALE: {
    group: "times",
    meaning: "Multiplies every waiting time of polls and retries. Keep 1 outside tests.",
    unit: "factor",
  },
  REQUESTS_AT_ONCE: {
    group: "load",
    meaning: "Requests that one process works on at the same time. Those that wait for Daraja do not count.",
    unit: "requests",
  },
  DARAJA_CALLS_AT_ONCE: {
    group: "load",
    meaning: "Calls of one process that wait for Daraja's answer at the same time.",
    unit: "calls",
  },
  CALLBACKS_AT_ONCE: {
    group: "load",
    meaning: "Callbacks from Daraja that one process accepts at the same time.",
    unit: "callbacks",
  },
  TOKENS_AT_ONCE: {
    group: "load",
    meaning: "Requests for tokens that one process works on at the same time.",
    unit: "requests",
  },
  PAGES_AT_ONCE: {
    group: "load",
    meaning: "Requests for pages and public files that one process works on at the same time.",
    unit: "requests",
  },
  REQUESTS_AT_ONCE_PER_ADDRESS: {
    group: "load",
    meaning: "Requests of one address that are under way in one process, callbacks excepted.",
    unit: "requests",
  },
  BODY_DEADLINE_MS: {
    group: "load",
    meaning: "How long a body may take, besides 1 s for each 8 KiB of it. A slower one is answered 408.",
    unit: "ms",
  },
  RATE_LIMIT_PER_ADDRESS_PER_MINUTE: {
    group: "load",
    meaning: "Requests of one address to the API, and to the token endpoint. " +
      "An address is an IPv4 address or a /64 of IPv6; see `TRUSTED_PROXIES`.",
    unit: "requests per minute",
  },
  RATE_LIMIT_PAGES_PER_MINUTE: {
    group: "load",
    meaning: "Requests of one address for pages and public files. Many phones share an address.",
    unit: "requests per minute",
  },
  RATE_LIMIT_PER_MINUTE: { group: "load", meaning: "Requests of one client.", unit: "requests per minute" },
  RATE_LIMIT_TOKENS_PER_MINUTE: {
    group: "load",
    meaning: "Wrong secrets, tokens and callback URLs of one address, and wrong secrets for one client's name. " +
      "What is right is never refused.",
    unit: "failures per minute",
  },
  DARAJA_QUERIES_PER_MINUTE: {
    group: "daraja",
    meaning: "STK queries of one shortcode. The default is 5 where DARAJA_BASE_URL is Safaricom's sandbox.",
    unit: "queries per minute",
  },
  DARAJA_B2C_VERSION: {
    group: "daraja",
    meaning: "The version of the B2C request. v1 carries no id of ours, so it is never sent a second time.",
  },
  CHECKOUT_MAX_AMOUNT_KES: { group: "checkouts", meaning: "The largest checkout.", unit: "KES" },
  CHECKOUT_DAILY_PER_PHONE_KES: {
    group: "checkouts",
    meaning: "The sum that one phone may be asked for in a day of Nairobi. A failed prompt does not count.",
    unit: "KES per day",
  },
  PROMPTS_PER_PHONE_PER_HOUR: {
    group: "checkouts",
    meaning: "Prompts that one phone may get.",
    unit: "prompts per hour",
  },
  PROMPTS_PER_CHECKOUT: { group: "checkouts", meaning: "Prompts of one checkout.", unit: "prompts" },
  PHONES_PER_CHECKOUT: {
    group: "checkouts",
    meaning: "Different phones that shoppers may prompt on the page of one checkout.",
    unit: "phones",
  },
  PAGE_PROMPTS_PER_ADDRESS_PER_HOUR: {
    group: "checkouts",
    meaning: "Prompts that the shoppers at one address ask for on pages. Many phones share an address.",
    unit: "prompts per hour",
  },
  PAGE_PROMPTS_PER_MERCHANT_PER_HOUR: {
    group: "checkouts",
    meaning: "Prompts that the shoppers of one merchant ask for on pages.",
    unit: "prompts per hour",
  },
  PAYOUT_MIN_KES: { group: "payouts", meaning: "The smallest payout.", unit: "KES" },
  PAYOUT_MAX_KES: { group: "payouts", meaning: "The largest payout.", unit: "KES" },
  PAYOUT_DAILY_PER_MERCHANT_KES: {
    group: "payouts",
    meaning: "What one merchant may send in a day of Nairobi. A merchant's own limit may be lower.",
    unit: "KES per day",
  },
  PAYOUT_DAILY_PER_PHONE_KES: {
    group: "payouts",
    meaning: "What one merchant may send to one phone in a day of Nairobi.",
    unit: "KES per day",
  },
  PAYOUTS_PER_PHONE_PER_HOUR: {
    group: "payouts",
    meaning: "Payouts of one merchant to one phone in a clock hour.",
    unit: "payouts per hour",
  },
  PAYOUT_APPROVAL_FROM_KES: {
    group: "payouts",
    meaning: "A payout of this amount or more needs the approval of a second client.",
    unit: "KES",
  },
  PAYOUT_APPROVAL_FROM_PER_MAKER_KES: {
    group: "payouts",
    meaning:
      "What one client sends without approval in 24 hours. What would reach this sum needs the approval of a second client.",
    unit: "KES",
  },
  PAYOUT_APPROVAL_FROM_PER_PAYEE_KES: {
    group: "payouts",
    meaning:
      "What one payee gets without approval in 24 hours. What would reach this sum needs the approval of a second client.",
    unit: "KES",
  },
  PAYOUT_APPROVAL_FROM_BATCH_KES: {
    group: "payouts",
    meaning: "All payouts of a batch of this amount or more need the approval of a second client.",
    unit: "KES",
  },
  PAYOUT_APPROVAL_FROM_NEW_PAYEE_KES: {
    group: "payouts",
    meaning:
      "A payout of this amount or more to a payee who was never paid before needs the approval of a second client.",
    unit: "KES",
  },
  PAYOUT_APPROVAL_EXPIRES_HOURS: {
    group: "payouts",
    meaning: "How long a payout waits for its approval. After that it is rejected.",
    unit: "hours",
  },
  PAYOUT_ORIGIN: {
    group: "payouts",
    meaning: "What holds for a payout whose row does not prove that this service made it. `require` stops it for a " +
      "person. Use `accept_missing` while a version from before 2026-12 runs beside this one, and not longer.",
  },
  CLIENT_SEALS: {
    group: "keys",
    meaning: "What holds for a client whose row this service has not written. `require` refuses it, with an alert. " +
      "`adopt` takes it as it is in the database, and seals it; use it while a version from before 2026-12 runs beside " +
      "this one, and for a minute after.",
  },
  PAYOUT_DUPLICATE_DAYS: {
    group: "payouts",
    meaning: "How long a payout is compared with later ones. One with the same payee, amount and reference is refused.",
    unit: "days",
  },
  PAYOUTS_PER_SECOND: {
    group: "payouts",
    meaning: "Payouts that one process sends from one shortcode.",
    unit: "payouts per second",
  },
  CHANGE_DELAY_HOURS: {
    group: "service",
    meaning: "How long a change of who may send money, or of where money and messages go, waits for a second person. " +
      "It applies when somebody of another lineage confirms it, or when this time has passed.",
    unit: "hours",
  },
  CALLBACK_SOURCES: {
    group: "daraja",
    meaning:
      "What holds for callbacks from addresses that are not in CALLBACK_ADDRESSES. `enforce` answers them 404. " +
      "`verify` settles a paybill confirmation from there, or from VERIFY_FROM_KES on, only after M-Pesa has " +
      "confirmed it by Transaction Status or Pull. `off` looks at no address. Set TRUSTED_PROXIES first.",
  },
  CALLBACK_ADDRESSES: { group: "daraja", meaning: "The addresses from which Safaricom sends callbacks." },
  CALLBACKS_PER_URL_PER_MINUTE: {
    group: "daraja",
    meaning: "Callbacks to one URL. M-Pesa sends each once, so keep it far above what a busy paybill gets.",
    unit: "callbacks per minute",
  },
  VERIFY_FROM_KES: {
    group: "daraja",
    meaning: "With CALLBACK_SOURCES=verify, the amount from which a confirmation from a known address waits too.",
    unit: "KES",
  },
  C2B_VALIDATION_WHEN_DOWN: {
    group: "daraja",
    meaning:
      "The answer to a paybill validation while the database is down, where the shortcode has no rule of its own.",
  },
  RETAIN_IDEMPOTENCY_KEYS_DAYS: {
    group: "retention",
    meaning: "Idempotency keys and their answers. Clients are promised 7 days.",
    unit: "days",
  },
  RETAIN_DELIVERIES_DAYS: { group: "retention", meaning: "Ended webhook deliveries.", unit: "days" },
  RETAIN_EVENTS_DAYS: { group: "retention", meaning: "Events without a delivery.", unit: "days" },
  RETAIN_NOTICES_DAYS: {
    group: "retention",
    meaning: "Callbacks that were applied. Those that need a person stay.",
    unit: "days",
  },
  RETAIN_DEAD_JOBS_DAYS: {
    group: "retention",
    meaning: "Dead jobs of webhooks. Dead jobs that concern money stay.",
    unit: "days",
  },
  ALERT_URL: {
    group: "alerts",
    meaning:
      "Where alerts and the daily digest are posted: the webhook of a receiver that speaks Alertmanager's version 4, or of Slack.",
    secret: true,
  },
  ALERT_FORMAT: { group: "alerts", meaning: "What `ALERT_URL` understands." },
  SMTP_URL: {
    group: "alerts",
    meaning: "The mail server by which alerts and the daily digest are sent. It needs both addresses too.",
    secret: true,
  },
  ALERT_EMAIL_FROM: { group: "alerts", meaning: "The sender of these e-mails." },
  ALERT_EMAIL_TO: { group: "alerts", meaning: "Who gets them." },
  ALERT_RUNBOOK_URL: {
    group: "alerts",
    meaning: "Where your people read docs/operations.md. Each alert links the section of its rule there.",
  },
  ALERT_REPEAT_MINUTES: {
    group: "alerts",
    meaning: "How often an alert is sent again while it is firing.",
    unit: "minutes",
  },
  ALERT_NO_CALLBACKS_MINUTES: {
    group: "alerts",
    meaning: "No callback of a prompt in this time, while M-Pesa accepted prompts.",
    unit: "minutes",
  },
  ALERT_LEAST_PROMPTS: {
    group: "alerts",
    meaning:
      "Prompts, or calls to Daraja, that a rule about a share of them needs, and payments that an idle till usually has. Fewer prove nothing.",
    unit: "prompts",
  },
  ALERT_SETTLEMENT_DROP_PERCENT: {
    group: "alerts",
    meaning: "How far the share of prompts that were paid in an hour is below that of the same hour of last week.",
    unit: "percentage points",
  },
  ALERT_QUEUE_AGE_MINUTES: { group: "alerts", meaning: "How long a job has been due.", unit: "minutes" },
  ALERT_IN_DOUBT_MINUTES: {
    group: "alerts",
    meaning: "How long a payout or refund has been in doubt.",
    unit: "minutes",
  },
  ALERT_REVIEW_MINUTES: {
    group: "alerts",
    meaning: "The age of a checkout that is in review.",
    unit: "minutes",
  },
  ALERT_UNMATCHED_MINUTES: {
    group: "alerts",
    meaning: "The age of a payment that belongs to no checkout.",
    unit: "minutes",
  },
  ALERT_EXPIRY_DAYS: {
    group: "alerts",
    meaning: "How long before the end of a certificate or of the database's token.",
    unit: "days",
  },
  ALERT_DARAJA_ERROR_PERCENT: {
    group: "alerts",
    meaning: "The share of calls of one operation that got no answer from Daraja in 15 minutes.",
    unit: "percent",
  },
};
