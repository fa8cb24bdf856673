import { sealClient } from "../../auth/client-seals.ts";
import type { Scope } from "../../auth/scopes.ts";
import { equalBytes, hashSecret, newSecret } from "../../crypto/secrets.ts";
import { newId } from "../../crypto/ids.ts";
import type { Vault } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, insert, type Query, select, statement, update } from "../../db/query.ts";
import { clients } from "../../db/schema.ts";
import { auditEntry, type Author } from "../../db/trail.ts";

/* How a client is stored. The API and the command line both use this, so that both do the same. */

export type ClientRow = typeof clients.$inferSelect;

export const selectClient: (id: string) => Query<ClientRow> = select(clients, "WHERE id = ?");
/** The clients of a merchant, oldest first. */
export const allClients: (merchantId: string) => Query<ClientRow> = select(
  clients,
  "WHERE merchant_id = ? ORDER BY id",
);
const insertClient = insert(clients);
const markRevoked = update(
  clients,
  ["status", "revoked_at", "epoch", "version", "row_seal"],
  "WHERE id = ? AND version = ?",
);

/** Who changes a client. The vault seals its row. */
type Sealing = Omit<Author, "merchantId"> & { readonly vault: Vault };

/** A new client of the author's merchant, and its secret, of which the database holds only the hash. */
export async function newClient(
  author: Sealing & Pick<Author, "merchantId">,
  { name, scopes, maker = null, access = { access: null, access_seal: null }, id = newId("cli") }: {
    readonly name: string;
    readonly scopes: readonly Scope[];
    /** Who makes it, and the root of their lineage. Null: the command line does, so that it is itself a root. */
    readonly maker?: { readonly id: string; readonly owner: string } | null;
    /** How it proves who it is, as it is stored for `id`. Without it: by its secret, from anywhere. */
    readonly access?: Pick<ClientRow, "access" | "access_seal">;
    /** The id of the new client, where it is needed before. */
    readonly id?: string;
  },
): Promise<{ readonly row: ClientRow; readonly secret: string; readonly statements: readonly Statement[] }> {
  const secret = newSecret();
  const row = await sealClient(author.vault, {
    id,
    merchant_id: author.merchantId,
    name,
    secret_hash: hashSecret(secret),
    scopes: [...new Set(scopes)],
    status: "active",
    created_at: author.clock.now(),
    revoked_at: null,
    epoch: 0,
    parent_id: maker?.id ?? null,
    owner_id: maker?.owner ?? null,
    previous_secret_hash: null,
    previous_secret_until: null,
    last_used_at: null,
    ...access,
    version: 1,
    row_seal: null,
  });
  const statements = [insertClient(row), auditEntry(author, "client.created", row.id, { scopes: row.scopes })];
  return { row, secret, statements };
}

const replaceSecret = update(
  clients,
  ["secret_hash", "previous_secret_hash", "previous_secret_until", "version", "row_seal"],
  "WHERE id = ? AND version = ?",
);

/**
 * A client with a new secret beside the one that it had, which stays valid until `previousUntil` (ms). An older one ends.
 * The statements fail with `conflict` if the client was changed meanwhile.
 */
export async function newSecretFor(
  author: Sealing,
  row: ClientRow,
  previousUntil: number,
): Promise<{ readonly after: ClientRow; readonly secret: string; readonly statements: readonly Statement[] }> {
  const secret = newSecret();
  const after = await sealClient(author.vault, {
    ...row,
    secret_hash: hashSecret(secret),
    previous_secret_hash: row.secret_hash,
    previous_secret_until: previousUntil,
    version: row.version + 1,
  });
  const owner = { ...author, merchantId: row.merchant_id };
  const entry = auditEntry(owner, "client.secret_rotated", row.id, { previous_until: previousUntil });
  return { after, secret, statements: [replaceSecret(after, row.id, row.version), abortIfUnchanged, entry] };
}

/** Whether a secret is the client's, or its previous one that has not ended at `now` (ms). */
export function isSecretOf(row: ClientRow, secret: string, now: number): boolean {
  const hash = hashSecret(secret);
  if (equalBytes(hash, row.secret_hash)) return true;
  const { previous_secret_hash: previous, previous_secret_until: until } = row;
  return previous !== null && now < (until ?? 0) && equalBytes(hash, previous);
}

const LAST_USE_STEP_MS = 3_600_000;

/** Statement: when the client last got a token, to the hour. Null where that is known already. */
export const noteUse = ({ id, last_used_at }: ClientRow, now: number): Statement | null =>
  last_used_at !== null && now - last_used_at < LAST_USE_STEP_MS
    ? null
    : statement("UPDATE clients SET last_used_at = ? WHERE id = ?", now, id);

const replaceAccess = update(
  clients,
  ["name", "access", "access_seal", "epoch", "version", "row_seal"],
  "WHERE id = ? AND version = ?",
);

/** Statements: a client is stored with another name or access. They fail with `conflict` if it was changed meanwhile. */
export const storeChange = async (
  vault: Vault,
  after: ClientRow,
  before: ClientRow,
): Promise<readonly Statement[]> => [
  replaceAccess(await sealClient(vault, after), before.id, before.version),
  abortIfUnchanged,
];

/** A revoked client, and the statements that revoke it. They fail with `conflict` if it was changed meanwhile. */
export async function revocation(
  author: Sealing,
  row: ClientRow,
): Promise<{ readonly revoked: ClientRow; readonly statements: readonly Statement[] }> {
  const revoked = await sealClient(author.vault, {
    ...row,
    status: "revoked",

    revoked_at: author.clock.now(),
    epoch: row.epoch + 1,
    version: row.version + 1,
  });
  const entry = auditEntry({ ...author, merchantId: row.merchant_id }, "client.revoked", row.id, {}, {
    before: { status: row.status },
    after: { status: revoked.status },
  });
  return { revoked, statements: [markRevoked(revoked, row.id, row.version), abortIfUnchanged, entry] };
}
