import type { InferSelectModel } from "drizzle-orm";
import type { DarajaApp } from "../daraja/daraja.ts";
import type { shortcodes } from "../db/schema.ts";

export type ShortcodeRow = InferSelectModel<typeof shortcodes>;

/** What a shortcode needs to speak to Daraja. It is stored encrypted, as one JSON value. */
export type Credentials = {
  consumer_key: string;
  consumer_secret: string;
  passkey: string;
  initiator_name?: string | undefined;
  initiator_password?: string | undefined;
  security_credential?: string | undefined;
  certificate?: string | undefined;
};

/** Which payments of customers are accepted, and what is answered when the rule can't be looked up. */
export interface Validation {
  readonly rule: ShortcodeRow["validation"];
  /** Keys of the accounts of `known_accounts`. */
  readonly accounts: ReadonlySet<string>;
  /** Null: as the service is configured. */
  readonly whenDown: "accept" | "reject" | null;
}

/** A merchant's paybill or till, with its credentials decrypted. Never leaves the process. */
export interface Shortcode {
  readonly id: string;
  readonly merchantId: string;
  readonly kind: "paybill" | "till";
  readonly number: string;
  readonly storeNumber: string | null;
  readonly name: string;
  readonly isDefault: boolean;
  readonly app: DarajaApp;
  readonly credentials: Credentials;
  readonly validation: Validation;
  /** The phone nominated for Pull Transactions, 12 digits; null: the shortcode is not pulled. */
  readonly pullPhone: string | null;
  readonly row: ShortcodeRow;
}

/** Finds shortcodes, and keeps them for some seconds so that the hot path needs no read for them. */
export interface ShortcodeDirectory {
  /** The merchant's shortcode with that number, or the default one. Errors: `validation_failed` at `/shortcode`. */
  pick(merchantId: string, number: string | undefined): Promise<Shortcode>;
  byId(id: string): Promise<Shortcode>;
  /** What was last known of a shortcode, however old: for an answer that can't wait for the database. */
  lastKnown(id: string): Shortcode | null;
  ofMerchant(merchantId: string): Promise<readonly Shortcode[]>;
  /** Forgets a merchant's shortcodes after a change. Other processes see the change within 30 s. */
  forget(merchantId: string): void;
  /** Decrypts a row, and keeps the result. */
  open(row: ShortcodeRow): Promise<Shortcode>;
}
