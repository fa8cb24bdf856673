import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey, SignJWT } from "jose";
import { activePlace } from "../crypto/keyring.ts";
import {
  type ImportedSigningKey,
  importSigningKey,
  type PublicKey,
  publicKeys,
  type SigningKeys,
} from "../crypto/signing.ts";
import { createLru } from "../lib/lru.ts";
import type { Clock } from "../platform/ports.ts";
import { isScope, type Scope } from "./scopes.ts";

export type { PublicKey } from "../crypto/signing.ts";
export { equalBytes, hashSecret, newSecret } from "../crypto/secrets.ts";

/** The client that a verified token belongs to. */
export interface Principal {
  readonly clientId: string;
  readonly merchantId: string;
  readonly scopes: ReadonlySet<Scope>;
  /** The epoch of the client when the token was issued. Raising the client's epoch ends its tokens. */
  readonly epoch: number;
  /** The token's `jti`. */
  readonly tokenId: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** The thumbprint of the key that the token is bound to (RFC 9449). Null: whoever has the token may use it. */
  readonly keyThumbprint: string | null;
  /** Whether an issuer of `AUTH_ISSUERS` made the token. `clientId` is then our id of its subject. */
  readonly isOutside: boolean;
}

/** The client and scopes that a token is issued for. */
export interface Grant {
  readonly clientId: string;
  readonly merchantId: string;
  readonly scopes: readonly Scope[];
  /** See {@link Principal.epoch}. */
  readonly epoch: number;
  /** See {@link Principal.keyThumbprint}. Default: none. */
  readonly keyThumbprint?: string | null;
}

export type TokenErrorCode = "token_missing" | "token_malformed" | "token_expired" | "token_invalid";

const errorMessages: Record<TokenErrorCode, string> = {
  token_missing: "No access token was sent.",
  token_malformed: "The access token is not readable.",
  token_expired: "The access token has expired.",
  token_invalid: "The access token was not issued for this service.",
};

/** An access token that is not accepted. */
export class TokenError extends Error {
  override readonly name = "TokenError";
  /** `issuer`: the other PUBLIC_URL under which a process with our keys issued the token. */
  constructor(readonly code: TokenErrorCode, readonly issuer: string | null = null) {
    super(errorMessages[code]);
  }
}

/** Issues and verifies access tokens (RFC 9068). It needs no database. */
export interface Tokens {
  /** `expiresIn` is in seconds, as OAuth answers it. */
  issue(grant: Grant): Promise<{ readonly token: string; readonly expiresIn: number }>;
  /** Errors: {@link TokenError} `token_missing`, `token_malformed`, `token_expired`, `token_invalid`. */
  verify(token: string | null | undefined): Promise<Principal>;
  readonly jwks: { readonly keys: readonly PublicKey[] };
}

/** `issuer` is the service's public origin; the audience is the same. */
export interface TokenOptions {
  readonly keys: SigningKeys;
  /** Keys that signed receipts and sign nothing more. They are published, and no token is accepted by them. */
  readonly retired?: readonly PublicKey[];
  readonly issuer: string;
  readonly clock: Clock;
}

const LIFETIME_SECONDS = 600;
const TOLERANCE_SECONDS = 5;
/** The clock of the process that issued a token may be ahead of this one by as much as `doctor` allows. */
const MOST_AHEAD_SECONDS = 60;
const MAX_TOKEN_LENGTH = 2048;
const CACHE_SIZE = 4096;
const ALGORITHM = "EdDSA";
const TOKEN_TYPE = "at+jwt";

