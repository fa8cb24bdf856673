import ipaddr from "ipaddr.js";
import type { Digests } from "../crypto/digests.ts";
import type { ClientAccess } from "../db/schema.ts";

export type { ClientAccess, PublicJwk } from "../db/schema.ts";

/** What holds for a client without settings of its own: its secret, from anywhere. */
export const OPEN_ACCESS: ClientAccess = {
  client_assertion: "allowed",
  assertion_keys: [],
  dpop: "allowed",
  payout_signature: "allowed",
  signature_keys: [],
  addresses: [],
};

/** A client's row, as far as its access goes. */
export interface AccessRow {
  readonly id: string;
  readonly access: ClientAccess | null;
  readonly access_digest: string | null;
}

const partsOf = (id: string, access: ClientAccess): readonly unknown[] => ["client_access", id, access];

/** What is stored. The keyed digest keeps others than this service from putting in a key of theirs. */
export const storedAccess = (
  digests: Digests,
  id: string,
  access: ClientAccess,
): Pick<AccessRow, "access" | "access_digest"> => ({ access, access_digest: digests.make(partsOf(id, access)) });

/** The access of a client. Null: somebody changed the row past this service. */
export function accessOf(digests: Digests, { id, access, access_digest: digest }: AccessRow): ClientAccess | null {
  if (access === null) return OPEN_ACCESS;
  return digest !== null && digests.matches(digest, partsOf(id, access)) ? access : null;
}

/**
 * Whether a client may call from an address. `address` is an IPv4 address or the /64 of an IPv6 address, as requests are
 * counted; so networks of IPv6 are no smaller than that.
 */
export function isFromAllowed({ addresses }: Pick<ClientAccess, "addresses">, address: string): boolean {
  if (addresses.length === 0) return true;
  const bare = address.replace(/\/\d+$/, "");
  if (!ipaddr.isValid(bare)) return false;
  const from = ipaddr.process(bare);
  return addresses.some((network) => {
    const [base, bits] = ipaddr.parseCIDR(network);
    return base.kind() === from.kind() && from.match(base, bits);
  });
}
