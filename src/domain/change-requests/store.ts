import type { Context } from "../../context/context.ts";
import type { Vault } from "../../crypto/vault.ts";
import { first, insert, type Query, select, update } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { changeRequests } from "../../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { Problem } from "../../problems/problem.ts";
import type { ChangeRequestView } from "./contract.ts";

export type ChangeRow = typeof changeRequests.$inferSelect;

export const insertChange = insert(changeRequests);
/** Stores a decision. Put `abortIfUnchanged` after it. */
export const storeDecision = update(
  changeRequests,
  ["status", "subject_id", "after", "input", "decided_by", "decided_at", "reason", "updated_at", "version"],
  "WHERE id = ? AND status = 'proposed' AND version = ?",
);
export const selectChange: (id: string) => Query<ChangeRow> = select(changeRequests, "WHERE id = ?");

const place = (id: string) => ({ table: "change_requests", column: "input", row: id });

/** The whole request, sealed, because it may hold credentials. It is erased when the change is decided. */
export const sealInput = (vault: Vault, id: string, input: unknown): Promise<Uint8Array> =>
  vault.seal(JSON.stringify(input), place(id));

export async function openInput(vault: Vault, { id, input }: ChangeRow): Promise<unknown> {
  if (input === null) throw new Error(`change request ${id} has no input`);
  return JSON.parse(await vault.openText(input, place(id)));
}

export const changeView = (row: ChangeRow): ChangeRequestView => ({
  id: row.id,
  kind: row.kind,
  status: row.status,
  summary: row.summary,
  subject: row.subject_id,
  before: row.before,
  after: row.after,
  secrets: [...row.secrets],
  merchant: row.merchant_id,
  proposed_by: row.proposed_by,
  applies_at: formatTime(row.applies_at),
  decided_by: row.decided_by,
  decided_at: formatTimeOrNull(row.decided_at),
  reason: row.reason,
  created_at: formatTime(row.created_at),
  updated_at: formatTime(row.updated_at),
  version: row.version,
});

/** Loads a change within the caller's reach. Errors: `not_found`. */
export async function loadOwn(ctx: Context, id: string): Promise<ChangeRow> {
  const row = within(ctx.reach, await first(ctx.db, selectChange(id)));
  if (row !== null) return row;
  throw new Problem("not_found", "There is no change request with this id. GET /v1/change-requests lists yours.");
}

/** The row as a decision stores it. */
export const decided = (
  row: ChangeRow,
  status: "applied" | "rejected" | "stale",
  { by, reason = null, now }: { readonly by: string; readonly reason?: string | null; readonly now: number },
): ChangeRow => ({
  ...row,
  status,
  input: null,
  decided_by: by,
  decided_at: now,
  reason,
  updated_at: Math.max(now, row.created_at),
  version: row.version + 1,
});

/** What a person signs who confirms a change: all that it would do, also what is sealed. */
export const changeDigest = ({ digests }: Pick<Context, "digests">, row: ChangeRow): string =>
  digests.make([
    "change_request",
    row.id,
    row.merchant_id,
    row.operation,
    row.summary,
    row.subject_id,
    row.before,
    row.after,
    row.secrets,
    row.basis,
    row.proposed_by,
    row.input?.toHex() ?? null,
  ]);
