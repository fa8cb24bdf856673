import { importJWK } from "jose";
import { z } from "zod";
import type { Parsed } from "./keyring.ts";

const point = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const jwk = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  kid: z.string().min(1).max(64),
  x: point,
  d: point,
  alg: z.enum(["EdDSA", "Ed25519"]).optional(),
  use: z.literal("sig").optional(),
  state: z.literal("verify").optional(),
}).transform(({ kid, x, d, state }): KeyFields => {
  const key = { kty: "OKP", crv: "Ed25519", kid, x, d } as const;
  return state === undefined ? key : { ...key, isNew: true };
});

interface KeyFields {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly kid: string;
  readonly x: string;
  readonly d: string;
  /** It verifies, and signs nothing yet. */
  readonly isNew?: true;
}

/** A private Ed25519 JWK (RFC 8037) with a key id. `"state": "verify"` in the setting marks one that signs nothing yet. */
export type SigningKey = Readonly<z.infer<typeof jwk>>;

/** Newest first. All keys verify. The first that is not new signs. */
export type SigningKeys = readonly [SigningKey, ...SigningKey[]];

/** A public key, as in `/.well-known/jwks.json`. */
export interface PublicKey {
  readonly kty: "OKP";
  readonly crv: "Ed25519";
  readonly kid: string;
  readonly x: string;
  readonly alg: "EdDSA";
  readonly use: "sig";
}

/** The public parts of the keys that sign or will sign, and those of keys that sign nothing more. */
export const publicKeys = (keys: SigningKeys, retired: readonly PublicKey[]): readonly PublicKey[] => [
  ...keys.map(({ kty, crv, kid, x }): PublicKey => ({ kty, crv, kid, x, alg: "EdDSA", use: "sig" })),
  ...retired.filter(({ kid }) => keys.every((key) => key.kid !== kid)),
];

const retiredJwk = z.object({
  kty: z.literal("OKP"),
  crv: z.literal("Ed25519"),
  kid: z.string().min(1).max(64),
  x: point,
  d: z.never({ error: "holds the private part" }).optional(),
}).transform(({ kid, x }): PublicKey => ({ kty: "OKP", crv: "Ed25519", kid, x, alg: "EdDSA", use: "sig" }));

/** Reads the public keys of keys that sign nothing more. Problems name a key by its position. */
export function parseRetiredKeys(text: string): Parsed<readonly PublicKey[]> {
  const listed = listOf(text);
  if (!listed) return { ok: false, problems: ["not JSON of a JWK set or an array of JWKs"] };
  const parsed = listed.map((item) => retiredJwk.safeParse(item));
  const problems = parsed.flatMap((one, i) =>
    one.success ? [] : [`key ${i + 1} is not a public Ed25519 JWK with a kid and without d (${fieldsOf(one.error)})`]
  );
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, value: parsed.flatMap((one) => one.success ? [one.data] : []) };
}

/** Reads a JWK set or an array of JWKs. Problems name a key by its position, and contain no part of it. */
export function parseSigningKeys(text: string): Parsed<SigningKeys> {
  const listed = listOf(text);
  if (!listed) return { ok: false, problems: ["not JSON of a JWK set or an array of JWKs"] };
  const problems: string[] = [];
  const keys: SigningKey[] = [];
  for (const [i, item] of listed.entries()) {
    const parsed = jwk.safeParse(item);
    const name = `key ${i + 1}`;
    if (!parsed.success) problems.push(`${name} is not a private Ed25519 JWK with a kid (${fieldsOf(parsed.error)})`);
    else if (keys.some((other) => other.kid === parsed.data.kid)) problems.push(`${name} repeats the kid of another`);
    else keys.push(parsed.data);
  }
  const [first, ...rest] = keys;
  if (keys.length > 0 && keys.every(({ isNew }) => isNew === true)) {
    problems.push("each key is in state verify; one has to be active");
  }
  if (!first && problems.length === 0) problems.push("holds no key");
  if (!first || problems.length > 0) return { ok: false, problems };
  return { ok: true, value: [first, ...rest] };
}

const fieldsOf = (error: z.ZodError) => {
  const fields = error.issues.map((issue) => String(issue.path[0] ?? "not an object"));
  return [...new Set(fields)].join(", ");
};

function listOf(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
    const set = z.object({ keys: z.array(z.unknown()) }).safeParse(value);
    return set.success ? set.data.keys : null;
  } catch {
    return null;
  }
}

/** The text form of the keys, as {@link parseSigningKeys} reads it. */
export const formatSigningKeys = (keys: SigningKeys): string =>
  JSON.stringify(keys.map(({ isNew, ...jwk }) => isNew === true ? { ...jwk, state: "verify" } : jwk));

/** A new signing key. `kid` identifies it in the published set. */
export async function newSigningKey(kid: string): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("privateKey" in pair)) throw new Error("Ed25519 makes a key pair");
  return jwk.parse({ ...await crypto.subtle.exportKey("jwk", pair.privateKey), kid });
}

/** A signing key ready for use. */
export interface ImportedSigningKey {
  readonly kid: string;
  readonly signing: CryptoKey;
  readonly verifying: CryptoKey;
}

/** Imports a key. Throws when its public and private parts do not belong together: nobody could verify its tokens. */
export async function importSigningKey({ kty, crv, kid, x, d }: SigningKey): Promise<ImportedSigningKey> {
  const open = { kty, crv, kid, x };
  const [signing, verifying] = await Promise.all([importJWK({ ...open, d }, "EdDSA"), importJWK(open, "EdDSA")]);
  if (signing instanceof Uint8Array || verifying instanceof Uint8Array) throw new TypeError("OKP keys are no secrets");
  const probe = new TextEncoder().encode("malipo");
  const signature = await crypto.subtle.sign("Ed25519", signing, probe);
  const paired = await crypto.subtle.verify("Ed25519", verifying, signature, probe);
  if (!paired) {
    throw new Error("A key of SIGNING_KEYS has an x (public part) that does not belong to its d (private part).");
  }
  return { kid: open.kid, signing, verifying };
}
