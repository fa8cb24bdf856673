import { eq, lt } from "drizzle-orm";
import { type Context, requireScope } from "../context/context.ts";
import { list } from "../db/list.ts";
import { notices } from "../db/schema.ts";
import { formatTime, formatTimeOrNull } from "../http/fields.ts";
import type { Input } from "../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../http/pagination.ts";
import type { listNotices as contract, NoticeView } from "./contract.ts";

/** Notices of the whole service, newest first: for operators. */
export async function listNotices(ctx: Context, input: Input<typeof contract>): Promise<Page<NoticeView>> {
  requireScope(ctx, "operator");
  const rows = await list(
    ctx.db,
    notices,
    [
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
