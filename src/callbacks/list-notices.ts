import { eq } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../context/context.ts";
import { inReach, listRows } from "../db/list.ts";
import { notices } from "../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../http/fields.ts";
import type { Input } from "../http/operation.ts";
import { beginsAny, type ListColumns, listFilter } from "../http/list-filters.ts";
import { type Page, toPage } from "../http/pagination.ts";
import type { listNotices as contract, NoticeView } from "./contract.ts";

const noticeColumns: ListColumns = {
  id: notices.id,
  prefix: "ntc",
  at: notices.received_at,
  search: (text) => beginsAny([notices.id, notices.subject_id, notices.payment_id], text),
};

/** A merchant's notices, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listNotices(ctx: Context, input: Input<typeof contract>): Promise<Page<NoticeView>> {
  requireScope(ctx, "operator");
  const reach = reachTo(ctx, input.merchant);
  const { conditions, scans } = listFilter(input, noticeColumns, [
    inReach(reach, notices.merchant_id, input.subject !== undefined), // the index on the subject finds fewer rows
    input.status && eq(notices.status, input.status),
    input.subject && eq(notices.subject_id, input.subject),
  ]);
  const rows = await listRows(ctx.db, notices, conditions, notices.id, input.limit + 1, scans);
  return toPage(rows, input.limit, (row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject_id,
    status: row.status,
    problem: row.problem,
    copies: row.copies,
    received_at: formatTime(row.received_at),
    processed_at: formatTimeOrNull(row.processed_at),
    version: row.version,
  }));
}
