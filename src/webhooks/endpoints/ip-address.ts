import type { Config } from "../../config/config.ts";
import ipaddr from "ipaddr.js";

/** Where endpoints may be: on the public internet only, or in development on this machine and private networks too. */
export type Reach = "public" | "private";

const atHome: ReadonlySet<string> = new Set(["loopback", "private", "uniqueLocal"]);

/** Answered by the host itself, whatever their range: the metadata services of Azure and (by IPv6) AWS. */
const ofTheHost: ReadonlySet<string> = new Set(["168.63.129.16", "fd00:ec2::254"]);

/** All that IANA gives out of IPv6 to the public internet. */
const globalUnicast: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse("2000::"), 3];

const names: Readonly<Record<string, string>> = {
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
 * Why an IP address may not be called, in words; null when it may. What carries an IPv4 address inside (mapped, NAT64,
 * 6to4, Teredo) is judged by that address or refused, so no spelling leads around the rule.
 */
export function refusalOf(address: string, reach: Reach): string | null {
  const plain = address.includes(":") ? inHex(address) : ipaddr.IPv4.isValidFourPartDecimal(address) ? address : null;
  if (plain === null || !ipaddr.isValid(plain)) return "not an IP address";
  const parsed = ipaddr.process(plain); // an IPv4-mapped address becomes the IPv4 one
  const range: string = parsed.range();
  if (ofTheHost.has(parsed.toString())) return "a service of the host (metadata)";
  if (range !== "unicast") return reach === "private" && atHome.has(range) ? null : names[range] ?? "a reserved range";
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)) return "a reserved range";
  return null;
}

/** An IPv6 address in its one spelling, without dots: the library takes `::1.2.3.4` for a mapped address. */
const inHex = (address: string): string | null => URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? null;

/** The IP address that a URL names in place of a host, without brackets; null for a name. */
export function addressIn(url: URL): string | null {
  const host = url.hostname;
  if (host.startsWith("[")) return host.slice(1, -1);
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) ? host : null; // URL writes every spelling of an IPv4 address so
}

/** Which addresses webhook endpoints may have: private ones in development and tests only. */
export const reachOf = ({ webhooks }: Pick<Config, "webhooks">): Reach =>
  webhooks.privateAllowed ? "private" : "public";
