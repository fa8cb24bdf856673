import ipaddr from "ipaddr.js";
import type { Services } from "../context/context.ts";
import { DatabaseUnavailable } from "../db/database.ts";
import type { Capability } from "../crypto/capability.ts";

/** Whether a callback comes from one of the addresses that Safaricom publishes (daraja.md section 9). */
export function isSafaricom({ config }: Pick<Services, "config">, address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const from = ipaddr.process(address);
  return config.callbacks.addresses.some((range) => {
    const [network, bits] = ipaddr.parseCIDR(range);
    return network.kind() === from.kind() && from.match(network, bits);
  });
}

/**
 * Whether the capability is one of C2B addresses that were replaced and revoked. Where the database can't say it, it is
 * not: a callback comes once.
 */
export async function isRevoked(services: Services, { kind, id, version }: Capability): Promise<boolean> {
  if (kind !== "c2b_confirmation" && kind !== "c2b_validation") return false;
  try {
    return version <= (await services.shortcodes.byId(id)).row.urls_revoked;
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) return false; // the shortcode is gone: the inbox says so
    const known = services.shortcodes.lastKnown(id);
    return known !== null && version <= known.row.urls_revoked;
  }
}
