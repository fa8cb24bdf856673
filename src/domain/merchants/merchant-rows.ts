import { MERCHANT_SCOPES } from "../../auth/scopes.ts";
import { newId } from "../../crypto/ids.ts";
import type { Vault } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { abortIfUnchanged, insert, type Query, select, update } from "../../db/query.ts";
import { merchants } from "../../db/schema.ts";
import { auditEntry, type Author, changeOf } from "../../db/trail.ts";
import { newClient } from "./client-rows.ts";
import { wakePaused } from "./wake-paused.ts";

/* How a merchant is stored. The API and the command line both use this, so that both do the same. */

export type MerchantRow = typeof merchants.$inferSelect;

export const selectMerchant: (id: string) => Query<MerchantRow> = select(merchants, "WHERE id = ?");
const insertMerchant = insert(merchants);
const updateMerchantRow = update(
  merchants,
  ["name", "status", "disabled_at", "version"],
  "WHERE id = ? AND version = ?",
);

/** A new merchant with its first client, which has every scope that a merchant's client can have. */
export async function newMerchant(
  author: Omit<Author, "merchantId"> & { readonly vault: Vault },
  name: string,
): Promise<{
  readonly row: MerchantRow;
  readonly client: { readonly id: string; readonly secret: string; readonly scopes: typeof MERCHANT_SCOPES };
  readonly statements: readonly Statement[];
}> {
  const row: MerchantRow = {
    id: newId("mer"),
    name,
    created_at: author.clock.now(),
    status: "active",
    disabled_at: null,
    version: 1,
  };
  const own = { ...author, merchantId: row.id };
  const client = await newClient(own, { name: "first", scopes: MERCHANT_SCOPES });
  return {
    row,
    client: { id: client.row.id, secret: client.secret, scopes: MERCHANT_SCOPES },
    statements: [
      insertMerchant(row),
      ...client.statements,
      auditEntry(own, "merchant.created", row.id, { client: client.row.id }),
    ],
  };
}

/** What becomes of a merchant by a change, and the statements that store it. None where nothing changes. */
export function changedMerchant(
  author: Omit<Author, "merchantId">,
  before: MerchantRow,
  change: { readonly name?: string | undefined; readonly status?: MerchantRow["status"] | undefined },
): { readonly after: MerchantRow; readonly statements: readonly Statement[] } {
  const now = author.clock.now();
  const status = change.status ?? before.status;
  const disabled_at = status === "active" ? null : before.disabled_at ?? now;
  const after: MerchantRow = {
    ...before,
    name: change.name ?? before.name,
    status,
    disabled_at,
    version: before.version + 1,
  };
  const owner = { ...author, merchantId: before.id };
  const entries = [
    ...(after.name === before.name ? [] : [
      auditEntry(
        owner,
        "merchant.renamed",
        before.id,
        { name: after.name, before: before.name },
        changeOf({ name: before.name }, { name: after.name }),
      ),
    ]),
    ...(status === before.status ? [] : [
      auditEntry(
        owner,
        status === "disabled" ? "merchant.disabled" : "merchant.enabled",
        before.id,
        {},
        changeOf({ status: before.status }, { status }),
      ),
    ]),
  ];
  if (entries.length === 0) return { after: before, statements: [] };
  const wake = status === "active" && before.status === "disabled" ? wakePaused(before.id, now) : [];
  return {
    after,
    statements: [updateMerchantRow(after, before.id, before.version), abortIfUnchanged, ...entries, ...wake],
  };
}

/** Every merchant, oldest first, for the command line. */
export const allMerchants = (): Query<MerchantRow> => select(merchants, "ORDER BY id")();
