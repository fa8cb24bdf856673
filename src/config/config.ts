import { z } from "zod";
import { indexRingOf } from "../crypto/keyring.ts";
import { isStrict } from "./address.ts";
import { problemsBetween } from "./checks.ts";
import { type Deployment, deploymentNames, deploymentOf } from "./deployment.ts";
import { isSimulated, settingNames, type Settings, settings, type Situation, type Values } from "./settings.ts";
import type { Config } from "./types.ts";

export { developmentKeys } from "./keys.ts";
export { settingNames } from "./settings.ts";

/** The names of all environment variables that the service reads: the settings, and what Deno Deploy sets. */
export const environmentNames: readonly string[] = [...settingNames, ...deploymentNames];

export type { Config, Environment } from "./types.ts";

/** A problem of one environment variable. It never contains the value. */
export interface Problem {
  readonly name: string;
  readonly problem: string;
  readonly expected: string;
}

export type Loaded =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** `development`: `deno task dev`, with the simulator and the embedded stores. `start`: the API only. */
export type Mode = "development" | "start";

/** Reads the environment, and reports all problems together. Only with `APP_ENV` development or test does every setting have a default. */
export function loadConfig(env: Values, mode: Mode): Loaded {
  const set = Object.entries(env).map(([name, text]) => [name, text?.trim()] as const).filter(([, text]) => text);
  const values: Values = Object.fromEntries(set);
  const embedded = mode === "development";
  const environment = values.APP_ENV ?? (embedded ? "development" : undefined);
  const strict = isStrict(environment);
  if (embedded && strict) return { ok: false, problems: [refusedEnvironment] };

  const situation: Situation = { values, strict, embedded };
  const schema = z.object(settings(situation));
  const parsed = schema.safeParse(values);
  if (parsed.success) {
    const between = problemsBetween(parsed.data, strict);
    if (between.length === 0) {
      return { ok: true, config: toConfig(parsed.data, isSimulated(situation), deploymentOf(values)) };
    }
    return {
      ok: false,
      problems: between.map((each) => ({ ...each, expected: schema.shape[each.name].description ?? "" })),
    };
  }
  const names = [...new Set(parsed.error.issues.map((issue) => issue.path[0]))] as (keyof Settings)[]; // keys of the schema
  const problems = names.map((name) => ({
    name,
    problem: values[name] === undefined ? "missing" : messagesAt(parsed.error, name),
    expected: schema.shape[name].description ?? "",
  }));
  return { ok: false, problems };
}

const refusedEnvironment: Problem = {
  name: "APP_ENV",
  problem: "`deno task dev` has public keys and a simulator, and is for development only",
  expected: "development or test; else run `deno task start`",
};

function messagesAt(error: z.ZodError, name: string): string {
  return error.issues.filter((issue) => issue.path[0] === name)
    .map((issue) => issue.code === "custom" || issue.code === "invalid_format" ? issue.message : "not valid").join(
      "; ",
    );
}

/** One text for people, with a line for each problem. */
export function formatProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 setting needs" : `${problems.length} settings need`;
  const lines = problems.map(({ name, problem, expected }) => `  ${name}: ${problem}. Expected: ${expected}.`);
  return [`Malipo can't start: ${count} attention.`, ...lines].join("\n");
}

function toConfig(read: Settings, simulated: boolean, deployment: Deployment | null): Config {
  return freeze({
    environment: read.APP_ENV,
    deployment,
    metricsToken: read.METRICS_TOKEN ?? null,
    tracePercent: read.TRACE_PERCENT,
    server: freeze({
      host: read.HOST,
      port: read.PORT,
      publicUrl: read.PUBLIC_URL,
      trustedProxies: read.TRUSTED_PROXIES,
    }),
    database: freeze({ url: read.DATABASE_URL, authToken: read.DATABASE_AUTH_TOKEN ?? null }),
    kv: freeze({ path: read.KV_PATH ?? null }),
    daraja: freeze({
      baseUrl: read.DARAJA_BASE_URL,
      simulated,
      queriesPerMinute: read.DARAJA_QUERIES_PER_MINUTE,
      b2cVersion: read.DARAJA_B2C_VERSION,
    }),
    keys: freeze({
      signing: read.SIGNING_KEYS,
      retired: read.RETIRED_SIGNING_KEYS ?? [],
      encryption: read.ENCRYPTION_KEYS,
      index: read.INDEX_KEYS ?? indexRingOf(read.ENCRYPTION_KEYS),
      callback: read.CALLBACK_SECRETS,
    }),
    payouts: freeze({ origin: read.PAYOUT_ORIGIN }),
    console: freeze({ oidc: read.CONSOLE_OIDC ?? null }),
    auth: freeze({ issuers: freeze(read.AUTH_ISSUERS), clientSeals: read.CLIENT_SEALS }),
    simulator: freeze({
      port: read.SIMULATOR_PORT,
      callbackDelayMs: read.SIMULATOR_CALLBACK_DELAY_MS,
      lateMs: read.SIMULATOR_LATE_MS,
    }),
    changes: freeze({ delayMs: read.CHANGE_DELAY_HOURS * HOUR_MS }),
    plans: freeze({ scale: read.PLAN_SCALE }),
    webhooks: freeze({
      timeoutMs: read.WEBHOOK_TIMEOUT_MS,
      privateAllowed: read.APP_ENV === "development" || read.APP_ENV === "test",
    }),
    callbacks: freeze({
      sources: read.CALLBACK_SOURCES,
      addresses: freeze(read.CALLBACK_ADDRESSES),
      verifyFrom: read.VERIFY_FROM_KES,
      perUrlPerMinute: read.CALLBACKS_PER_URL_PER_MINUTE,
    }),
    c2b: freeze({ validationWhenDown: read.C2B_VALIDATION_WHEN_DOWN }),
    retention: freeze({
      idempotencyKeysMs: read.RETAIN_IDEMPOTENCY_KEYS_DAYS * DAY_MS,
      deliveriesMs: read.RETAIN_DELIVERIES_DAYS * DAY_MS,
      eventsMs: read.RETAIN_EVENTS_DAYS * DAY_MS,
      noticesMs: read.RETAIN_NOTICES_DAYS * DAY_MS,
      deadJobsMs: read.RETAIN_DEAD_JOBS_DAYS * DAY_MS,
    }),
    alerts: alerts(read),
    limits: limits(read),
  });
}

