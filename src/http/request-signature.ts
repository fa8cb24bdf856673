import type { Context as HonoContext } from "hono";
import type { ClientAccess } from "../auth/client-access.ts";
import {
  isDigestOfBody,
  isSignedBy,
  type MessageSignature,
  readSignatures,
  SignatureError,
} from "../auth/message-signatures.ts";
import type { RequestSignature } from "../context/request-signature.ts";
import type { Services } from "../context/services.ts";
import { Problem } from "../problems/problem.ts";
import type { Env } from "./env.ts";

/** What a signature of a payout must cover: which request it is, what it asks for, and that it is asked for once. */
export const COVERED = ["@method", "@target-uri", "content-digest", "idempotency-key"] as const;
const MAX_AGE_SECONDS = 300;
const AHEAD_SECONDS = 30;

/** Keeps a byte-order mark, so that the text gives the same bytes again. */
const asText = new TextDecoder("utf-8", { ignoreBOM: true });

const refuse = (why: string): Problem =>
  new Problem(
    "signature_invalid",
    `The request is not signed as this client has to sign it: ${why}. Sign ${COVERED.join(", ")} (RFC 9421).`,
  );

/**
 * The signature of a request by a key of its client. Null: it has none, and needs none. `body` is as it was sent. Errors:
 * `signature_invalid`.
 */
export async function verifyRequestSignature(
  c: HonoContext<Env>,
  { config, clock }: Pick<Services, "config" | "clock">,
  access: Pick<ClientAccess, "payout_signature" | "signature_keys">,
  body: Uint8Array<ArrayBuffer> | undefined,
): Promise<RequestSignature | null> {
  const isRequired = access.payout_signature === "required";
  const isGiven = c.req.header("signature") !== undefined || c.req.header("signature-input") !== undefined;
  if (!isGiven && isRequired) throw refuse("it has no signature");
  if (!isGiven || access.signature_keys.length === 0) return null;
  if (body === undefined) throw refuse("it has no Signature-Input");
  const { pathname, search } = new URL(c.req.url);
  const url = config.server.publicUrl + pathname + search;
  try {
    const all = readSignatures({ method: c.req.method, url, header: (name) => c.req.header(name) });
    for (const one of all) {
      const key = access.signature_keys.find(({ kid }) => kid === one.keyId);
      if (key === undefined) continue;
      requireCover(one, Math.floor(clock.now() / 1000));
      if (!await isSignedBy(one, key)) throw refuse(`the signature is not of the key ${key.kid}`);
      if (!await isDigestOfBody(c.req.header("content-digest") ?? "", body)) {
        throw refuse("Content-Digest is not that of the body");
      }
      return { key, base: one.base, signature: one.signature.toBase64(), body: asText.decode(body) };
    }
  } catch (error) {
    if (error instanceof SignatureError) throw refuse(error.message);
    throw error;
  }
  throw refuse("no signature names a key of this client as its keyid");
}

function requireCover({ covers, created, expires }: MessageSignature, now: number): void {
  const missing = COVERED.filter((name) => !covers.has(name));
  if (missing.length > 0) throw refuse(`it does not cover ${missing.join(", ")}`);
  if (created === null || created > now + AHEAD_SECONDS || created < now - MAX_AGE_SECONDS) {
    throw refuse(`created is missing, or not of the last ${MAX_AGE_SECONDS} s`);
  }
  if (expires !== null && expires < now) throw refuse("it has expired");
}
