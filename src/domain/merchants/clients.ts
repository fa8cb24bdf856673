import { OPEN_ACCESS, storedAccess } from "../../auth/client-access.ts";
import { newId } from "../../crypto/ids.ts";
import { isScope, type Scope } from "../../auth/scopes.ts";
import { commit, type Context, reachTo, requireScope } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { listBy } from "../../db/list.ts";
import { first } from "../../db/query.ts";
import { retryOnConflict } from "../../db/retry.ts";
import { within } from "../../db/reach.ts";
import { clients } from "../../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { Input } from "../../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import { accessView, changedAccess } from "./client-access.ts";
import { type ClientRow, newClient, newSecretFor, revocation, selectClient } from "./client-rows.ts";
import type {
  ClientView,
  ClientWithSecret,
  createClient as creation,
  listClients as listing,
  revokeClient as revoking,
  RevokedClient,
  rotateClientSecret as rotating,
} from "./contract.ts";
import { descendantsOf, lineageOf, ownerOf, unsentPayouts } from "./lineage.ts";

export const clientView = (row: ClientRow): ClientView => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes.filter(isScope),
  status: row.status,
  created_at: formatTime(row.created_at),
  revoked_at: formatTimeOrNull(row.revoked_at),
  parent: row.parent_id,
  owner: ownerOf(row),
  previous_secret_until: formatTimeOrNull(row.previous_secret_until),
  last_used_at: formatTimeOrNull(row.last_used_at),
  access: accessView(row.access ?? OPEN_ACCESS),
  version: row.version,
});

/**
 * Creates a client of the caller's merchant. Its secret is only in this answer; the database holds its hash. Errors:
 * `scope_not_held`.
 */
export async function createClient(ctx: Context, input: Input<typeof creation>): Promise<ClientWithSecret> {
  requireScope(ctx, "operator");
  requireHeld(ctx, input.scopes);
  const maker = { id: ctx.actor, owner: await lineageOf(ctx, ctx.actor) };
  const { name, scopes, access } = input;
  const id = newId("cli");
  const stored = access && await storedAccess(ctx.vault, id, changedAccess(OPEN_ACCESS, access));
  const { row, secret, statements } = await newClient(ctx, {
    name,
    scopes,
    maker,
    id,
    ...(stored && { access: stored }),
  });
  const view = clientView(row);
  await commit(ctx, row.id, statements, { status: 201, body: { ...view, secret: "" } }); // shown once, so not kept
  return { ...view, secret };
}

/** Errors: `scope_not_held`. */
export function requireHeld(ctx: Context, scopes: readonly Scope[]): void {
  const missing = scopes.filter((scope) => !ctx.scopes.has(scope));
  if (missing.length === 0) return;
  throw new Problem(
    "scope_not_held",
    `This token does not have: ${missing.join(", ")}. A client grants only scopes that it has.`,
  );
}

export async function loadOwn(ctx: Context, id: string): Promise<ClientRow> {
  const row = within(ctx.reach, await first(ctx.db, selectClient(id)));
  if (row === null) throw new Problem("not_found", "There is no client with this id. GET /v1/clients lists yours.");
  return row;
}

/** A change would seal what somebody wrote into the database past this service. Errors: `wrong_state`. */
export async function requireGenuine(ctx: Context, row: ClientRow): Promise<void> {
  if (await ctx.clientSeals.isGenuine(row)) return;
  throw new Problem(
    "wrong_state",
    "Somebody changed this client in the database, past this service. Revoke it, and create another one.",
  );
}

/** One client. Errors: `not_found`. */
export async function getClient(ctx: Context, { id }: { id: string }): Promise<ClientView> {
  requireScope(ctx, "operator");
  return clientView(await loadOwn(ctx, id));
}

const clientColumns: ListColumns = {
  id: clients.id,
  at: clients.created_at,
  search: (text) => beginsAny([clients.id, clients.name], text),
  small: true,
};

/** Clients, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listClients(ctx: Context, input: Input<typeof listing>): Promise<Page<ClientView>> {
  requireScope(ctx, "operator");
  const filter = listFilter(input, clientColumns);
  const rows = await listBy(ctx.db, reachTo(ctx, input.merchant), clients, filter, input.limit + 1);
  return toPage(rows, input.limit, clientView);
}

/**
 * Revokes a client, and if asked also those that it has made, and cancels their payouts that have not been sent: their tokens end within 5 s everywhere, for money and
 * administration at once. Errors: `not_found`, `wrong_state`.
 */
