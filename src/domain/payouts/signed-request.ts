import { isDigestOfBody, isSignedBy } from "../../auth/message-signatures.ts";
import type { Context } from "../../context/context.ts";
import type { RequestSignature } from "../../context/request-signature.ts";
import { newId } from "../../crypto/ids.ts";
import { type Place, VaultError } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query } from "../../db/query.ts";
import { signedRequests } from "../../db/schema.ts";

/* The signed request that a payout comes from is kept, sealed, and verified again before the payout is sent (ADR 0042). */

const insertRequest = insert(signedRequests);
const selectContent = (id: string, clientId: string): Query<Uint8Array> => ({
  sql: "SELECT content FROM signed_requests WHERE id = ? AND client_id = ?",
  args: [id, clientId],
  map: ([content]) => content instanceof Uint8Array ? content : new Uint8Array(),
});

const placeOf = (id: string): Place => ({ table: "signed_requests", column: "content", row: id });

/** The id under which the signature of this request is kept, and the statement that keeps it. Null: it is not signed. */
export async function keepSignature(
  ctx: Context,
): Promise<{ readonly id: string; readonly statements: readonly Statement[] } | null> {
  if (ctx.requestSignature === undefined || ctx.requestSignature === null) return null;
  const id = newId("srq");
  const row = {
    id,
    merchant_id: ctx.merchantId,
    client_id: ctx.actor,
    content: await ctx.vault.seal(JSON.stringify(ctx.requestSignature), placeOf(id)),
    created_at: ctx.clock.now(),
  };
  return { id, statements: [insertRequest(row)] };
}

const DIGEST_LINE = /^"content-digest": (.*)$/m;

/** Whether a stored request is there, was not changed, and its signature still holds for the body that it has. */
export async function isSignatureKept(ctx: Context, id: string, clientId: string): Promise<boolean> {
  const sealed = await first(ctx.db, selectContent(id, clientId));
  if (sealed === null) return false;
  try {
    const kept: RequestSignature = JSON.parse(await ctx.vault.openText(sealed, placeOf(id))); // sealed by us
    const signature = Uint8Array.fromBase64(kept.signature);
    const digest = DIGEST_LINE.exec(kept.base)?.[1] ?? "";
    return await isSignedBy({ base: kept.base, signature, algorithm: null }, kept.key) &&
      await isDigestOfBody(digest, new TextEncoder().encode(kept.body));
  } catch (error) {
    if (error instanceof VaultError && error.code === "tampered") return false;
    throw error;
  }
}
