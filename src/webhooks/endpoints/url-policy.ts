import type { Outbound } from "../../platform/ports.ts";
import { OutboundError } from "../../platform/ports.ts";
import { invalidField } from "../../problems/problem.ts";
import { addressIn, type Reach, refusalOf } from "./ip-address.ts";

const hostAt = /(^|\.)(localhost|local|internal|intranet|home\.arpa|lan)$/;
const FIRST_FREE_PORT = 1024;

/**
 * Refuses a URL that can't be an endpoint. A name is looked up only when something is sent to it: what it resolves to
 * may change at any time, so a check now would prove nothing. Errors: `validation_failed` at `/url`.
 */
export function checkUrl(text: string, reach: Reach): void {
  const refused = mistakeIn(text, reach);
  if (refused !== null) throw invalidField("/url", refused);
}

function mistakeIn(text: string, reach: Reach): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return "must be an https URL, such as https://shop.example/hooks";
  }
  if (url.username !== "" || url.password !== "") {
    return "must not hold a user name or password; verify the signature of what arrives instead";
  }
  if (url.hash !== "" || text.includes("#")) return "must not have a fragment (#...), which is never sent";
  const address = addressIn(url);
  const refused = address === null ? null : refusalOf(address, reach);
  if (refused !== null) return `must be on the public internet; ${address} is ${refused}`;
  if (reach === "private") return null;
  if (url.protocol !== "https:") return "must be https; plain http is for development only";
  if (url.port !== "" && Number(url.port) < FIRST_FREE_PORT) return "must use port 443, or one above 1023";
  const host = url.hostname.replace(/\.$/, "");
  if (address === null && (hostAt.test(host) || !host.includes("."))) {
    return "must be on the public internet; this name is of a private network";
  }
  return null;
}

export type Resolved =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly failure: "name_not_found" | "address_refused"; readonly detail: string };

/** The addresses of a URL's host that may be called, all looked at: one that may not refuses the name as a whole. */
export async function addressesOf(outbound: Outbound, url: URL, reach: Reach): Promise<Resolved> {
  const own = addressIn(url);
  const addresses = own !== null ? [own] : await lookUp(outbound, url.hostname.replace(/\.$/, ""));
  if (addresses.length === 0) {
    return { ok: false, failure: "name_not_found", detail: `${url.hostname} has no address. Check the name in DNS.` };
  }
  for (const address of addresses) {
    const refused = refusalOf(address, reach);
    if (refused === null) continue;
    const detail = `${url.hostname} leads to ${refused}. Only public addresses are called; nothing was sent.`;
    return { ok: false, failure: "address_refused", detail };
  }
  return { ok: true, addresses };
}

async function lookUp(outbound: Outbound, name: string): Promise<readonly string[]> {
  try {
    return await outbound.resolve(name);
  } catch (error) {
    if (error instanceof OutboundError) return [];
    throw error;
  }
}
