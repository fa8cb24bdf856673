import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { type ImportedSigningKey, importSigningKey, type SigningKeys } from "../crypto/signing.ts";
import type { Clock } from "../platform/ports.ts";
import { isScope, type Scope } from "./scopes.ts";

export { equalBytes, hashSecret, newSecret } from "../crypto/secrets.ts";

/** Who a verified token speaks for. */
export interface Principal {
  readonly clientId: string;
  readonly merchantId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The token's `jti`. */
  readonly tokenId: string;
  /** In ms since the epoch. */
  readonly expiresAt: number;
}

/** What a token is issued for. */
export interface Grant {
  readonly clientId: string;
  readonly merchantId: string;
  readonly scopes: readonly Scope[];
}

/** A public key as `/.well-known/jwks.json` shows it. */
export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly kid: string;
  readonly x: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}

export type TokenErrorCode = "token_missing" | "token_malformed" | "token_expired" | "token_invalid";

const messages: Record<TokenErrorCode, string> = {
  token_missing: "No access token was sent.",
  token_malformed: "The access token can't be read.",
  token_expired: "The access token has expired.",
  token_invalid: "The access token was not issued for this service.",
};

/** A token is not accepted. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  constructor(readonly code: TokenErrorCode) {
    super(messages[code]);
  }
}

/** Issues and verifies access tokens (RFC 9068), without a database. */
export interface Tokens {
  /** `expiresIn` is in seconds, as on the wire. */
  issue(grant: Grant): Promise<{ readonly token: string; readonly expiresIn: number }>;
  /** Errors: {@link TokenError} `token_missing`, `token_malformed`, `token_expired`, `token_invalid`. */
  verify(token: string | null | undefined): Promise<Principal>;
  readonly jwks: { readonly keys: readonly PublicKey[] };
}

/** `issuer` is the service's public origin; the audience is the same. */
export interface TokenOptions {
  readonly keys: SigningKeys;
  readonly issuer: string;
  readonly clock: Clock;
}

const lifetimeSeconds = 600;
const toleranceSeconds = 5;
const tokenLengthMax = 2048;
const cacheSize = 4096;
const algorithm = "EdDSA";
const type = "at+jwt";

/** Imports every key once. Throws if a key's two halves don't belong together. */
export async function createTokens({ keys, issuer, clock }: TokenOptions): Promise<Tokens> {
  const imported = await Promise.all(keys.map(importSigningKey));
  const newest = imported[0] as ImportedSigningKey; // there is always one
  const byId = new Map(imported.map((key) => [key.kid, key.verifying]));
  const keyOf: JWTVerifyGetKey = ({ kid }) => {
    const key = byId.get(kid ?? ""); // only ours: jku, x5u and jwk of a token's header are never looked at
    if (!key) throw new TokenError("token_invalid");
    return key;
  };
  const verified = new LRUCache<string, Principal>({ max: cacheSize });

  async function verifyAnew(token: string): Promise<Principal> {
    const principal = principalOf(
      await jwtVerify(token, keyOf, {
        algorithms: [algorithm],
        typ: type,
        issuer,
        audience: issuer,
        requiredClaims: ["sub", "client_id", "iat", "exp", "jti", "scope", "merchant"],
        maxTokenAge: lifetimeSeconds,
        clockTolerance: toleranceSeconds,
        currentDate: new Date(clock.now()),
      }).then(({ payload }) => payload, (error) => Promise.reject(toTokenError(error))),
    );
    verified.set(token, principal);
    return principal;
  }

  return {
    async issue(grant) {
      const now = Math.floor(clock.now() / 1000);
      const claims = { client_id: grant.clientId, merchant: grant.merchantId, scope: grant.scopes.join(" ") };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: algorithm, typ: type, kid: newest.kid })
        .setIssuer(issuer).setAudience(issuer).setSubject(grant.clientId)
        .setIssuedAt(now).setExpirationTime(now + lifetimeSeconds).setJti(crypto.randomUUID())
        .sign(newest.signing);
      return { token, expiresIn: lifetimeSeconds };
    },
    async verify(token) {
      if (!token) throw new TokenError("token_missing");
      if (token.length > tokenLengthMax) throw new TokenError("token_malformed");
      const principal = verified.get(token) ?? await verifyAnew(token);
      if (clock.now() < principal.expiresAt + toleranceSeconds * 1000) return principal;
      verified.delete(token);
      throw new TokenError("token_expired");
    },
    jwks: { keys: keys.map(({ kty, crv, kid, x }) => ({ kty, crv, kid, x, alg: algorithm, use: "sig" })) },
  };
}

function principalOf({ sub, client_id, merchant, scope, jti, exp }: JWTPayload): Principal {
  const readable = typeof merchant === "string" && typeof scope === "string" && typeof sub === "string" &&
    typeof jti === "string" && typeof exp === "number" && client_id === sub;
  if (!readable) throw new TokenError("token_invalid");
  const granted = new Set(scope.split(" ").filter(isScope));
  return { clientId: sub, merchantId: merchant, scopes: granted, tokenId: jti, expiresAt: exp * 1000 };
}

function toTokenError(error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  if (error instanceof errors.JWTExpired) return new TokenError("token_expired");
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new TokenError("token_malformed");
  }
  return new TokenError("token_invalid");
}
