import { z } from "zod";
import { activePlace } from "../../crypto/keyring.ts";
import { type ImportedSigningKey, importSigningKey, type SigningKeys } from "../../crypto/signing.ts";
import type { KeyValue } from "../../platform/ports.ts";
import type { Walked } from "./chain.ts";

/** Where a merchant's chain ended at a time, signed with a key of the published set. */
export interface Anchor extends Claim {
  readonly kid: string;
  /** Ed25519, base64url. */
  readonly signature: string;
}

interface Claim {
  /** Empty for the entries of no merchant. */
  readonly merchant: string;
  readonly entries: number;
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
  /** ms since the epoch. */
  readonly sealed_at: number;
}

/**
 * What is signed. It is a text of lines, and no part of a token begins like it, so neither can be taken for the other.
 */
const signedText = ({ merchant, entries, seq, hash, sealed_at }: Claim): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(["malipo/audit-anchor/v1", merchant, entries, seq, hash, sealed_at].join("\n"));

const base64url = { alphabet: "base64url", omitPadding: true } as const;

/** Signs the ends of chains, and checks what was signed. */
export interface Notary {
  readonly kid: string;
  sign(merchantId: string, end: Walked, at: number): Promise<Anchor>;
  /** Whether a key of the ring signed it. */
  verify(anchor: Anchor): Promise<boolean>;
}

/** The first key of the ring signs, all of them verify. */
export async function createNotary(keys: SigningKeys): Promise<Notary> {
  const imported = await Promise.all(keys.map(importSigningKey));
  const active = imported[activePlace(keys)] as ImportedSigningKey; // a ring has an active key
  return {
    kid: active.kid,
    async sign(merchantId, { entries, seq, hash }, at) {
      const claim: Claim = { merchant: merchantId, entries, seq, hash: hash.toHex(), sealed_at: at };
      const signature = await crypto.subtle.sign("Ed25519", active.signing, signedText(claim));
      return { ...claim, kid: active.kid, signature: new Uint8Array(signature).toBase64(base64url) };
    },
    async verify(anchor) {
      const key = imported.find(({ kid }) => kid === anchor.kid);
      const signature = bytesOf(anchor.signature);
      if (key === undefined || signature === null) return false;
      return await crypto.subtle.verify("Ed25519", key.verifying, signature, signedText(anchor));
    },
  };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    return null;
  }
}

const anchorSchema = z.object({
  merchant: z.string(),
  entries: z.int().positive(),
  seq: z.int(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  sealed_at: z.int(),
  kid: z.string(),
  signature: z.string(),
});

/** An anchor in a JSON text; null where there is none, such as in another line of the log. */
export function parseAnchor(text: string): Anchor | null {
  try {
    const value: unknown = JSON.parse(text);
    const fields = typeof value === "object" && value !== null && "anchor" in value ? value.anchor : value;
    return anchorSchema.safeParse(fields).data ?? null;
  } catch {
    return null;
  }
}

const PREFIX = ["audit_anchor"] as const;
const MOST_ANCHORS = 10_000;

/** Keeps the newest anchor of a merchant outside of the database. */
export async function keepAnchor(kv: KeyValue, anchor: Anchor): Promise<void> {
  await kv.set([...PREFIX, anchor.merchant], new TextEncoder().encode(JSON.stringify(anchor)));
}

/** Forgets the anchor of a merchant whose chain is gone, after a person has accepted that. */
export const dropAnchor = (kv: KeyValue, merchantId: string): Promise<void> => kv.delete([...PREFIX, merchantId]);

/** The newest anchors that are kept, by merchant. */
export async function keptAnchors(kv: KeyValue): Promise<readonly Anchor[]> {
  const kept = await kv.list(PREFIX, MOST_ANCHORS);
  return kept.flatMap(({ value }) => parseAnchor(new TextDecoder().decode(value)) ?? []);
}