export const revokeClient =
  (cancelUnsent: CancelUnsent): (ctx: Context, input: Input<typeof revoking>) => Promise<RevokedClient> =>
  async (ctx, input) => {
    requireScope(ctx, "operator");
    const answer = await retryOnConflict(() => revokeOnce(ctx, input, cancelUnsent)); // a payout may be sent in between
    for (const ended of [input.id, ...answer.descendants]) ctx.standings.forget(ended);
    return answer;
  };

/** Cancels what these clients have created and nobody has sent: the ids, and the statements that do it. */
export type CancelUnsent = (
  ctx: Context,
  merchantId: string,
  clientIds: readonly string[],
) => Promise<{ readonly ids: readonly string[]; readonly statements: readonly Statement[] }>;

async function revokeOnce(
  ctx: Context,
  { id, descendants, payouts }: Input<typeof revoking>,
  cancelUnsent: CancelUnsent,
): Promise<RevokedClient> {
  const row = await loadOwn(ctx, id);
  const isRevoked = row.status === "revoked";
  if (isRevoked && payouts === undefined) throw new Problem("wrong_state", "The client is revoked already.");
  const { revoked, statements } = isRevoked ? { revoked: row, statements: [] } : await revocation(ctx, row);
  const heirs = await descendantsOf(ctx, id);
  const heirRows = descendants === undefined ? [] : await Promise.all(heirs.map((heir) => loadOwn(ctx, heir)));
  const ended = [id, ...heirRows.map((heir) => heir.id)];
  const cancelled = payouts === undefined ? NOTHING : await cancelUnsent(ctx, row.merchant_id, ended);
  const unsent = await unsentPayouts(ctx, row.merchant_id, [id, ...heirs], cancelled.ids);
  const answer = {
    ...clientView(revoked),
    descendants: [...heirs],
    unsent_payouts: [...unsent],
    cancelled_payouts: cancelled.ids.length,
  };
  const ends = await Promise.all(heirRows.map(async (heir) => (await revocation(ctx, heir)).statements));
  await commit(ctx, id, [...statements, ...ends.flat(), ...cancelled.statements], { status: 200, body: answer });
  return answer;
}

const NOTHING = { ids: [], statements: [] } as const;

/**
 * Gives a client a second secret. The one that it had stays valid for a while, so that programs change over one by one.
 * Errors: `not_found`, `wrong_state`, `conflict`, `scope_not_held`.
 */
export async function rotateClientSecret(
  ctx: Context,
  { id, previous_hours }: Input<typeof rotating>,
): Promise<ClientWithSecret> {
  requireScope(ctx, "operator");
  const row = await loadOwn(ctx, id);
  if (row.status === "revoked") throw new Problem("wrong_state", "The client is revoked; create another one.");
  await requireGenuine(ctx, row);
  await requireOwnLineage(ctx, row);
  requireHeld(ctx, row.scopes.filter(isScope)); // who learns a secret may do what its client may
  const { after, secret, statements } = await newSecretFor(ctx, row, ctx.clock.now() + previous_hours * HOUR_MS);
  const view = clientView(after);
  await commit(ctx, id, statements, { status: 200, body: { ...view, secret: "" } }); // shown once, so not kept
  return { ...view, secret };
}

const HOUR_MS = 3_600_000;

/** Scopes with which somebody sends money alone or decides about it: granting one is proposed first. */
export const PROTECTED_SCOPES: ReadonlySet<Scope> = new Set(["payouts:write", "payouts:approve", "operator"]);

/**
 * Whoever learns the secret of a client of another lineage could create with one and approve with the other. Where
 * changes are proposed first this is refused. Errors: `other_lineage`.
 */
export async function requireOwnLineage(ctx: Context, row: ClientRow): Promise<void> {
  if (ctx.config.changes.delayMs === 0 || !row.scopes.filter(isScope).some((scope) => PROTECTED_SCOPES.has(scope))) {
    return;
  }
  if (await lineageOf(ctx, ctx.actor) === ownerOf(row)) return;
  throw new Problem(
    "other_lineage",
    `This client comes from another first client or person, ${
      ownerOf(row)
    }; one of that lineage gives it a new secret.`,
  );
}

/** The answer of an earlier request that revoked the client. */
export async function resumeRevocation(ctx: Context, { id }: { id: string }): Promise<RevokedClient> {
  const row = await loadOwn(ctx, id);
  const heirs = await descendantsOf(ctx, id);
  const unsent = await unsentPayouts(ctx, row.merchant_id, [id, ...heirs]);
  return { ...clientView(row), descendants: [...heirs], unsent_payouts: [...unsent], cancelled_payouts: 0 };
}
