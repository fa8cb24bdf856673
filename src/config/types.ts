import type { Keyring } from "../crypto/keyring.ts";
import type { SigningKeys } from "../crypto/signing.ts";

export const environments = ["development", "test", "staging", "production"] as const;
export type Environment = typeof environments[number];

/** The whole configuration. Amounts are cents, spans of time ms; Infinity is no limit. */
export interface Config {
  readonly environment: Environment;
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** Origin as seen from outside, without a trailing slash: issuer of tokens, base of callback URLs. */
    readonly publicUrl: string;
  };
  readonly database: { readonly url: string; readonly authToken: string | null };
  readonly kv: { readonly path: string | null };
  readonly daraja: {
    readonly baseUrl: string;
    /** Whether it is the simulator on this machine. */
    readonly simulated: boolean;
    /** STK queries a shortcode may send. */
    readonly queriesPerMinute: number;
    /** Which B2C request is sent; v1 carries no id of ours, so it is never sent a second time. */
    readonly b2cVersion: "v1" | "v3";
  };
  readonly keys: { readonly signing: SigningKeys; readonly encryption: Keyring; readonly callback: Keyring };
  readonly simulator: { readonly port: number; readonly callbackDelayMs: number; readonly lateMs: number };
  readonly plans: {
    /** Multiplies every time of the plans of polls and retries. */
    readonly scale: number;
  };
  readonly c2b: {
    /** What a validation is answered that can't be decided, where the shortcode does not say. */
    readonly validationWhenDown: "accept" | "reject";
  };
  readonly webhooks: {
    /** From looking up the name to the end of the answer. */
    readonly timeoutMs: number;
    /** Whether endpoints may be on this machine or a private network, and without TLS. */
    readonly privateAllowed: boolean;
  };
  /** How long what is no record of money is kept. */
  readonly retention: {
    readonly idempotencyKeysMs: number;
    readonly deliveriesMs: number;
    readonly eventsMs: number;
    readonly noticesMs: number;
    readonly deadJobsMs: number;
  };
  readonly limits: {
    readonly requests: {
      /** Requests of all clients that one process works on at the same time; those that wait for Daraja don't count. */
      readonly atOnce: number;
      /** Callbacks of Daraja's at the same time. */
      readonly callbacksAtOnce: number;
      /** Calls that wait for Daraja's answer at the same time; past it nothing that could call is taken. */
      readonly darajaCallsAtOnce: number;
      /** Requests of one client. */
      readonly perMinute: number;
      /** Failed authentications of one caller. */
      readonly failedAuthenticationsPerMinute: number;
    };
    readonly checkouts: {
      readonly maxAmount: number;
      readonly dailyPerPhone: number;
      readonly promptsPerPhonePerHour: number;
      readonly promptsPerCheckout: number;
    };
    readonly payouts: {
      readonly minAmount: number;
      readonly maxAmount: number;
      readonly dailyPerMerchant: number;
      readonly dailyPerPhone: number;
      readonly countPerPhonePerHour: number;
      /** Payouts of this amount or more need approval. */
      readonly approvalFrom: number;
      readonly approvalExpiresMs: number;
      /** Payouts a shortcode may send. */
      readonly perSecond: number;
    };
  };
}
