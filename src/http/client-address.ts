import type { MiddlewareHandler } from "hono";
import ipaddr from "ipaddr.js";
import { createLru } from "../lib/lru.ts";
import type { Log } from "../telemetry/log.ts";
import type { Env } from "./env.ts";

/** What no request can be attributed to by its address. All such requests count as one caller. */
export const UNKNOWN_ADDRESS = "unknown";

const MAX_ENTRY = 64; // characters; an address with a port has fewer
const MAX_CACHED = 2_000;
const NETWORK_OF_A_CUSTOMER = 64; // bits: providers give a customer a whole /64 of IPv6, so one address of it says little

/**
 * Whom a request counts for: its IPv4 address, or the /64 of its IPv6 address. `peer` is the address that the connection
 * comes from. `proxies` is how many proxies of ours the request has passed: each appends to X-Forwarded-For the address that
 * it sees, so the entry that the outermost of them wrote can be trusted, and nothing that stands before it. A request with
 * fewer entries has not passed them all, and counts for its peer.
 */
export function clientAddress(peer: string | undefined, forwarded: string | undefined, proxies: number): string {
  if (proxies === 0 || forwarded === undefined) return networkOf(peer ?? "");
  const entries = forwarded.split(",");
  return networkOf(entries[entries.length - proxies]?.trim() ?? peer ?? "");
}

const known = createLru<string, string>(MAX_CACHED);

function networkOf(text: string): string {
  if (text.length > MAX_ENTRY) return UNKNOWN_ADDRESS;
  const cached = known.get(text);
  if (cached !== undefined) return cached;
  const found = readAddress(text);
  known.set(text, found);
  return found;
}

function readAddress(text: string): string {
  const bare = /^\[([0-9a-f:.]+)\](?::\d+)?$/i.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(bare) || (bare.includes(":") && ipaddr.IPv6.isValid(bare));
  if (!isAddress) return UNKNOWN_ADDRESS;
  const address = ipaddr.process(bare); // an IPv4 address in IPv6 notation becomes IPv4
  if (address instanceof ipaddr.IPv4) return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/${NETWORK_OF_A_CUSTOMER}`)}/${NETWORK_OF_A_CUSTOMER}`;
}

/** Sets `address`. Says once if requests pass a proxy that no setting names: all its callers then count as one. */
export function readClientAddress(proxies: number, log: Log): MiddlewareHandler<Env> {
  let isSaid = proxies > 0;
  return (c, next) => {
    const forwarded = c.req.header("x-forwarded-for");
    if (forwarded !== undefined && !isSaid) {
      isSaid = true;
      log.write("warn", "forwarded_header_ignored", { setting: "TRUSTED_PROXIES", value: proxies });
    }
    c.set("address", clientAddress(c.env?.peer, forwarded, proxies));
    return next();
  };
}
