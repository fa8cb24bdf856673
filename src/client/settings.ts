import { MalipoError } from "./error.ts";
import type { ClientKey } from "./proof.ts";

/** How a {@link Malipo} is made. What is left out is read from the environment. */
export interface Credentials {
  /** Or `MALIPO_CLIENT_ID`. */
  readonly clientId?: string;
  /** Or `MALIPO_CLIENT_SECRET`. Keep it on your server: whoever has it can act as you. */
  readonly clientSecret?: string;
  /** Instead of a secret: the client signs its requests for a token (`private_key_jwt`). */
  readonly clientKey?: ClientKey;
  /** The service's address, such as `https://pay.shop.example`. Or `MALIPO_URL`. */
  readonly baseUrl?: string | URL;
}

/** The settings that no call works without. */
export interface Settings {
  readonly clientId: string;
  /** Empty where the client has a key. */
  readonly clientSecret: string;
  readonly baseUrl: string;
}

/** A variable of the environment; undefined where there is none, or it may not be read. */
export function variable(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }; // of Node, Deno and Bun
  try {
    return process?.env?.[name];
  } catch {
    return undefined; // Deno without permission to read it
  }
}

/** Errors: `not_configured`, which names all that is missing. */
export function readSettings({ clientId, clientSecret, clientKey, baseUrl }: Credentials): Settings {
  const settings = {
    clientId: clientId ?? variable("MALIPO_CLIENT_ID") ?? "",
    clientSecret: clientKey === undefined ? clientSecret ?? variable("MALIPO_CLIENT_SECRET") ?? "" : "",
    baseUrl: String(baseUrl ?? variable("MALIPO_URL") ?? "").replace(/\/+$/, ""),
  };
  const missing = [
    ...(settings.clientId === "" ? ["clientId (or MALIPO_CLIENT_ID)"] : []),
    ...(settings.clientSecret === "" && clientKey === undefined ? ["clientSecret (or MALIPO_CLIENT_SECRET)"] : []),
    ...(settings.baseUrl === "" ? ["baseUrl (or MALIPO_URL)"] : []),
  ];
  if (missing.length > 0) throw notConfigured(`Malipo needs ${missing.join(", ")}`);
  if (!/^https?:\/\//.test(settings.baseUrl) || !URL.canParse(settings.baseUrl)) {
    throw notConfigured(`baseUrl must be an address such as https://pay.shop.example, not "${settings.baseUrl}"`);
  }
  return settings;
}

const notConfigured = (why: string): MalipoError =>
  new MalipoError(`not_configured: ${why}`, { code: "not_configured" });
