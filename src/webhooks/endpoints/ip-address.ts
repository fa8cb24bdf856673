import type { Config } from "../../config/config.ts";
import ipaddr from "ipaddr.js";

/** Which networks endpoints may be in: the public internet only, or also this machine and private networks (development). */
export type NetworkPolicy = "public" | "private";

const PRIVATE_RANGES: ReadonlySet<string> = new Set(["loopback", "private", "uniqueLocal"]);

/** Metadata services of cloud hosts that no refused range covers: Azure, and AWS by IPv6. */
const METADATA_ADDRESSES: ReadonlySet<string> = new Set(["168.63.129.16", "fd00:ec2::254"]);

/** The part of IPv6 that IANA assigns to the public internet. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

const rangeNames: Readonly<Record<string, string>> = {
  loopback: "this machine (loopback)",
  private: "a private network",
  uniqueLocal: "a private network",
  linkLocal: "a link-local network, where cloud hosts keep their metadata",
  carrierGradeNat: "a shared network (carrier-grade NAT)",
  unspecified: "no host (unspecified)",
  multicast: "a multicast group",
  broadcast: "a broadcast",
};

/**
 * The reason, in words, why an IP address may not be called; null when it may. An IPv6 address that contains an IPv4
 * address is judged by the IPv4 address (mapped) or refused (NAT64, 6to4, Teredo), so no notation avoids the rule.
 */
export function addressRefusal(address: string, policy: NetworkPolicy): string | null {
  const plain = address.includes(":")
    ? hexNotation(address)
    : ipaddr.IPv4.isValidFourPartDecimal(address)
    ? address
    : null;
  if (plain === null || !ipaddr.isValid(plain)) return "not an IP address";
  const parsed = ipaddr.process(plain); // an IPv4-mapped address becomes the IPv4 one
  const range: string = parsed.range();
  if (METADATA_ADDRESSES.has(parsed.toString())) return "a service of the host (metadata)";
  if (range !== "unicast") {
    return policy === "private" && PRIVATE_RANGES.has(range) ? null : rangeNames[range] ?? "a reserved range";
  }
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return "a reserved range";
  return null;
}

/** The standard notation of an IPv6 address, without dots, since ipaddr.js takes `::1.2.3.4` for a mapped address. */
const hexNotation = (address: string): string | null =>
  URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? null;

/** The IP address in a URL in the place of a host name, without brackets; null for a host name. */
export function ipAddressIn(url: URL): string | null {
  const host = url.hostname;
  if (host.startsWith("[")) return host.slice(1, -1);
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host : null; // URL turns every notation of an IPv4 address into this one
}

/** The policy of this service: private networks are allowed in development and tests only. */
export const networkPolicyOf = ({ webhooks }: Pick<Config, "webhooks">): NetworkPolicy =>
  webhooks.privateAllowed ? "private" : "public";
