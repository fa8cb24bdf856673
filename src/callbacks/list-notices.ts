import { eq, lt, sql } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../context/context.ts";
import { inReach, listRows } from "../db/list.ts";
import { notices } from "../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../http/fields.ts";
import type { Input } from "../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../http/pagination.ts";
import type { listNotices as contract, NoticeView } from "./contract.ts";

/** A merchant's notices, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listNotices(ctx: Context, input: Input<typeof contract>): Promise<Page<NoticeView>> {
  requireScope(ctx, "operator");
  const reach = reachTo(ctx, input.merchant);
  const rows = await listRows(
    ctx.db,
    notices,
    [
      // The plus keeps SQLite off the merchant's index: the index on the subject finds fewer rows.
      input.subject === undefined || reach.kind === "every"
        ? inReach(reach, notices.merchant_id)
        : sql`+${notices.merchant_id} = ${reach.merchantId}`,
      lt(notices.id, idBeforeCursor(input.cursor)),
      input.status && eq(notices.status, input.status),
      input.subject && eq(notices.subject_id, input.subject),
    ],
    notices.id,
    input.limit + 1,
  );
  return toPage(rows, input.limit, (row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject_id,
    status: row.status,
    problem: row.problem,
    copies: row.copies,
    received_at: formatTime(row.received_at),
    processed_at: formatTimeOrNull(row.processed_at),
  }));
}
