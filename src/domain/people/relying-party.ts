import type { Config } from "../../config/config.ts";

/** Whom passkeys are made for. */
export interface RelyingParty {
  /** The host: a passkey works for it alone. */
  readonly id: string;
  /** The origins of our pages. */
  readonly origins: readonly string[];
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether a host is this machine by its number. Browsers make no passkeys for numbers, but for `localhost` they do. */
export const isLoopbackNumber = (hostname: string): boolean => LOOPBACK.test(hostname);

export function relyingParty({ server }: Pick<Config, "server">): RelyingParty {
  const url = new URL(server.publicUrl);
  const { origin } = url;
  if (isLoopbackNumber(url.hostname)) url.hostname = "localhost";
  return { id: url.hostname, origins: [...new Set([origin, url.origin])] };
}
