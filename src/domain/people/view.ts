import type { Context } from "../../context/context.ts";
import { type Query, rows } from "../../db/query.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { PersonView } from "./contract.ts";
import { openIdentity, type PersonRow, rolesOf } from "./store.ts";

interface Use {
  readonly id: string;
  readonly seenAt: number | null;
  readonly passkeys: number;
}

const selectUse = (ids: readonly string[]): Query<Use> => ({
  sql: "SELECT value, (SELECT max(last_seen_at) FROM sessions WHERE person_id = value), " +
    "(SELECT count(*) FROM passkeys WHERE person_id = value AND removed_at IS NULL) FROM json_each(?)",
  args: [JSON.stringify(ids)],
  map: ([id, seenAt, passkeys]) => ({
    id: String(id),
    seenAt: seenAt === null ? null : Number(seenAt),
    passkeys: Number(passkeys),
  }),
});

/** People as the API shows them, in the same order. */
export async function personViews(
  ctx: Pick<Context, "db" | "vault">,
  found: readonly PersonRow[],
): Promise<readonly PersonView[]> {
  const [uses] = await rows(ctx.db, selectUse(found.map(({ id }) => id)));
  const byId = new Map(uses.map((use) => [use.id, use]));
  return await Promise.all(found.map((row) => viewOf(ctx, row, byId.get(row.id))));
}

/** One person as the API shows them. */
export async function personView(ctx: Pick<Context, "db" | "vault">, row: PersonRow): Promise<PersonView> {
  const [[use]] = await rows(ctx.db, selectUse([row.id]));
  return await viewOf(ctx, row, use);
}

async function viewOf({ vault }: Pick<Context, "vault">, row: PersonRow, use: Use | undefined): Promise<PersonView> {
  const { email, name } = await openIdentity(vault, row);
  return {
    id: row.id,
    merchant: row.merchant_id,
    email,
    name,
    roles: [...rolesOf(row)],
    status: row.status,
    invited_by: row.invited_by,
    passkeys: use?.passkeys ?? 0,
    last_seen_at: formatTimeOrNull(use?.seenAt ?? null),
    created_at: formatTime(row.created_at),
    updated_at: formatTime(row.updated_at),
    removed_at: formatTimeOrNull(row.removed_at),
    version: row.version,
  };
}
