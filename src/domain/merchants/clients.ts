import { eq, lt } from "drizzle-orm";
import type { InferSelectModel } from "drizzle-orm";
import { commit, type Context, requireScope } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { list } from "../../db/list.ts";
import { abortIfUnchanged, first, insert, select, update } from "../../db/query.ts";
import { clients } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { time, timeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { beforeId, type Page, page } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { ClientView, ClientWithSecret, createClient as creation, listClients as listing } from "./contract.ts";
import { isScope } from "../../auth/scopes.ts";
import { hashSecret, newSecret } from "../../auth/tokens.ts";

type Row = InferSelectModel<typeof clients>;
const insertClient = insert(clients);
const selectClient = select(clients, "WHERE id = ? AND merchant_id = ?");
const revoke = update(clients, ["status", "revoked_at"], "WHERE id = ? AND status = 'active'");

const view = (row: Row): ClientView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes.filter(isScope),
  status: row.status,
  created_at: time(row.created_at),
  revoked_at: timeOrNull(row.revoked_at),
});

/** Makes a client of the caller's merchant. Its secret is in this answer and nowhere else. */
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
  };
  const answer = { ...view(row), secret };
  const statements = [insertClient(row), auditEntry(ctx, "client.created", row.id, { scopes: row.scopes })];
  await commit(ctx, row.id, statements, { status: 201, body: answer });
  return answer;
}

async function own(ctx: Context, id: string): Promise<Row> {
  const row = await first(ctx.db, selectClient(id, ctx.merchantId));
  if (row === null) throw new Problem("not_found", "There is no client with this id. GET /v1/clients lists yours.");
  return row;
}

/** One client. Errors: `not_found`. */
export async function getClient(ctx: Context, { id }: { id: string }): Promise<ClientView> {
  requireScope(ctx, "operator");
  return view(await own(ctx, id));
}

/** Clients, newest first. */
export async function listClients(ctx: Context, input: Input<typeof listing>): Promise<Page<ClientView>> {
  requireScope(ctx, "operator");
  const conditions = [eq(clients.merchant_id, ctx.merchantId), lt(clients.id, beforeId(input.cursor))];
  return page(await list(ctx.db, clients, conditions, clients.id, input.limit + 1), input.limit, view);
}

/** Revokes a client. Errors: `not_found`, `wrong_state`. */
export async function revokeClient(ctx: Context, { id }: { id: string }): Promise<ClientView> {
  requireScope(ctx, "operator");
  const row = await own(ctx, id);
  if (row.status === "revoked") throw new Problem("wrong_state", "The client is revoked already.");
  const revoked = { ...row, status: "revoked" as const, revoked_at: ctx.clock.now() };
  const answer = view(revoked);
  const statements = [revoke(revoked, id), abortIfUnchanged, auditEntry(ctx, "client.revoked", id, {})];
  await commit(ctx, id, statements, { status: 200, body: answer });
  return answer;
}
