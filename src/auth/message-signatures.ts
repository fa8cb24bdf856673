import { importJWK } from "jose";
import { type InnerList, isInnerList, type Parameters, parseDictionary, serializeInnerList } from "structured-headers";
import type { PublicJwk } from "./client-access.ts";

/*
 * HTTP message signatures (RFC 9421) of requests: what a signature covers, and whether it is of a key. The library
 * `http-message-signatures` was not taken: it needs `node:crypto`, which the service does without.
 */

/** A request, as the one who signed it saw it. */
export interface SignedMessage {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  header(name: string): string | null | undefined;
}

/** A signature of a request. */
export interface MessageSignature {
  readonly keyId: string;
  /** The names of what it covers, such as `@method` and `content-digest`. */
  readonly covers: ReadonlySet<string>;
  /** Seconds since the epoch; null: not said. */
  readonly created: number | null;
  readonly expires: number | null;
  /** The name of the algorithm; null: the key decides. */
  readonly algorithm: string | null;
  /** The text that is signed. */
  readonly base: string;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** A signature that can't be read, or covers what can't be told here. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

const MAX_FIELD = 4_096;
const MAX_SIGNATURES = 4;

/** The signatures of a request. Errors: {@link SignatureError}. */
export function readSignatures(message: SignedMessage): readonly MessageSignature[] {
  const inputs = dictionary(message, "signature-input");
  const signatures = dictionary(message, "signature");
  if (inputs.size > MAX_SIGNATURES) throw new SignatureError("there are too many signatures");
  return [...inputs].map(([label, list]) => {
    const [signature] = signatures.get(label) ?? [];
    if (!isInnerList(list)) throw new SignatureError(`Signature-Input ${label} is no list`);
    if (!(signature instanceof ArrayBuffer)) throw new SignatureError(`there is no Signature ${label}`);
    return toSignature(message, list, new Uint8Array(signature));
  });
}

function dictionary(message: SignedMessage, name: string) {
  const text = message.header(name) ?? "";
  if (text.length > MAX_FIELD) throw new SignatureError(`${name} is too long`);
  try {
    return parseDictionary(text);
  } catch {
    throw new SignatureError(`${name} is no dictionary of RFC 9651`);
  }
}

function toSignature(
  message: SignedMessage,
  list: InnerList,
  signature: Uint8Array<ArrayBuffer>,
): MessageSignature {
  const [items, params] = list;
  const names = items.map(([name, more]) => {
    if (typeof name !== "string" || more.size > 0) throw new SignatureError("components have no parameters here");
    return name;
  });
  if (new Set(names).size < names.length) throw new SignatureError("a component is named twice");
  const lines = names.map((name) => `"${name}": ${componentOf(message, name)}`);
  return {
    keyId: textOf(params, "keyid") ?? "",
    covers: new Set(names),
    created: timeOf(params, "created"),
    expires: timeOf(params, "expires"),
    algorithm: textOf(params, "alg"),
    base: [...lines, `"@signature-params": ${serializeInnerList(list)}`].join("\n"),
    signature,
  };
}

function textOf(params: Parameters, name: string): string | null {
  const value = params.get(name);
  return typeof value === "string" ? value : null;
}

function timeOf(params: Parameters, name: string): number | null {
  const value = params.get(name);
  if (value === undefined) return null;
  if (typeof value !== "number" || !Number.isInteger(value)) throw new SignatureError(`${name} is no time`);
  return value;
}

/** The value of a component (RFC 9421, chapter 2). */
function componentOf({ method, url, header }: SignedMessage, name: string): string {
  const target = new URL(url);
  switch (name) {
    case "@method":
      return method;
    case "@target-uri":
      return url;
    case "@authority":
      return target.host;
    case "@scheme":
      return target.protocol.slice(0, -1);
    case "@path":
      return target.pathname;
    case "@query":
      return target.search === "" ? "?" : target.search;
  }
  const value = name.startsWith("@") ? null : header(name) ?? null;
  if (name !== name.toLowerCase() || value === null) throw new SignatureError(`it covers ${name}, which is not here`);
  return value.trim();
}

const algorithms: Readonly<Record<PublicJwk["kty"], { readonly name: string; readonly jose: string }>> = {
  OKP: { name: "ed25519", jose: "EdDSA" },
  EC: { name: "ecdsa-p256-sha256", jose: "ES256" },
  RSA: { name: "rsa-pss-sha512", jose: "PS512" },
};

const parameters: Readonly<Record<PublicJwk["kty"], AlgorithmIdentifier | RsaPssParams | EcdsaParams>> = {
  OKP: "Ed25519",
  EC: { name: "ECDSA", hash: "SHA-256" },
  RSA: { name: "RSA-PSS", saltLength: 64 },
};

/** Whether a signature is of a key. */
export async function isSignedBy(
  { base, signature, algorithm }: Pick<MessageSignature, "base" | "signature" | "algorithm">,
  key: PublicJwk,
): Promise<boolean> {
  const { name, jose } = algorithms[key.kty];
  if (algorithm !== null && algorithm !== name) return false;
  const imported = await importJWK({ ...key }, jose);
  if (imported instanceof Uint8Array) return false; // a public key is none
  return await crypto.subtle.verify(parameters[key.kty], imported, signature, new TextEncoder().encode(base));
}

const hashes = { "sha-256": "SHA-256", "sha-512": "SHA-512" } as const;

/** Whether a Content-Digest field (RFC 9530) is of a body. It needs one hash that we know, and all of those must fit. */
export async function isDigestOfBody(field: string, body: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const given = dictionary({ method: "", url: "", header: () => field }, "content-digest");
  let known = 0;
  for (const [name, hash] of Object.entries(hashes)) {
    const [value] = given.get(name) ?? [];
    if (value === undefined) continue;
    if (!(value instanceof ArrayBuffer)) return false;
    const made = new Uint8Array(await crypto.subtle.digest(hash, body));
    if (made.toHex() !== new Uint8Array(value).toHex()) return false;
    known++;
  }
  return known > 0;
}
