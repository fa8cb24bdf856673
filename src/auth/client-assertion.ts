import { createLocalJWKSet, decodeJwt, errors, jwtVerify } from "jose";
import type { PublicJwk } from "./client-access.ts";

/** What clients may sign with: assertions and DPoP proofs. */
export const CLIENT_ALGORITHMS = ["EdDSA", "Ed25519", "ES256", "PS256", "RS256"] as const;

export const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const MAX_ASSERTION_LENGTH = 4_096;
const MAX_ID_LENGTH = 128;
const MAX_LIFETIME_SECONDS = 300;
const TOLERANCE_SECONDS = 5;
/** An access token or a DPoP proof must not pass for an assertion. */
const TYPES: ReadonlySet<string | undefined> = new Set([undefined, "JWT", "client-authentication+jwt"]);

/** An assertion that is not accepted. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** The client that an assertion says it is of. Nothing is proven by it. Null: it is not readable. */
export function claimedClient(assertion: string): string | null {
  if (assertion.length > MAX_ASSERTION_LENGTH) return null;
  try {
    return decodeJwt(assertion).sub ?? null;
  } catch {
    return null;
  }
}

/**
 * Verifies the assertion of a client (RFC 7523, `private_key_jwt`). `audiences` are the names of this service. Returns
 * what must count once, and until when (ms). Errors: {@link AssertionError}.
 */
export async function verifyAssertion(
  assertion: string,
  clientId: string,
  keys: readonly PublicJwk[],
  audiences: readonly string[],
  now: number,
): Promise<{ readonly id: string; readonly expiresAt: number }> {
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, createLocalJWKSet({ keys: [...keys] }), {
      algorithms: [...CLIENT_ALGORITHMS],
      issuer: clientId,
      subject: clientId,
      requiredClaims: ["aud", "exp", "jti"],
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(now),
    });
    const { aud, exp = 0, jti } = payload;
    if (!TYPES.has(protectedHeader.typ)) throw new AssertionError("its typ is another one");
    const named = typeof aud === "string" ? [aud] : aud ?? [];
    if (named.length === 0 || named.some((one) => !audiences.includes(one))) {
      throw new AssertionError(`its aud is not ${audiences[0]} alone`);
    }
    if (exp * 1000 > now + MAX_LIFETIME_SECONDS * 1000) {
      throw new AssertionError(`it lives longer than ${MAX_LIFETIME_SECONDS} s`);
    }
    if (typeof jti !== "string" || jti === "" || jti.length > MAX_ID_LENGTH) {
      throw new AssertionError("its jti is not readable");
    }
    return { id: JSON.stringify(["assertion", clientId, jti]), expiresAt: (exp + TOLERANCE_SECONDS) * 1000 };
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    const isJose = error instanceof errors.JOSEError;
    throw new AssertionError(isJose ? error.message : "it can't be verified");
  }
}