/** Imports every key once. Errors: `Error` if the public part of a key does not belong to its private part. */
export async function createTokens({ keys, retired = [], issuer, clock }: TokenOptions): Promise<Tokens> {
  const imported = await Promise.all(keys.map(importSigningKey));
  const newest = imported[activePlace(keys)] as ImportedSigningKey; // the settings require an active key
  const byId = new Map(imported.map((key) => [key.kid, key.verifying]));
  const keyOf: JWTVerifyGetKey = ({ kid }) => {
    const key = byId.get(kid ?? ""); // only our own keys: `jku`, `x5u` and `jwk` of a token's header are ignored
    if (!key) throw new TokenError("token_invalid");
    return key;
  };
  const verified = createLru<string, Principal>(CACHE_SIZE);

  async function verifySignature(token: string): Promise<Principal> {
    const now = clock.now();
    const principal = principalOf(
      await jwtVerify(token, keyOf, {
        algorithms: [ALGORITHM],
        typ: TOKEN_TYPE,
        issuer,
        audience: issuer,
        requiredClaims: ["sub", "client_id", "iat", "exp", "jti", "scope", "merchant"],
        clockTolerance: TOLERANCE_SECONDS,
        currentDate: new Date(now),
      }).then(({ payload }) => payload, (error) => Promise.reject(toTokenError(error))),
      now / 1000,
    );
    verified.set(token, principal);
    return principal;
  }

  return {
    async issue(grant) {
      const now = Math.floor(clock.now() / 1000);
      const claims = {
        client_id: grant.clientId,
        merchant: grant.merchantId,
        scope: grant.scopes.join(" "),
        epoch: grant.epoch,
        ...(grant.keyThumbprint ? { cnf: { jkt: grant.keyThumbprint } } : {}),
      };
      const token = await new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, typ: TOKEN_TYPE, kid: newest.kid })
        .setIssuer(issuer).setAudience(issuer).setSubject(grant.clientId)
        .setIssuedAt(now).setExpirationTime(now + LIFETIME_SECONDS).setJti(crypto.randomUUID())
        .sign(newest.signing);
      return { token, expiresIn: LIFETIME_SECONDS };
    },
    async verify(token) {
      if (!token) throw new TokenError("token_missing");
      if (token.length > MAX_TOKEN_LENGTH) throw new TokenError("token_malformed");
      const principal = verified.get(token) ?? await verifySignature(token);
      if (clock.now() < principal.expiresAt + TOLERANCE_SECONDS * 1000) return principal;
      verified.delete(token);
      throw new TokenError("token_expired");
    },
    jwks: { keys: publicKeys(keys, retired) },
  };
}

/** A token without an epoch was issued by the version before, when every client had epoch 0. `now` is in seconds. */
function principalOf(
  { sub, client_id, merchant, scope, jti, iat, exp, epoch = 0, cnf }: JWTPayload,
  now: number,
): Principal {
  const readable = typeof merchant === "string" && typeof scope === "string" && typeof sub === "string" &&
    typeof jti === "string" && typeof exp === "number" && client_id === sub &&
    typeof epoch === "number" && typeof iat === "number" && iat <= now + MOST_AHEAD_SECONDS &&
    exp <= iat + LIFETIME_SECONDS;
  if (!readable) throw new TokenError("token_invalid");
  const granted = new Set(scope.split(" ").filter(isScope));
  return {
    clientId: sub,
    merchantId: merchant,
    scopes: granted,
    epoch,
    tokenId: jti,
    expiresAt: exp * 1000,
    keyThumbprint: thumbprintOf(cnf),
    isOutside: false,
  };
}

/**
 * The key that a token is bound to (RFC 9449); null: none. A token that is bound in another way can't be checked here.
 * Errors: {@link TokenError} `token_invalid`.
 */
export function thumbprintOf(confirmation: unknown): string | null {
  if (confirmation === undefined) return null;
  const { jkt, ...others } = Object(confirmation) as Record<string, unknown>;
  if (typeof jkt !== "string" || Object.keys(others).length > 0) throw new TokenError("token_invalid");
  return jkt;
}

function toTokenError(error: unknown): TokenError {
  if (error instanceof TokenError) return error;
  if (error instanceof errors.JWTExpired) return new TokenError("token_expired");
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new TokenError("token_malformed");
  }
  return new TokenError("token_invalid", otherIssuer(error));
}

/** Claims are read after the signature, so a wrong issuer is another process of this service, or was one. */
const otherIssuer = (error: unknown): string | null =>
  error instanceof errors.JWTClaimValidationFailed && error.claim === "iss" && typeof error.payload.iss === "string"
    ? error.payload.iss.slice(0, 200)
    : null;
