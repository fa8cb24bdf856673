import type { InferSelectModel } from "drizzle-orm";
import type { DarajaApp } from "../daraja/daraja.ts";
import type { shortcodes } from "../db/schema.ts";

export type ShortcodeRow = InferSelectModel<typeof shortcodes>;

/** The credentials of a shortcode for Daraja. They are stored encrypted, as one JSON value. */
export type Credentials = {
  consumer_key: string;
  consumer_secret: string;
  passkey: string;
  initiator_name?: string | undefined;
  initiator_password?: string | undefined;
  security_credential?: string | undefined;
  certificate?: string | undefined;
};

/** Which C2B payments are accepted, and the answer while the database can't be read. */
export interface Validation {
  readonly rule: ShortcodeRow["validation"];
  /** The accounts of the rule `known_accounts`, normalised by `accountKey`. */
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

/** Finds shortcodes. It caches them for some seconds, so that a checkout needs no read for its shortcode. */
export interface ShortcodeDirectory {
  /** The merchant's shortcode with that number, or the default one. Errors: `validation_failed` at `/shortcode`. */
  pick(merchantId: string, number: string | undefined): Promise<Shortcode>;
  byId(id: string): Promise<Shortcode>;
  /** The last known state of a shortcode, however old: for an answer that can't wait for the database. */
  lastKnown(id: string): Shortcode | null;
  ofMerchant(merchantId: string): Promise<readonly Shortcode[]>;
  /** Forgets a merchant's shortcodes after a change. Other processes see the change within 30 s. */
  forget(merchantId: string): void;
  /** Decrypts a row, and keeps the result. */
  open(row: ShortcodeRow): Promise<Shortcode>;
}
