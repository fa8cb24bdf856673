import type { OidcSettings } from "./oidc.ts";
import type { Keyring } from "../crypto/keyring.ts";
import type { PublicKey, SigningKeys } from "../crypto/signing.ts";
import type { OutsideIssuer } from "./issuers.ts";
import type { Deployment } from "./deployment.ts";

export const ENVIRONMENTS = ["development", "test", "staging", "production"] as const;
export type Environment = typeof ENVIRONMENTS[number];

/** The configuration. Amounts are in cents, durations in ms. Infinity means no limit. */
export interface Config {
  readonly environment: Environment;
  /** Null anywhere but on Deno Deploy. */
  readonly deployment: Deployment | null;
  /** Null: there is no `GET /metrics`. */
  readonly metricsToken: string | null;
  /** How many of the requests and jobs that begin a trace are recorded whole. */
  readonly tracePercent: number;
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** The public origin, without a trailing slash: the issuer of tokens, and the beginning of callback URLs. */
    readonly publicUrl: string;
    /** How many proxies of ours each request has passed. */
    readonly trustedProxies: number;
  };
  readonly database: { readonly url: string; readonly authToken: string | null };
  readonly kv: { readonly path: string | null };
  readonly daraja: {
    readonly baseUrl: string;
    /** Whether `baseUrl` is the simulator on this machine. */
    readonly simulated: boolean;
    /** The most STK queries that a shortcode sends in a minute. */
    readonly queriesPerMinute: number;
    /** The version of the B2C request. v1 has no id of ours, so such a request is never sent a second time. */
    readonly b2cVersion: "v1" | "v3";
  };
  readonly keys: {
    readonly signing: SigningKeys;
    /** Public keys that signed receipts and sign nothing more. */
    readonly retired: readonly PublicKey[];
    readonly encryption: Keyring;
    /** The blind index of phones. Without a setting: the oldest key of `encryption`. */
    readonly index: Keyring;
    readonly callback: Keyring;
  };
  readonly payouts: {
    /** What holds for a payout without the digest of its origin: version 0.1.0 made none. */
    readonly origin: "require" | "accept_missing";
  };
  readonly auth: {
    /** Issuers of access tokens besides this service. */
    readonly issuers: readonly OutsideIssuer[];
    /** What holds for a client whose row this service has not written. */
    readonly clientSeals: "require" | "adopt";
  };
  readonly console: {
    /** Where people sign in besides their passkeys; null: nowhere. */
    readonly oidc: OidcSettings | null;
  };
  readonly simulator: { readonly port: number; readonly callbackDelayMs: number; readonly lateMs: number };
  /** Changes of who may send money, or of where money and messages go. */
  readonly changes: {
    /** For so long they wait for a second person. 0: they apply at once (development and tests). */
    readonly delayMs: number;
  };
  readonly plans: {
    /** Multiplies all times of the plans for polls and retries. */
    readonly scale: number;
  };
  readonly callbacks: {
    /** What holds for callbacks from an address that is not Safaricom's. */
    readonly sources: "enforce" | "verify" | "off";
    /** Networks, such as `196.201.214.200/32`. */
    readonly addresses: readonly string[];
    /** Cents; the amount from which `verify` also proves what comes from a known address. */
    readonly verifyFrom: number;
    readonly perUrlPerMinute: number;
  };
  readonly c2b: {
    /** The answer to a validation whose rule can't be looked up, unless the shortcode has a setting of its own. */
    readonly validationWhenDown: "accept" | "reject";
  };
  readonly webhooks: {
    /** From the lookup of the name to the end of the response. */
    readonly timeoutMs: number;
    /** Whether endpoints may be on this machine or in a private network, and without TLS. */
    readonly privateAllowed: boolean;
  };
  /** How long data is kept that is no record of money. */
  readonly retention: {
    readonly idempotencyKeysMs: number;
    readonly deliveriesMs: number;
    readonly eventsMs: number;
    readonly noticesMs: number;
    readonly deadJobsMs: number;
  };
  /** When the people who run the service are alerted, and how. */
  readonly alerts: {
    /** Null: no webhook. It may hold a secret, as Slack's do. */
    readonly webhook: { readonly url: string; readonly format: "alertmanager" | "slack" } | null;
    readonly email: { readonly smtpUrl: string; readonly from: string; readonly to: string } | null;
    /** The address of docs/operations.md, without a fragment. */
    readonly runbookUrl: string;
    readonly repeatMs: number;
    readonly noCallbacksMs: number;
    /** Fewer prompts or calls than this prove nothing. */
    readonly leastPrompts: number;
    readonly settlementDropPercent: number;
    readonly queueAgeMs: number;
    readonly inDoubtMs: number;
    readonly reviewMs: number;
    readonly unmatchedMs: number;
    readonly expiryMs: number;
    readonly darajaErrorPercent: number;
  };
  readonly limits: {
    readonly requests: {
      /** Requests of all clients that one process handles at the same time. Those that wait for Daraja do not count. */
      readonly atOnce: number;
      /** The same for the token endpoint, and for pages and public files. */
      readonly tokensAtOnce: number;
      readonly pagesAtOnce: number;
      /** Requests of one address that are under way at the same time, callbacks excepted. */
      readonly perAddressAtOnce: number;
      /** How long a body may take, besides the time that its length needs. */
      readonly bodyDeadlineMs: number;
      /** Callbacks of Daraja that one process handles at the same time. */
      readonly callbacksAtOnce: number;
      /** Calls that wait for an answer of Daraja at the same time. When there are more, requests that could call are refused. */
      readonly darajaCallsAtOnce: number;
      /** Requests of one client in a minute. */
      readonly perMinute: number;
      /** Requests of one address in a minute: to the API, and to the token endpoint. */
      readonly perAddressPerMinute: number;
      /** Requests of one address for pages and public files in a minute. */
      readonly pagesPerMinute: number;
      /** Failed authentications of one address, and of one client's name, in a minute. */
      readonly failedAuthenticationsPerMinute: number;
    };
    readonly checkouts: {
      readonly maxAmount: number;
      readonly dailyPerPhone: number;
      readonly promptsPerPhonePerHour: number;
      readonly promptsPerCheckout: number;
      /** Different phones that shoppers may prompt on the page of one checkout. */
      readonly phonesPerCheckout: number;
      readonly pagePromptsPerAddressPerHour: number;
      readonly pagePromptsPerMerchantPerHour: number;
    };
    readonly payouts: {
      readonly minAmount: number;
      readonly maxAmount: number;
      readonly dailyPerMerchant: number;
      readonly dailyPerPhone: number;
      readonly countPerPhonePerHour: number;
      /** Payouts of this amount or more need approval. */
      readonly approvalFrom: number;
      readonly approvalFromPerMaker: number;
      readonly approvalFromPerPayee: number;
      readonly approvalFromBatch: number;
      readonly approvalFromNewPayee: number;
      readonly approvalExpiresMs: number;
      /** A payout with the payee, amount and reference of one that is younger than this looks like a duplicate. */
      readonly duplicateWindowMs: number;
      /** The most payouts that a shortcode sends in a second. */
      readonly perSecond: number;
    };
  };
}
