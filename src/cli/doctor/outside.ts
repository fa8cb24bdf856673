import type { Config } from "../../config/config.ts";
import { createDenoOutbound } from "../../platform/deno.ts";
import type { Outside, Reached } from "./address.ts";

const TIMEOUT_MS = 10_000;
const MOST_BODY = 2_000;

/** The outside of this service: the simulator in development, otherwise this machine's own view of the public URL. */
export function createOutside({ daraja }: Config): Outside {
  const outbound = createDenoOutbound();
  return {
    resolve: (hostname) => /^[\d.]+$|^\[/.test(hostname) ? Promise.resolve([hostname]) : outbound.resolve(hostname),
    reach: (url) => daraja.simulated ? reachBySimulator(daraja.baseUrl, url) : reachFromHere(url),
  };
}

async function reachFromHere(url: string): Promise<Reached> {
  try {
    const answer = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { kind: "answer", status: answer.status, body: (await answer.text()).slice(0, MOST_BODY) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: /certificate|tls|handshake|UnknownIssuer/i.test(why) ? "tls" : "refused", why: shortened(why) };
  }
}

/** The client's message names the URL and then the reason. */
const shortened = (why: string): string => why.split(": ").at(-1)?.slice(0, 100) ?? why;

async function reachBySimulator(simulator: string, url: string): Promise<Reached> {
  const silent: Reached = { kind: "silent", why: "no simulator" };
  try {
    const answer = await fetch(`${simulator}/_simulator/reach`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ url }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const told: { status: number | null; body: string } = await answer.json();
    return typeof told.status === "number" ? { kind: "answer", status: told.status, body: told.body } : silent;
  } catch {
    return silent;
  }
}
