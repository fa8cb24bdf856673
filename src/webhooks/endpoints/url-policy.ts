import type { Outbound } from "../../platform/ports.ts";
import { OutboundError } from "../../platform/ports.ts";
import { invalidField } from "../../problems/problem.ts";
import { addressRefusal, ipAddressIn, type NetworkPolicy } from "./ip-address.ts";

const PRIVATE_NAME = /(^|\.)(localhost|local|internal|intranet|home\.arpa|lan)$/;
const FIRST_UNPRIVILEGED_PORT = 1024;

/**
 * Refuses a URL that cannot be an endpoint. A host name is resolved only when something is sent to it: its addresses can
 * change at any time, so a check here would prove nothing. Errors: `validation_failed` at `/url`.
 */
export function checkEndpointUrl(text: string, policy: NetworkPolicy): void {
  const refused = urlMistake(text, policy);
  if (refused !== null) throw invalidField("/url", refused);
}

function urlMistake(text: string, policy: NetworkPolicy): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return "must be an https URL, such as https://shop.example/hooks";
  }
  if (url.username !== "" || url.password !== "") {
    return "must not contain a user name or password; verify the signature of the messages instead";
  }
  if (url.hash !== "" || text.includes("#")) return "must not have a fragment (#...), which is never sent";
  const address = ipAddressIn(url);
  const refused = address === null ? null : addressRefusal(address, policy);
  if (refused !== null) return `must be on the public internet; ${address} is ${refused}`;
  if (policy === "private") return null;
  if (url.protocol !== "https:") return "must be https; plain http is for development only";
  if (url.port !== "" && Number(url.port) < FIRST_UNPRIVILEGED_PORT) return "must use port 443 or a port above 1023";
  const host = url.hostname.replace(/\.$/, "");
  if (address === null && (PRIVATE_NAME.test(host) || !host.includes("."))) {
    return "must be on the public internet; this name belongs to a private network";
  }
  return null;
}

/** The addresses to call, or why the URL may not be called. */
export type ResolvedTarget =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly failure: "name_not_found" | "address_refused"; readonly detail: string };

/** Resolves the host of a URL to the addresses that may be called. One address that may not be called refuses the host. */
export async function resolveTarget(outbound: Outbound, url: URL, policy: NetworkPolicy): Promise<ResolvedTarget> {
  const literal = ipAddressIn(url);
  const addresses = literal !== null ? [literal] : await resolveName(outbound, url.hostname.replace(/\.$/, ""));
  if (addresses.length === 0) {
    return { ok: false, failure: "name_not_found", detail: `${url.hostname} has no address. Check the name in DNS.` };
  }
  for (const address of addresses) {
    const refused = addressRefusal(address, policy);
    if (refused === null) continue;
    const detail = `${url.hostname} resolves to ${refused}. Only public addresses are called. Nothing was sent.`;
    return { ok: false, failure: "address_refused", detail };
  }
  return { ok: true, addresses };
}

async function resolveName(outbound: Outbound, name: string): Promise<readonly string[]> {
  try {
    return await outbound.resolve(name);
  } catch (error) {
    if (error instanceof OutboundError) return [];
    throw error;
  }
}
