import { isDigestOfBody, isSignedBy } from "../../auth/message-signatures.ts";
import type { Context } from "../../context/context.ts";
import type { RequestSignature } from "../../context/request-signature.ts";
import { newId } from "../../crypto/ids.ts";
import { type Place, type Vault, VaultError } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, type Query, rows, statement } from "../../db/query.ts";
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

/** What is kept of a signed request. Its body is null once it was erased; that it held was checked before. */
type Kept = Omit<RequestSignature, "body"> & { readonly body: string | null };

const DIGEST_LINE = /^"content-digest": (.*)$/m;

/** Whether a stored request is there, was not changed, and its signature still holds for the body that it has. */
export async function isSignatureKept(ctx: Context, id: string, clientId: string): Promise<boolean> {
  const sealed = await first(ctx.db, selectContent(id, clientId));
  if (sealed === null) return false;
  try {
    return await holds(await openKept(ctx.vault, id, sealed));
  } catch (error) {
    if (error instanceof VaultError && error.code === "tampered") return false;
    throw error;
  }
}

const openKept = async (vault: Vault, id: string, sealed: Uint8Array): Promise<Kept> =>
  JSON.parse(await vault.openText(sealed, placeOf(id))); // sealed by us

async function holds({ base, signature, key, body }: Kept): Promise<boolean> {
  const digest = DIGEST_LINE.exec(base)?.[1] ?? "";
  return await isSignedBy({ base, signature: Uint8Array.fromBase64(signature), algorithm: null }, key) &&
    (body === null || await isDigestOfBody(digest, new TextEncoder().encode(body)));
}

const selectSealed = (ids: readonly string[]): Query<{ readonly id: string; readonly sealed: Uint8Array }> => ({
  sql: "SELECT id, content FROM signed_requests WHERE id IN (SELECT value FROM json_each(?))",
  args: [JSON.stringify(ids)],
  map: ([id, content]) => ({ id: String(id), sealed: content instanceof Uint8Array ? content : new Uint8Array() }),
});

/**
 * Statements: signed requests lose their bodies, which are about other people too. What was signed stays: the client's key,
 * the signature and the digest of the body, so whoever has the body can still prove that the client sent it. One that does
 * not hold stays as it is.
 */
export async function eraseBodies(
  { db, vault }: Pick<Context, "db" | "vault">,
  ids: readonly string[],
): Promise<readonly Statement[]> {
  const [found] = await rows(db, selectSealed(ids));
  const erased = await Promise.all(found.map(async ({ id, sealed }) => {
    const kept = await openKept(vault, id, sealed).catch(() => null);
    if (kept === null || kept.body === null || !await holds(kept)) return [];
    const content = await vault.seal(JSON.stringify({ ...kept, body: null }), placeOf(id));
    return [statement("UPDATE signed_requests SET content = ? WHERE id = ?", content, id)];
  }));
  return erased.flat();
}
