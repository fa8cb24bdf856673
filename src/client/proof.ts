import { MalipoError } from "./error.ts";

/** A private key of your client. Its public part, with the same `kid`, is in the `access` of the client. */
export interface ClientKey {
  /** Ed25519, ECDSA P-256, or RSA (RSASSA-PKCS1-v1_5 or PSS, with SHA-256). It need not be extractable. */
  readonly privateKey: CryptoKey;
  readonly kid: string;
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ASSERTION_LIVES_SECONDS = 60;

const utf8 = new TextEncoder();
const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** What WebCrypto signs with, by the algorithm of JOSE. */
const SIGNERS: Readonly<Record<string, AlgorithmIdentifier | EcdsaParams | RsaPssParams>> = {
  EdDSA: "Ed25519",
  ES256: { name: "ECDSA", hash: "SHA-256" },
  RS256: "RSASSA-PKCS1-v1_5",
  PS256: { name: "RSA-PSS", saltLength: 32 },
};
const NAMES: Readonly<Record<string, string>> = {
  "Ed25519": "EdDSA",
  "ECDSA": "ES256",
  "RSASSA-PKCS1-v1_5": "RS256",
  "RSA-PSS": "PS256",
};

async function signJwt(key: CryptoKey, header: object, claims: object): Promise<string> {
  const alg = NAMES[key.algorithm.name];
  const signer = alg === undefined ? undefined : SIGNERS[alg];
  if (signer === undefined) {
    throw new MalipoError(`not_configured: keys of ${key.algorithm.name} can't be used; use Ed25519 or ECDSA P-256`, {
      code: "not_configured",
    });
  }
  const text = [{ alg, ...header }, claims].map((part) => base64url(utf8.encode(JSON.stringify(part)))).join(".");
  const signature = await crypto.subtle.sign(signer, key, utf8.encode(text));
  return `${text}.${base64url(new Uint8Array(signature))}`;
}

const seconds = (): number => Math.floor(Date.now() / 1000);

/** The form fields by which a client proves itself without a secret (RFC 7523, `private_key_jwt`). They count once. */
export async function assertionFields(
  { privateKey, kid }: ClientKey,
  clientId: string,
  audience: string,
): Promise<Record<string, string>> {
  const now = seconds();
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: audience,
    jti: crypto.randomUUID(),
    iat: now,
    exp: now + ASSERTION_LIVES_SECONDS,
  };
  return {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await signJwt(privateKey, { kid }, claims),
  };
}

/** Makes DPoP proofs (RFC 9449): each request proves that its sender has the key to which the token is bound. */
export class Dpop {
  #pair: Promise<{ readonly privateKey: CryptoKey; readonly jwk: object }> | undefined;
  /** `pair`: a key pair of yours, whose public key is extractable. Else one is made, which lives as long as this object. */
  constructor(readonly pair: CryptoKeyPair | undefined) {}

  /** The value of the header `DPoP` of one request. */
  async proof(method: string, url: string, token?: string): Promise<string> {
    const { privateKey, jwk } = await (this.#pair ??= readPair(this.pair));
    const claims = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: url.split(/[?#]/)[0],
      iat: seconds(),
      ...(token === undefined
        ? {}
        : { ath: base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", utf8.encode(token)))) }),
    };
    return await signJwt(privateKey, { typ: "dpop+jwt", jwk }, claims);
  }
}

async function readPair(given: CryptoKeyPair | undefined): Promise<{ privateKey: CryptoKey; jwk: object }> {
  const { privateKey, publicKey } = given ??
    await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", publicKey);
  return { privateKey, jwk: JSON.parse(JSON.stringify({ kty, crv, x, y, n, e })) }; // without what is undefined
}
