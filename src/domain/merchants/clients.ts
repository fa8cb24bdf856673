import { eq, lt } from "drizzle-orm";
import type { InferSelectModel } from "drizzle-orm";
import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { list } from "../../db/list.ts";
import { abortIfUnchanged, first, insert, select, update } from "../../db/query.ts";
import { clients } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { ClientView, ClientWithSecret, createClient as creation, listClients as listing } from "./contract.ts";
import { isScope } from "../../auth/scopes.ts";
import { hashSecret, newSecret } from "../../auth/tokens.ts";

type Row = InferSelectModel<typeof clients>;
const insertClient = insert(clients);
const selectClient = select(clients, "WHERE id = ? AND merchant_id = ?");
const markRevoked = update(
  clients,
  ["status", "revoked_at", "version"],
  "WHERE id = ? AND version = ?",
);

const clientView = (row: Row): ClientView => ({
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
  const secret = newSecret();
  const row: Row = {
    id: newId("cli"),
    merchant_id: ctx.merchantId,
    name: input.name,
    secret_hash: hashSecret(secret),
    scopes: [...new Set(input.scopes)],
    status: "active",
    created_at: ctx.clock.now(),
    revoked_at: null,
    version: 1,
  };
  const answer = { ...clientView(row), secret };
  const statements = [insertClient(row), auditEntry(ctx, "client.created", row.id, { scopes: row.scopes })];
  await commit(ctx, row.id, statements, { status: 201, body: answer });
  return answer;
}

async function loadOwn(ctx: Context, id: string): Promise<Row> {
  const row = await first(ctx.db, selectClient(id, ctx.merchantId));
  if (row === null) throw new Problem("not_found", "There is no client with this id. GET /v1/clients lists yours.");
  return row;
}

/** One client. Errors: `not_found`. */
export async function getClient(ctx: Context, { id }: { id: string }): Promise<ClientView> {
  requireScope(ctx, "operator");
  return clientView(await loadOwn(ctx, id));
}

/** Clients, newest first. */
export async function listClients(ctx: Context, input: Input<typeof listing>): Promise<Page<ClientView>> {
  requireScope(ctx, "operator");
  const conditions = [eq(clients.merchant_id, ctx.merchantId), lt(clients.id, idBeforeCursor(input.cursor))];
  return toPage(await list(ctx.db, clients, conditions, clients.id, input.limit + 1), input.limit, clientView);
}

/** Revokes a client. Errors: `not_found`, `wrong_state`. */
export async function revokeClient(ctx: Context, { id }: { id: string }): Promise<ClientView> {
  requireScope(ctx, "operator");
  const row = await loadOwn(ctx, id);
  if (row.status === "revoked") throw new Problem("wrong_state", "The client is revoked already.");
  const revoked = { ...row, status: "revoked" as const, revoked_at: ctx.clock.now(), version: row.version + 1 };
  const answer = clientView(revoked);
  const statements = [
    markRevoked(revoked, id, row.version),
    abortIfUnchanged,
    auditEntry(ctx, "client.revoked", id, {}),
  ];
  await commit(ctx, id, statements, { status: 200, body: answer });
  return answer;
}
