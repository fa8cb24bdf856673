import { z } from "zod";
import { SCOPES } from "./scope-names.ts";
import { isLoopback } from "./values.ts";

/** What an outside issuer may sign with: no algorithm whose key is a shared secret, and not `none` (RFC 8725). */
export const OUTSIDE_ALGORITHMS = ["EdDSA", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256"] as const;

const HOUR_SECONDS = 3_600;
const MAX_ISSUERS = 10;

const text = z.string().min(1).max(300);
/** A claim by its name; a list of names leads into nested objects. */
const claim = z.union([text.transform((name) => [name]), z.array(text).min(1).max(5)]);
/** `platform` reaches every merchant, so nobody outside can give it. */
const scope = z.enum(SCOPES.filter((name) => name !== "platform"));
const merchantId = z.string().regex(/^mer_[0-9a-z]{26}$/, "not the id of a merchant");

function httpsUrl(strict: boolean) {
  return text.refine((value) => {
    const url = URL.parse(value);
    if (url === null || url.username !== "" || url.password !== "" || url.hash !== "") return false;
    return strict ? url.protocol === "https:" && !isLoopback(url.hostname) : ["https:", "http:"].includes(url.protocol);
  }, strict ? "not an https URL of another machine" : "not an https or http URL");
}

const issuerOf = (strict: boolean) =>
  z.strictObject({
    issuer: httpsUrl(strict),
    jwks_url: httpsUrl(strict),
    audience: text,
    algorithms: z.array(z.enum(OUTSIDE_ALGORITHMS)).min(1).default(["EdDSA", "ES256", "PS256", "RS256"]),
    types: z.array(z.enum(["at+jwt", "JWT"])).min(1).default(["at+jwt"]),
    max_age_seconds: z.int().min(60).max(24 * HOUR_SECONDS).default(HOUR_SECONDS),
    merchant: z.union([merchantId, z.strictObject({ claim, values: z.record(text, merchantId) })]),
    scopes: z.strictObject({
      claim: claim.default(["scope"]),
      allow: z.array(scope).min(1),
      names: z.record(text, z.union([scope.transform((one) => [one]), z.array(scope).min(1)])).optional(),
    }),
  });

/** An issuer of access tokens outside this service, such as Keycloak, and what its tokens may do here. */
export interface OutsideIssuer {
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** Values of the header `typ`. */
  readonly types: readonly string[];
  /** The longest time from `iat` to now, in seconds. */
  readonly maxAgeSeconds: number;
  /** One merchant for all tokens, or the merchants by the value of a claim. No other merchant is reached. */
  readonly merchant: string | { readonly claim: readonly string[]; readonly values: ReadonlyMap<string, string> };
  readonly scopes: {
    readonly claim: readonly string[];
    /** The most that a token can have. */
    readonly allow: readonly string[];
    /** Our scopes by the issuer's names. Null: it uses our names. */
    readonly names: ReadonlyMap<string, readonly string[]> | null;
  };
}

/** `AUTH_ISSUERS`: a JSON array. */
export const authIssuers = (strict: boolean): z.ZodType<readonly OutsideIssuer[], string> =>
  z.string().transform((value, context) => {
    const parsed = z.array(issuerOf(strict)).max(MAX_ISSUERS).safeParse(parseJson(value));
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues) context.addIssue(`${path.join(".")}: ${message}`);
      return z.NEVER;
    }
    const issuers = parsed.data.map(toIssuer);
    if (new Set(issuers.map(({ issuer }) => issuer)).size < issuers.length) context.addIssue("names an issuer twice");
    return issuers;
  });

function toIssuer(read: z.output<ReturnType<typeof issuerOf>>): OutsideIssuer {
  const { merchant, scopes } = read;
  return {
    issuer: read.issuer,
    jwksUrl: read.jwks_url,
    audience: read.audience,
    algorithms: read.algorithms,
    types: read.types,
    maxAgeSeconds: read.max_age_seconds,
    merchant: typeof merchant === "string"
      ? merchant
      : { claim: merchant.claim, values: new Map(Object.entries(merchant.values)) },
    scopes: {
      claim: scopes.claim,
      allow: scopes.allow,
      names: scopes.names === undefined ? null : new Map(Object.entries(scopes.names)),
    },
  };
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
