import { eq, gte, lt } from "drizzle-orm";
import { type Context, reachTo, requireScope } from "../../context/context.ts";
import type { AuditAction } from "../../db/audit-actions.ts";
import { inReach, listRows } from "../../db/list.ts";
import { audit } from "../../db/schema.ts";
import { formatTime } from "../../http/fields.ts";
import { begins, checkRanges } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { idBeforeCursor, type Page, toPage } from "../../http/pagination.ts";
import type { AuditEntryView, listAudit as contract } from "./contract.ts";

const DIGITS = 16;

/** An id that sorts like the number of the entry. */
const entryId = (seq: number): string => `aud_${String(seq).padStart(DIGITS, "0")}`;

function seqBeforeCursor(cursor: string | undefined): number {
  const id = idBeforeCursor(cursor);
  return /^aud_\d{16}$/.test(id) ? Number(id.slice(4)) : Number.MAX_SAFE_INTEGER;
}

/** The audit trail of a merchant, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listAudit(ctx: Context, input: Input<typeof contract>): Promise<Page<AuditEntryView>> {
  if (!ctx.scopes.has("operator")) requireScope(ctx, "audit:read");
  checkRanges(input);
  const { created_from: from, created_to: to, who, act, subject, q } = input;
  const reach = reachTo(ctx, input.merchant);
  const found = await listRows(
    ctx.db,
    audit,
    [
      inReach(reach, audit.merchant_id, subject !== undefined),
      lt(audit.seq, seqBeforeCursor(input.cursor)),
      from !== undefined && gte(audit.at, from),
      to !== undefined && lt(audit.at, to),
      who && eq(audit.actor, who),
      act && eq(audit.action, act as AuditAction), // another text matches no entry
      subject && eq(audit.subject_id, subject),
      q && begins(audit.subject_id, q),
    ],
    audit.seq,
    input.limit + 1,
    subject === undefined && [from, to, who, act, q].some((given) => given !== undefined),
  );
  const named = found.map((row) => ({ ...row, id: entryId(row.seq) }));
  return toPage(named, input.limit, (row) => ({
    id: row.id,
    who: row.actor,
    act: row.action,
    subject: row.subject_id,
    request_id: row.request_id,
    who_merchant: row.actor_merchant_id,
    address: row.address,
    before: row.before,
    after: row.after,
    data: row.data,
    created_at: formatTime(row.at),
  }));
}
