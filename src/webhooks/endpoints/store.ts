import type { InferSelectModel } from "drizzle-orm";
import type { Context } from "../../context/context.ts";
import type { Vault } from "../../crypto/vault.ts";
import type { Statement } from "../../db/database.ts";
import { first, insert, select, statement, update } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { webhookEndpoints } from "../../db/schema.ts";
import { Problem } from "../../problems/problem.ts";

export type EndpointRow = InferSelectModel<typeof webhookEndpoints>;

export const insertEndpoint = insert(webhookEndpoints);
const updateColumns = update(
  webhookEndpoints,
  [
    "url",
    "description",
    "events",
    "status",
    "disabled_reason",
    "disabled_at",
    "secret",
    "previous_secret",
    "previous_secret_until",
    "failing_since",
    "updated_at",
    "version",
  ],
  "WHERE id = ? AND version = ?",
);
const selectLiveEndpoint = select(webhookEndpoints, "WHERE id = ? AND status <> 'deleted'");
export const selectEndpoint = select(webhookEndpoints, "WHERE id = ?");

/**
 * Statement: stores a row that has its next version, unless somebody else has changed it since it was read. Follow it with
 * `abortIfUnchanged`.
 */
export const updateEndpointRow = (row: EndpointRow): Statement => updateColumns(row, row.id, row.version - 1);

/** The row as a change at `now` (ms) stores it. */
export const nextEndpointRow = (before: EndpointRow, changes: Partial<EndpointRow>, now: number): EndpointRow => ({
  ...before,
  ...changes,
  updated_at: Math.max(now, before.created_at),
  version: before.version + 1,
});

/** Statement: cancels the pending deliveries of an endpoint, except those that are being sent now (their lease has not ended). */
export const cancelPending = (endpointId: string, now: number): Statement =>
  statement(
    "UPDATE deliveries SET version = version + 1, status = 'cancelled', ended_at = ? WHERE endpoint_id = ? AND status = 'pending' AND (lease IS NULL OR run_at <= ?)",
    now,
    endpointId,
    now,
  );

/** Loads an endpoint within the caller's reach. Errors: `not_found`. */
export async function loadOwn(ctx: Context, id: string): Promise<EndpointRow> {
  const row = within(ctx.reach, await first(ctx.db, selectLiveEndpoint(id)));
  if (row !== null) return row;
  throw new Problem("not_found", "There is no webhook endpoint with this id. GET /v1/webhook-endpoints lists yours.");
}

const sealContext = (column: "secret" | "previous_secret", id: string) => ({
  table: "webhook_endpoints",
  column,
  row: id,
});

export const sealSecret = (vault: Vault, id: string, secret: string): Promise<Uint8Array> =>
  vault.seal(secret, sealContext("secret", id));
export const sealPrevious = (vault: Vault, id: string, secret: string): Promise<Uint8Array> =>
  vault.seal(secret, sealContext("previous_secret", id));

/** The secrets that are valid at `now` (ms), newest first. */
export async function openSecrets(vault: Vault, row: EndpointRow, now: number): Promise<string[]> {
  const { id, secret, previous_secret, previous_secret_until } = row;
  if (secret === null) throw new Error(`endpoint ${id} has no secret`);
  const newest = await vault.openText(secret, sealContext("secret", id));
  if (previous_secret === null || (previous_secret_until ?? 0) <= now) return [newest];
  return [newest, await vault.openText(previous_secret, sealContext("previous_secret", id))];
}

/** The row of the endpoint, disabled. It keeps its secrets, since it may be enabled again. */
export const asDisabled = (row: EndpointRow, reason: "requested" | "gone" | "failing", now: number): EndpointRow => ({
  ...nextEndpointRow(row, {}, now),
  status: "disabled",
  disabled_reason: reason,
  disabled_at: now,
});

/** The row of the endpoint, enabled, with no failure on record. */
export const asEnabled = (row: EndpointRow, now: number): EndpointRow => ({
  ...nextEndpointRow(row, {}, now),
  status: "enabled",
  disabled_reason: null,
  disabled_at: null,
  failing_since: null,
});

/** Whether an endpoint subscribes to an event type. */
export const isSubscribed = (endpoint: Pick<EndpointRow, "events">, type: string): boolean =>
  endpoint.events.includes("*") || endpoint.events.includes(type);
