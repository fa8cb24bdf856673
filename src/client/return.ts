import { decodeBase64 } from "./base64.ts";
import { type Claims, decodeJwtPart, invalidSignature } from "./jwt.ts";
import type { CallOptions, Transport } from "./transport.ts";

/** The signed result that the hosted page sends to the shop with the shopper. */
export interface Returned {
  /** The checkout's id. */
  readonly checkout: string;
  readonly status: string;
  /** The shop's own reference. */
  readonly reference: string;
  /** In cents. */
  readonly amount: number;
  readonly currency: string;
}

interface Key {
  readonly kid: string;
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
}

const KEY_CACHE_MS = 5 * 60_000;
const TOLERANCE_SECONDS = 5;

/** Verifies signed results with the service's public keys. It caches the keys for five minutes. */
export class Returns {
  #keys: { readonly list: readonly Key[]; readonly until: number } | undefined;
  constructor(readonly transport: Transport) {}

  /**
   * Reads a return URL, or its `signature` alone, after verifying that Malipo made it for this merchant in the last ten
   * minutes. Errors: `signature_invalid`.
   */
  async verify(address: string | URL, options: CallOptions = {}): Promise<Returned> {
    const token = signatureOf(String(address));
    const [head = "", body = "", signature = "", ...more] = token.split(".");
    const header = decodeJwtPart(head);
    if (more.length > 0 || header.alg !== "EdDSA" || header.typ !== "result+jwt" || typeof header.kid !== "string") {
      throw invalidSignature("This is not a signed result of Malipo's.");
    }
    const key = await this.#key(header.kid, options);
    const bytes = decodeBase64(signature);
    const signed = new TextEncoder().encode(`${head}.${body}`);
    if (bytes === null || !await crypto.subtle.verify("Ed25519", key, bytes, signed)) {
      throw invalidSignature("The signature does not fit.");
    }
    const claims = decodeJwtPart(body);
    this.#check(claims, await this.transport.identity(options));
    return resultOf(claims);
  }

  #check({ iss, aud, exp }: Claims, { issuer, merchant }: { issuer: string; merchant: string }): void {
    if (iss !== issuer) throw invalidSignature("Another service has made it.");
    if (aud !== merchant) throw invalidSignature("It was made for another merchant.");
    if (typeof exp !== "number" || exp + TOLERANCE_SECONDS < Date.now() / 1000) {
      throw invalidSignature("It is too old.");
    }
  }

  async #key(kid: string, options: CallOptions): Promise<CryptoKey> {
    const fresh = this.#keys !== undefined && Date.now() < this.#keys.until;
    if (!fresh) {
      const { keys } = await this.transport.getPublic<{ keys: readonly Key[] }>("/.well-known/jwks.json", options);
      this.#keys = { list: keys, until: Date.now() + KEY_CACHE_MS };
    }
    const key = this.#keys?.list.find((known) => known.kid === kid && known.kty === "OKP" && known.crv === "Ed25519");
    const bytes = key === undefined ? null : decodeBase64(key.x);
    if (bytes === null) throw invalidSignature("The service has no such key.");
    return await crypto.subtle.importKey("raw", bytes, "Ed25519", false, ["verify"]);
  }
}

function signatureOf(address: string): string {
  if (!URL.canParse(address)) return address;
  const signature = new URL(address).searchParams.get("signature");
  if (signature === null) throw invalidSignature("The address has no signature.");
  return signature;
}

function resultOf({ sub, status, reference, amount, currency }: Claims): Returned {
  const texts = [sub, status, reference, currency];
  if (texts.some((text) => typeof text !== "string") || typeof amount !== "number") {
    throw invalidSignature("A part of the result is missing.");
  }
  return { checkout: sub, status, reference, amount, currency } as Returned; // by the checks above
}
