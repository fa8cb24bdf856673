import { z } from "zod";
import { isLoopback } from "./values.ts";

/** The issuer at which people of the console sign in, such as Google Workspace or Keycloak (OpenID Connect). */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says: sign in with this. */
  readonly name: string;
}

const text = z.string().min(1).max(300);

/** `CONSOLE_OIDC`: a JSON object. */
export const consoleOidc = (strict: boolean): z.ZodType<OidcSettings, string> =>
  z.string().transform((value, context) => {
    const read = z.strictObject({ issuer: text, client_id: text, client_secret: text, name: text })
      .safeParse(parse(value));
    if (!read.success) {
      for (const { path, message } of read.error.issues) context.addIssue(`${path.join(".")}: ${message}`);
      return z.NEVER;
    }
    const { issuer, client_id: clientId, client_secret: clientSecret, name } = read.data;
    if (!isIssuer(issuer, strict)) context.addIssue(`issuer: ${strict ? "not an https URL" : "not a URL"}`);
    return { issuer, clientId, clientSecret, name };
  });

function isIssuer(issuer: string, strict: boolean): boolean {
  const url = URL.parse(issuer);
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "") return false;
  return url.protocol === "https:" && !(strict && isLoopback(url.hostname)) || !strict && url.protocol === "http:";
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
