import { eq, lt } from "drizzle-orm";
import { type Context, requireScope } from "../context/context.ts";
import { list } from "../db/list.ts";
import { notices } from "../db/schema.ts";
import { time, timeOrNull } from "../http/fields.ts";
import type { Input } from "../http/operation.ts";
import { beforeId, type Page, page } from "../http/pagination.ts";
import type { listNotices as contract, NoticeView } from "./contract.ts";

/** Notices of the whole service, newest first: for operators. */
export async function listNotices(ctx: Context, input: Input<typeof contract>): Promise<Page<NoticeView>> {
  requireScope(ctx, "operator");
  const rows = await list(
    ctx.db,
    notices,
    [
      lt(notices.id, beforeId(input.cursor)),
      input.status && eq(notices.status, input.status),
      input.subject && eq(notices.subject_id, input.subject),
    ],
    notices.id,
    input.limit + 1,
  );
  return page(rows, input.limit, (row) => ({
    id: row.id,
    kind: row.kind,
    subject: row.subject_id,
    status: row.status,
    problem: row.problem,
    copies: row.copies,
    received_at: time(row.received_at),
    processed_at: timeOrNull(row.processed_at),
  }));
}
