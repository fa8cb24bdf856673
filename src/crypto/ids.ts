import { fromUUID, getType, toUUIDBytes, type TypeId, typeidUnboxed } from "typeid-js";

/** The kinds of row, as the prefix of their ids. */
export const ID_PREFIXES = [
  "mer", // merchant
  "cli", // client
  "sho", // shortcode
  "chk", // checkout
  "att", // attempt
  "pay", // payment
  "pyt", // payout
  "bat", // payout batch
  "rfd", // refund
  "ntc", // notice
  "job", // job
  "evt", // event
  "whe", // webhook endpoint
  "dlv", // delivery
  "bal", // balance snapshot
  "sto", // standing order
  "lck", // ledger check
  "rec", // reconciliation
  "alm", // alert message
  "rev", // reversal that M-Pesa lists
  "chg", // change request
  "acc", // standing account
  "acl", // link to the statement of a standing account
  "lnk", // payment link
  "not", // note to a case that needs a person
  "pye", // payee
  "apl", // application of an account's balance to a checkout
  "per", // person
  "ses", // session of a person
  "psk", // passkey
  "sgn", // signature by passkey
  "srq", // signed request
  "ext", // subject of an outside issuer
] as const;

export type IdPrefix = typeof ID_PREFIXES[number];

/** A UUIDv7 begins with its time in ms: 48 bits. */
const TIME_DIGITS = 12;
const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** Makes the UUIDs of ids. Null: the library does, by the system's clock and randomness. */
let makeUuid: (() => string) | null = null;

/**
 * For tests on virtual time: ids are made of these UUIDs (UUIDv7 as 32 hex digits), so that they agree with `created_at`.
 * Each must be greater than the one before. Null: as usual again.
 */
export function setUuids(make: (() => string) | null): void {
  makeUuid = make;
}

/** A TypeID of a UUIDv7. Ids sort by time; within one process each is greater than the one before. */
export function newId(prefix: IdPrefix): string {
  return makeUuid === null ? typeidUnboxed(prefix) : idOfUuidHex(prefix, makeUuid());
}

/** Whether the text is an id with this prefix, in its only valid spelling. */
export function isId(prefix: IdPrefix, text: string): boolean {
  return text.length === prefix.length + 27 && text.startsWith(`${prefix}_`) && SUFFIX.test(text.slice(-26));
}

/** The id's UUID as 32 hex digits. The id must satisfy {@link isId}. */
export function uuidHex(id: string): string {
  return toUUIDBytes(id as TypeId<string>).toHex(); // the library's brand; isId has checked the text
}

/** The id with this prefix of a UUID (32 hex digits). */
export function idOfUuidHex(prefix: IdPrefix, hex: string): string {
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  return fromUUID(uuid, prefix);
}

/** The smallest id that can be made at `ms` since the epoch. Ids sort by time, so a primary key finds rows by age. */
export const idAt = (prefix: IdPrefix, ms: number): string =>
  idOfUuidHex(prefix, Math.max(0, ms).toString(16).padStart(TIME_DIGITS, "0").padEnd(32, "0"));

/** The prefix of an id; null when the text is not an id of this service. */
export function prefixOf(id: string): IdPrefix | null {
  const prefix = getType(id as TypeId<string>); // the library's brand; only splits the text
  return ID_PREFIXES.find((known) => known === prefix && isId(known, id)) ?? null;
}