function alerts(read: Settings): Config["alerts"] {
  const { ALERT_URL: url, SMTP_URL: smtpUrl, ALERT_EMAIL_FROM: from, ALERT_EMAIL_TO: to } = read;
  const hasEmail = smtpUrl !== undefined && from !== undefined && to !== undefined;
  return freeze({
    webhook: url === undefined ? null : freeze({ url, format: read.ALERT_FORMAT }),
    email: hasEmail ? freeze({ smtpUrl, from, to }) : null,
    runbookUrl: read.ALERT_RUNBOOK_URL,
    repeatMs: read.ALERT_REPEAT_MINUTES * MINUTE_MS,
    noCallbacksMs: read.ALERT_NO_CALLBACKS_MINUTES * MINUTE_MS,
    leastPrompts: read.ALERT_LEAST_PROMPTS,
    settlementDropPercent: read.ALERT_SETTLEMENT_DROP_PERCENT,
    queueAgeMs: read.ALERT_QUEUE_AGE_MINUTES * MINUTE_MS,
    inDoubtMs: read.ALERT_IN_DOUBT_MINUTES * MINUTE_MS,
    reviewMs: read.ALERT_REVIEW_MINUTES * MINUTE_MS,
    unmatchedMs: read.ALERT_UNMATCHED_MINUTES * MINUTE_MS,
    expiryMs: read.ALERT_EXPIRY_DAYS * DAY_MS,
    darajaErrorPercent: read.ALERT_DARAJA_ERROR_PERCENT,
  });
}

const freeze = Object.freeze;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function limits(read: Settings): Config["limits"] {
  return freeze({
    requests: freeze({
      atOnce: read.REQUESTS_AT_ONCE,
      tokensAtOnce: read.TOKENS_AT_ONCE,
      pagesAtOnce: read.PAGES_AT_ONCE,
      perAddressAtOnce: read.REQUESTS_AT_ONCE_PER_ADDRESS,
      bodyDeadlineMs: read.BODY_DEADLINE_MS,
      callbacksAtOnce: read.CALLBACKS_AT_ONCE,
      darajaCallsAtOnce: read.DARAJA_CALLS_AT_ONCE,
      perMinute: read.RATE_LIMIT_PER_MINUTE,
      perAddressPerMinute: read.RATE_LIMIT_PER_ADDRESS_PER_MINUTE,
      pagesPerMinute: read.RATE_LIMIT_PAGES_PER_MINUTE,
      failedAuthenticationsPerMinute: read.RATE_LIMIT_TOKENS_PER_MINUTE,
    }),
    checkouts: freeze({
      maxAmount: read.CHECKOUT_MAX_AMOUNT_KES,
      dailyPerPhone: read.CHECKOUT_DAILY_PER_PHONE_KES,
      promptsPerPhonePerHour: read.PROMPTS_PER_PHONE_PER_HOUR,
      promptsPerCheckout: read.PROMPTS_PER_CHECKOUT,
      phonesPerCheckout: read.PHONES_PER_CHECKOUT,
      pagePromptsPerAddressPerHour: read.PAGE_PROMPTS_PER_ADDRESS_PER_HOUR,
      pagePromptsPerMerchantPerHour: read.PAGE_PROMPTS_PER_MERCHANT_PER_HOUR,
    }),
    payouts: freeze({
      minAmount: read.PAYOUT_MIN_KES,
      maxAmount: read.PAYOUT_MAX_KES,
      dailyPerMerchant: read.PAYOUT_DAILY_PER_MERCHANT_KES,
      dailyPerPhone: read.PAYOUT_DAILY_PER_PHONE_KES,
      countPerPhonePerHour: read.PAYOUTS_PER_PHONE_PER_HOUR,
      approvalFrom: read.PAYOUT_APPROVAL_FROM_KES,
      approvalFromPerMaker: read.PAYOUT_APPROVAL_FROM_PER_MAKER_KES,
      approvalFromPerPayee: read.PAYOUT_APPROVAL_FROM_PER_PAYEE_KES,
      approvalFromBatch: read.PAYOUT_APPROVAL_FROM_BATCH_KES,
      approvalFromNewPayee: read.PAYOUT_APPROVAL_FROM_NEW_PAYEE_KES,
      approvalExpiresMs: read.PAYOUT_APPROVAL_EXPIRES_HOURS * HOUR_MS,
      duplicateWindowMs: read.PAYOUT_DUPLICATE_DAYS * DAY_MS,
      perSecond: read.PAYOUTS_PER_SECOND,
    }),
  });
}
