import { createLru } from "../lib/lru.ts";
import { idOfUuidHex, type IdPrefix, isId, uuidHex } from "./ids.ts";
import { createMac, type Mac } from "./hash.ts";
import { activePlace, deriveSubkey, type Keyring } from "./keyring.ts";
import { equalBytes } from "./secrets.ts";

/**
 * A capability URL allows whoever has it one kind of action on one row, such as to report the result of a payout. It is in
 * hex, because Daraja refuses URLs that contain mpesa, safaricom, exe, exec, cmd, sql or query (daraja.md section 5.1), and
 * hex can't spell those words. The numbers are part of URLs that live as long as their rows: never change or reuse one.
 * `0c` is retired: it was reserved for standing orders, and no URL was ever made with it.
 */
export const capabilityKinds = {
  stk: { number: "01", prefix: "att" },
  c2b_validation: { number: "02", prefix: "sho" },
  c2b_confirmation: { number: "03", prefix: "sho" },
  payout_result: { number: "04", prefix: "pyt" },
  payout_timeout: { number: "05", prefix: "pyt" },
  status_result: { number: "06", prefix: "pyt" },
  status_timeout: { number: "07", prefix: "pyt" },
  refund_result: { number: "08", prefix: "rfd" },
  refund_timeout: { number: "09", prefix: "rfd" },
  balance_result: { number: "0a", prefix: "sho" },
  balance_timeout: { number: "0b", prefix: "sho" },
  refund_status_result: { number: "0d", prefix: "rfd" },
  refund_status_timeout: { number: "0e", prefix: "rfd" },
  standing_order_result: { number: "0f", prefix: "sto" },
  c2b_status_result: { number: "10", prefix: "ntc" },
  c2b_status_timeout: { number: "11", prefix: "ntc" },
  hosted: { number: "20", prefix: "chk" },
  receipt: { number: "21", prefix: "chk" },
  account: { number: "22", prefix: "acc" },
  payment_receipt: { number: "23", prefix: "pay" },
} as const satisfies Record<string, { readonly number: string; readonly prefix: IdPrefix }>;

export type CapabilityKind = keyof typeof capabilityKinds;

/**
 * The kinds of Daraja's messages that the inbox stores. Not among them: a validation, which is answered at once and not
 * stored, and the pages for people: the one to pay, the one that shows only the receipt, the statement of an account, and the
 * receipt of a payment.
 */
export type CallbackKind = Exclude<CapabilityKind, "c2b_validation" | PageKind>;
export type PageKind = "hosted" | "receipt" | "account" | "payment_receipt";

/** The content of a valid capability. */
export interface Capability {
  readonly kind: CapabilityKind;
  readonly id: string;
  /** Addresses of one row can be replaced: each has a number of its own, from 1. */
  readonly version: number;
}

export interface Capabilities {
  /**
   * One path segment: 2 hex digits of kind, 32 of the row's UUID, from version 2 on 4 of the version, 64 of HMAC-SHA256.
   * Throws on an id of another kind.
   */
  mint(kind: CapabilityKind, id: string, version?: number): string;
  /** The content of a capability; null when it was not made with a key of the ring. Never throws. */
  verify(text: string): Capability | null;
}

const MAX_CACHED = 4_096;
const FORM = /^[0-9a-f]{98}(?:[0-9a-f]{4})?$/;
const MAC_DIGITS = 64;
const PLAIN_DIGITS = 34;
const kinds = Object.keys(capabilityKinds) as CapabilityKind[]; // the keys are exactly these
const kindOf = new Map<string, CapabilityKind>(kinds.map((kind) => [capabilityKinds[kind].number, kind]));
const messageOf = (claim: string): string => `malipo/callback/v1/${claim}`;

/** Derives a key from each key of the ring. The active one signs; all of them verify. */
export async function createCapabilities(ring: Keyring): Promise<Capabilities> {
  const macs = await Promise.all(
    ring.map(async ({ bytes }) => createMac(await deriveSubkey(bytes, "malipo/callback-capability/v1", 256))),
  );
  const newest = macs[activePlace(ring)] as Mac; // a ring has an active key
  const minted = createLru<string, string>(MAX_CACHED);

  return {
    mint(kind, id, version = 1) {
      const { number, prefix } = capabilityKinds[kind];
      if (!isId(prefix, id)) throw new TypeError(`A ${kind} capability is for an id that begins with ${prefix}_.`);
      const place = `${number}${id}/${version}`;
      const known = minted.get(place); // every read of a checkout returns the URL of its page
      if (known !== undefined) return known;
      const claim = number + uuidHex(id) + (version === 1 ? "" : version.toString(16).padStart(4, "0"));
      const made = claim + newest(messageOf(claim)).toHex();
      minted.set(place, made);
      return made;
    },
    verify(text) {
      if (typeof text !== "string" || !FORM.test(text)) return null;
      const [claim, given] = [text.slice(0, -MAC_DIGITS), Uint8Array.fromHex(text.slice(-MAC_DIGITS))];
      const kind = kindOf.get(text.slice(0, 2));
      if (!kind || !macs.some((mac) => equalBytes(mac(messageOf(claim)), given))) return null;
      const version = claim.length === PLAIN_DIGITS ? 1 : Number.parseInt(claim.slice(PLAIN_DIGITS), 16);
      return { kind, id: idOfUuidHex(capabilityKinds[kind].prefix, text.slice(2, PLAIN_DIGITS)), version };
    },
  };
}
