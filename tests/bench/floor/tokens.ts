import { jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import { importSigningKey, type SigningKey } from "../../../src/crypto/signing.ts";
import type { Principal } from "./parts.ts";

const KEPT = 4_096;
const LIFE_S = 600;

export interface Tokens {
  issue(client: string, merchant: string, scope: string): Promise<string>;
  /** Rejects for one that is not ours. Verified ones are remembered, as in the product. */
  verify(token: string): Promise<Principal>;
}

/** EdDSA by jose, with the product's key and claims. */
export async function createTokens(key: SigningKey, issuer: string): Promise<Tokens> {
  const { kid, signing, verifying } = await importSigningKey(key);
  const known = new LRUCache<string, Principal & { readonly until: number }>({ max: KEPT });
  return {
    issue(client, merchant, scope) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ client_id: client, merchant, scope })
        .setProtectedHeader({ alg: "EdDSA", typ: "at+jwt", kid })
        .setIssuer(issuer).setAudience(issuer).setSubject(client)
        .setIssuedAt(now).setExpirationTime(now + LIFE_S).setJti(crypto.randomUUID())
        .sign(signing);
    },
    async verify(token) {
      const remembered = known.get(token);
      if (remembered !== undefined && Date.now() < remembered.until) return remembered;
      const { payload } = await jwtVerify(token, verifying, { algorithms: ["EdDSA"], issuer, audience: issuer });
      const { sub = "", exp = 0, merchant } = payload;
      const principal = { clientId: sub, merchantId: String(merchant), until: exp * 1000 };
      known.set(token, principal);
      return principal;
    },
  };
}
