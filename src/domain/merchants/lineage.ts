import type { Context } from "../../context/context.ts";
import { first, type Query, rows } from "../../db/query.ts";
import { Problem } from "../../problems/problem.ts";
import type { ClientRow } from "./client-rows.ts";

/** Who owns a client: the client at the root of its lineage, which the command line made. */
export const ownerOf = ({ id, owner_id }: Pick<ClientRow, "id" | "owner_id">): string => owner_id ?? id;

const countOwners = (a: string, b: string): Query<{ readonly clients: number; readonly owners: number }> => ({
  sql: "SELECT count(*), count(DISTINCT coalesce(owner_id, id)) FROM clients WHERE id IN (?, ?)",
  args: [a, b],
  map: ([clients, owners]) => ({ clients: Number(clients), owners: Number(owners) }),
});

/**
 * Refuses a decision about what the caller's own lineage has created: one client could make both the writer and the
 * approver, and so decide alone (ADR 0026). Errors: `own_lineage`.
 */
export async function requireOtherLineage(ctx: Context, creator: string): Promise<void> {
  const found = await first(ctx.db, countOwners(creator, ctx.actor));
  const isSame = creator === ctx.actor || (found !== null && found.clients === 2 && found.owners === 1);
  if (!isSame) return;
  throw new Problem(
    "own_lineage",
    "This client, and the one that created this, come from the same first client. One that the command line made " +
      "apart from it must decide.",
  );
}

const selectDescendants = (id: string): Query<string> => ({
  sql: "WITH RECURSIVE line (id) AS (SELECT id FROM clients WHERE parent_id = ?1 " +
    "UNION SELECT c.id FROM clients c JOIN line ON c.parent_id = line.id) " +
    "SELECT id FROM clients WHERE id IN (SELECT id FROM line) AND status = 'active' ORDER BY id",
  args: [id],
  map: ([descendant]) => String(descendant),
});

/** The active clients that a client has made, and those that they have made. */
export const descendantsOf = async (ctx: Context, id: string): Promise<readonly string[]> =>
  (await rows(ctx.db, selectDescendants(id)))[0];

/** More than a person reads; the rest is in `GET /v1/payouts`. */
const MOST_PAYOUTS = 100;

const selectUnsent = (
  merchantId: string,
  clientIds: readonly string[],
  except: readonly string[],
): Query<string> => ({
  sql: "SELECT id FROM payouts WHERE merchant_id = ? AND status IN ('awaiting_approval', 'queued') " +
    "AND created_by IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?)) " +
    `ORDER BY id DESC LIMIT ${MOST_PAYOUTS}`,
  args: [merchantId, JSON.stringify(clientIds), JSON.stringify(except)],
  map: ([payout]) => String(payout),
});

/** The payouts of these clients that have not been sent, but those of `except`, newest first, at most 100. */
export const unsentPayouts = async (
  ctx: Context,
  merchantId: string,
  clientIds: readonly string[],
  except: readonly string[] = [],
): Promise<readonly string[]> => (await rows(ctx.db, selectUnsent(merchantId, clientIds, except)))[0];
