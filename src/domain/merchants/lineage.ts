import type { Context } from "../../context/context.ts";
import { first, type Query, rows } from "../../db/query.ts";
import { Problem } from "../../problems/problem.ts";
import { type ClientRow, selectClient } from "./client-rows.ts";

/** Who owns a client: the root of its lineage. That is a client that the command line made, or a person. */
export const ownerOf = ({ id, owner_id }: Pick<ClientRow, "id" | "owner_id">): string => owner_id ?? id;

const selectOwner = (id: string): Query<string> => ({
  sql: "SELECT coalesce(owner_id, id) FROM clients WHERE id = ?",
  args: [id],
  map: ([owner]) => String(owner),
});

/** The root of the lineage of whoever acts: a person is their own. */
export const lineageOf = async ({ db }: Pick<Context, "db">, actor: string): Promise<string> =>
  await first(db, selectOwner(actor)) ?? actor;

/**
 * Refuses a decision about what the caller's own lineage has created: one client, or one person, could make both the writer
 * and the approver, and so decide alone (ADR 0026). Errors: `own_lineage`.
 */
export async function requireOtherLineage(ctx: Context, creator: string): Promise<void> {
  const [[byCreator = null], [byActor = null]] = await rows(ctx.db, selectClient(creator), selectClient(ctx.actor));
  const [ofCreator, ofActor] = await Promise.all([
    provenOwner(ctx, creator, byCreator),
    provenOwner(ctx, ctx.actor, byActor),
  ]);
  if (ofCreator !== null && ofActor !== null && ofCreator !== ofActor) return;
  throw new Problem(
    "own_lineage",
    ofCreator === null || ofActor === null
      ? `Somebody changed the client ${ofCreator === null ? creator : ctx.actor} in the database, past this service. ` +
        "So nobody knows who made it; reject this, or ask the people who run the service."
      : "Whoever created this, and this caller, come from the same first client or person. Another one must decide.",
  );
}

/** The root of a lineage. Null: the row of the client was written, changed or removed past this service. */
async function provenOwner(ctx: Context, id: string, row: ClientRow | null): Promise<string | null> {
  if (row !== null) return await ctx.clientSeals.isGenuine(row) ? ownerOf(row) : null;
  return id.startsWith("cli_") && ctx.config.auth.clientSeals === "require" ? null : id;
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
