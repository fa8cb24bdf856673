import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from "jose";
import { sha256 } from "../crypto/hash.ts";
import type { Clock } from "../platform/ports.ts";
import { CLIENT_ALGORITHMS } from "./client-assertion.ts";
import type { UsedOnce } from "./used-once.ts";

const MAX_PROOF_LENGTH = 4_096;
const MAX_ID_LENGTH = 128;
/** How old a proof may be, and how far the caller's clock may be ahead. */
const MAX_AGE_SECONDS = 60;
const TOLERANCE_SECONDS = 5;

/** A DPoP proof that is not accepted. */
export class DpopError extends Error {
  override readonly name = "DpopError";
}

/** The request that a proof must be about. */
export interface ProvenRequest {
  /** The header `DPoP`. */
  readonly proof: string | undefined;
  readonly method: string;
  /** Without query. */
  readonly url: string;
  /** The access token that it is sent with; null at the token endpoint. */
  readonly token: string | null;
}

/** Verifies proofs that the caller has a key (RFC 9449). Each counts once. */
export class DpopProofs {
  constructor(readonly used: UsedOnce, readonly clock: Clock) {}

  /** The thumbprint of the key. Errors: {@link DpopError}. */
  async verify({ proof, method, url, token }: ProvenRequest): Promise<string> {
    if (proof === undefined) throw new DpopError("the header DPoP is missing");
    if (proof.length > MAX_PROOF_LENGTH) throw new DpopError("it is too long");
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: [...CLIENT_ALGORITHMS],
      typ: "dpop+jwt",
      requiredClaims: ["jti", "htm", "htu", "iat"],
      maxTokenAge: MAX_AGE_SECONDS,
      clockTolerance: TOLERANCE_SECONDS,
      currentDate: new Date(this.clock.now()),
    }).catch((error: unknown) => Promise.reject(new DpopError(error instanceof Error ? error.message : "unreadable")));
    const { jti, htm, htu, ath } = payload;
    if (htm !== method) throw new DpopError("htm is not the method of this request");
    if (typeof htu !== "string" || bare(htu) !== bare(url)) throw new DpopError(`htu is not ${bare(url)}`);
    if (token !== null && ath !== hashOf(token)) throw new DpopError("ath is not the hash of the access token");
    if (typeof jti !== "string" || jti === "" || jti.length > MAX_ID_LENGTH) throw new DpopError("jti is not readable");
    const key = protectedHeader.jwk;
    if (key === undefined || "d" in key || "k" in key) throw new DpopError("jwk is no public key");
    const thumbprint = await calculateJwkThumbprint(key);
    const isFirst = await this.used.take(["dpop", thumbprint, jti], (MAX_AGE_SECONDS + 2 * TOLERANCE_SECONDS) * 1000);
    if (!isFirst) throw new DpopError("it was used before; make one for each request");
    return thumbprint;
  }
}

const hashOf = (token: string): string => sha256(token).toBase64({ alphabet: "base64url", omitPadding: true });

/** A URL without query and fragment, in its normal spelling. */
function bare(text: string): string {
  const url = URL.parse(text);
  return url === null ? "" : url.origin + url.pathname;
}
