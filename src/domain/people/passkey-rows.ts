import type { InferSelectModel } from "drizzle-orm";
import type { Services } from "../../context/services.ts";
import { newId } from "../../crypto/ids.ts";
import { hashSecret } from "../../crypto/secrets.ts";
import type { Place, Vault } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { insert, type Query, select, update } from "../../db/query.ts";
import { passkeys } from "../../db/schema.ts";
import type { Credential, NewCredential } from "./webauthn.ts";

export type PasskeyRow = InferSelectModel<typeof passkeys>;

export const insertPasskey: (row: PasskeyRow) => Statement = insert(passkeys);
export const selectPasskey: (id: string) => Query<PasskeyRow> = select(passkeys, "WHERE id = ?");
/** The passkeys that a person has, oldest first. */
export const passkeysOf: (personId: string) => Query<PasskeyRow> = select(
  passkeys,
  "WHERE person_id = ? AND removed_at IS NULL ORDER BY id",
);
const selectByHash: (hash: Uint8Array) => Query<PasskeyRow> = select(
  passkeys,
  "WHERE credential_hash = ? AND removed_at IS NULL",
);
/** The passkey with this credential id (base64url), unless removed. */
export const selectByCredential = (id: string): Query<PasskeyRow> => selectByHash(hashSecret(id));
export const storePasskey: (row: PasskeyRow, id: string, version: number) => Statement = update(
  passkeys,
  ["counter", "backed_up", "last_used_at", "removed_at", "version"],
  "WHERE id = ? AND version = ?",
);

const credentialPlace = (id: string): Place => ({ table: "passkeys", column: "credential", row: id });

/** A passkey's public half, sealed together with whose it is. */
interface Sealed extends Credential {
  readonly person: string;
}

/** The row of a new passkey of a person. */
export async function newPasskey(
  { vault, clock }: Pick<Services, "vault" | "clock">,
  personId: string,
  name: string,
  { counter, isBackedUp, ...credential }: NewCredential,
): Promise<PasskeyRow> {
  const id = newId("psk");
  const sealed: Sealed = { ...credential, person: personId };
  return {
    id,
    person_id: personId,
    credential_hash: hashSecret(credential.id),
    credential: await vault.seal(JSON.stringify(sealed), credentialPlace(id)),
    counter,
    name,
    backed_up: isBackedUp,
    created_at: clock.now(),
    last_used_at: null,
    removed_at: null,
    version: 1,
  };
}

/** The public half of a passkey. Null: somebody changed whose it is past this service. Errors: `VaultError`. */
export async function openCredential(vault: Vault, row: PasskeyRow): Promise<Credential | null> {
  const sealed: Sealed = JSON.parse(await vault.openText(row.credential, credentialPlace(row.id))); // sealed by us
  return sealed.person === row.person_id ? sealed : null;
}

/** A passkey after it has signed. */
export const usedPasskey = (
  row: PasskeyRow,
  { counter, isBackedUp }: { readonly counter: number; readonly isBackedUp: boolean },
  now: number,
): PasskeyRow => ({ ...row, counter, backed_up: isBackedUp, last_used_at: now, version: row.version + 1 });
