import { lt } from "drizzle-orm";
import { isScope } from "../../auth/scopes.ts";
import { commit, type Context, reachTo, requireScope } from "../../context/context.ts";
import { list } from "../../db/list.ts";
import { first } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { clients } from "../../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import { type ClientRow, newClient, revocation, selectClient } from "./client-rows.ts";
import type { ClientView, ClientWithSecret, createClient as creation, listClients as listing } from "./contract.ts";

const clientView = (row: ClientRow): ClientView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes.filter(isScope),
  status: row.status,
  created_at: formatTime(row.created_at),
  revoked_at: formatTimeOrNull(row.revoked_at),
  version: row.version,
});

/** Creates a client of the caller's merchant. Its secret is only in this answer; the database holds its hash. */
export async function createClient(ctx: Context, input: Input<typeof creation>): Promise<ClientWithSecret> {
  requireScope(ctx, "operator");
  const { row, secret, statements } = newClient(ctx, input);
  const answer = { ...clientView(row), secret };
  await commit(ctx, row.id, statements, { status: 201, body: answer });
  return answer;
}

async function loadOwn(ctx: Context, id: string): Promise<ClientRow> {
  const row = within(ctx.reach, await first(ctx.db, selectClient(id)));
  if (row === null) throw new Problem("not_found", "There is no client with this id. GET /v1/clients lists yours.");
  return row;
}

/** One client. Errors: `not_found`. */
export async function getClient(ctx: Context, { id }: { id: string }): Promise<ClientView> {
  requireScope(ctx, "operator");
  return clientView(await loadOwn(ctx, id));
}

/** Clients, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listClients(ctx: Context, input: Input<typeof listing>): Promise<Page<ClientView>> {
  requireScope(ctx, "operator");
  const conditions = [lt(clients.id, idBeforeCursor(input.cursor))];
  const rows = await list(ctx.db, reachTo(ctx, input.merchant), clients, conditions, input.limit + 1);
  return toPage(rows, input.limit, clientView);
}

/**
 * Revokes a client: its tokens end within 5 s everywhere, for money and administration at once. Errors: `not_found`,
 * `wrong_state`.
 */
export async function revokeClient(ctx: Context, { id }: { id: string }): Promise<ClientView> {
  requireScope(ctx, "operator");
  const row = await loadOwn(ctx, id);
  if (row.status === "revoked") throw new Problem("wrong_state", "The client is revoked already.");
  const { revoked, statements } = revocation(ctx, row);
  const answer = clientView(revoked);
  await commit(ctx, id, statements, { status: 200, body: answer });
  ctx.standings.forget(id);
  return answer;
}
