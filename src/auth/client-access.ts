import ipaddr from "ipaddr.js";
import { sha256 } from "../crypto/hash.ts";
import { equalBytes } from "../crypto/secrets.ts";
import { type Place, type Vault, VaultError } from "../crypto/vault.ts";
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
  /** The hash of {@link access}, sealed for this row. */
  readonly access_seal: Uint8Array | null;
}

const placeOf = (id: string): Place => ({ table: "clients", column: "access_seal", row: id });
const hashOf = (access: ClientAccess): Uint8Array => sha256(JSON.stringify(access));

/** What is stored. The seal keeps others than this service from putting in a key of theirs. */
export const storedAccess = async (
  vault: Vault,
  id: string,
  access: ClientAccess,
): Promise<Pick<AccessRow, "access" | "access_seal">> => ({
  access,
  access_seal: await vault.seal(hashOf(access), placeOf(id)),
});

/** The access of a client. Null: somebody changed the row past this service. */
export async function accessOf(
  vault: Vault,
  { id, access, access_seal: seal }: AccessRow,
): Promise<ClientAccess | null> {
  if (access === null) return OPEN_ACCESS;
  if (seal === null) return null;
  try {
    return equalBytes(await vault.open(seal, placeOf(id)), hashOf(access)) ? access : null;
  } catch (error) {
    if (error instanceof VaultError && error.code === "tampered") return null;
    throw error;
  }
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
