import type { InferSelectModel } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import type { Place, Vault } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { insert, type Query, select, update } from "../../db/query.ts";
import { people } from "../../db/schema.ts";
import { isRole, type Role } from "../../auth/roles.ts";

export type PersonRow = InferSelectModel<typeof people>;

/** Who a person is. Stored sealed, because it is personal data. */
export interface Identity {
  readonly email: string;
  readonly name: string;
}

export const selectPerson: (id: string) => Query<PersonRow> = select(people, "WHERE id = ?");
export const insertPerson: (row: PersonRow) => Statement = insert(people);
/** The people with these ids, which are a JSON list. */
export const selectPeople: (ids: string) => Query<PersonRow> = select(
  people,
  "WHERE id IN (SELECT value FROM json_each(?))",
);
export const storePerson: (row: PersonRow, id: string, version: number) => Statement = update(
  people,
  ["identity", "email_index", "roles", "status", "removed_at", "updated_at", "version"],
  "WHERE id = ? AND version = ?",
);

const identityPlace = (id: string): Place => ({ table: "people", column: "identity", row: id });

/** The blind index of an e-mail address. Two spellings that differ by case only are one person. */
export const emailIndex = (vault: Vault, email: string): Uint8Array => vault.index("email", email.toLowerCase());

/** What rows may hold as the index of an address, while the index key changes. */
export const emailIndexes = (vault: Vault, email: string): readonly Uint8Array[] =>
  vault.indexes("email", email.toLowerCase());

const selectByIndexes: (merchantId: string, indexes: string) => Query<PersonRow> = select(
  people,
  "WHERE merchant_id = ? AND status <> 'removed' AND email_index IN (SELECT unhex(value) FROM json_each(?))",
);
const hexOf = (indexes: readonly Uint8Array[]): string => JSON.stringify(indexes.map((index) => index.toHex()));

/** The person of a merchant with this e-mail, unless removed. */
export const selectByEmail = (vault: Vault, merchantId: string, email: string): Query<PersonRow> =>
  selectByIndexes(merchantId, hexOf(emailIndexes(vault, email)));

const selectByIndexesAnywhere: (indexes: string) => Query<PersonRow> = select(
  people,
  "WHERE status <> 'removed' AND email_index IN (SELECT unhex(value) FROM json_each(?)) LIMIT 20",
);
/** The people with this e-mail at any merchant, unless removed. */
export const selectByEmailAnywhere = (vault: Vault, email: string): Query<PersonRow> =>
  selectByIndexesAnywhere(hexOf(emailIndexes(vault, email)));

/** The people of a merchant, also those who were removed. */
export const allPeople: (merchantId: string) => Query<PersonRow> = select(people, "WHERE merchant_id = ? ORDER BY id");

export const sealIdentity = (vault: Vault, id: string, identity: Identity): Promise<Uint8Array> =>
  vault.seal(JSON.stringify(identity), identityPlace(id));

export async function openIdentity(vault: Vault, row: Pick<PersonRow, "id" | "identity">): Promise<Identity> {
  return JSON.parse(await vault.openText(row.identity, identityPlace(row.id))); // sealed by us, so it is one
}

export const rolesOf = (row: Pick<PersonRow, "roles">): readonly Role[] => row.roles.filter(isRole);

/** The row of a person who has been invited and never signed in. */
export async function newPerson(
  { vault, clock, merchantId, actor }: Pick<Context, "vault" | "clock" | "merchantId" | "actor">,
  identity: Identity,
  roles: readonly Role[],
  id: string = newId("per"),
): Promise<PersonRow> {
  const now = clock.now();
  return {
    id,
    merchant_id: merchantId,
    identity: await sealIdentity(vault, id, identity),
    email_index: emailIndex(vault, identity.email),
    roles: [...new Set(roles)],
    status: "invited",
    invited_by: actor,
    removed_at: null,
    created_at: now,
    updated_at: now,
    version: 1,
  };
}
