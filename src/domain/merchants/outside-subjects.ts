import type { InferSelectModel } from "drizzle-orm";
import { subjectPlace } from "../../auth/outside/outside-subjects.ts";
import { commit, type Context, reachTo, requireScope } from "../../context/context.ts";
import { listBy } from "../../db/list.ts";
import { abortIfUnchanged, first, type Query, select, update } from "../../db/query.ts";
import { within } from "../../db/reach.ts";
import { outsideSubjects } from "../../db/schema.ts";
import { auditEntry } from "../../db/trail.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import { beginsAny, type ListColumns, listFilter } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { type Page, toPage } from "../../http/pagination.ts";
import { Problem } from "../../problems/problem.ts";
import type { listOutsideSubjects as listing, OutsideSubjectView } from "./outside-contract.ts";

type SubjectRow = InferSelectModel<typeof outsideSubjects>;

export const selectOutsideSubject: (id: string) => Query<SubjectRow> = select(outsideSubjects, "WHERE id = ?");
const updateStatus = update(outsideSubjects, ["status", "blocked_at", "version"], "WHERE id = ? AND version = ?");

async function subjectView({ vault }: Pick<Context, "vault">, row: SubjectRow): Promise<OutsideSubjectView> {
  return {
    id: row.id,
    issuer: row.issuer,
    subject: await vault.openText(row.subject, subjectPlace(row.id)),
    status: row.status,
    blocked_at: formatTimeOrNull(row.blocked_at),
    created_at: formatTime(row.created_at),
    version: row.version,
  };
}

const columns: ListColumns = {
  id: outsideSubjects.id,
  at: outsideSubjects.created_at,
  prefix: "ext",
  search: (text) => beginsAny([outsideSubjects.id], text),
  small: true,
};

/** Subjects of outside issuers, newest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listOutsideSubjects(
  ctx: Context,
  input: Input<typeof listing>,
): Promise<Page<OutsideSubjectView>> {
  requireScope(ctx, "operator");
  const reach = reachTo(ctx, input.merchant);
  const rows = await listBy(ctx.db, reach, outsideSubjects, listFilter(input, columns), input.limit + 1);
  const { data, next_cursor } = toPage(rows, input.limit, (row) => row);
  return { data: await Promise.all(data.map((row) => subjectView(ctx, row))), next_cursor };
}

/** Refuses all tokens of a subject. Errors: `not_found`, `wrong_state`. */
export const blockOutsideSubject = (ctx: Context, { id }: { id: string }): Promise<OutsideSubjectView> =>
  setStatus(ctx, id, "blocked");

/** Accepts the tokens of a subject again. Errors: `not_found`, `wrong_state`. */
export const unblockOutsideSubject = (ctx: Context, { id }: { id: string }): Promise<OutsideSubjectView> =>
  setStatus(ctx, id, "active");

async function setStatus(ctx: Context, id: string, status: SubjectRow["status"]): Promise<OutsideSubjectView> {
  requireScope(ctx, "operator");
  const before = within(ctx.reach, await first(ctx.db, selectOutsideSubject(id)));
  if (before === null) {
    throw new Problem("not_found", "There is no subject with this id. GET /v1/outside-subjects lists yours.");
  }
  if (before.status === status) throw new Problem("wrong_state", `The subject is ${status} already.`);
  const blockedAt = status === "blocked" ? ctx.clock.now() : null;
  const row: SubjectRow = { ...before, status, blocked_at: blockedAt, version: before.version + 1 };
  const view = await subjectView(ctx, row);
  const act = status === "blocked" ? "outside_subject.blocked" : "outside_subject.unblocked";
  const change = { before: { status: before.status }, after: { status } };
  await commit(ctx, id, [
    updateStatus(row, id, before.version),
    abortIfUnchanged,
    auditEntry({ ...ctx, merchantId: row.merchant_id }, act, id, {}, change),
  ], { status: 200, body: view });
  ctx.standings.forget(id);
  return view;
}

/** The answer of an earlier request that blocked or unblocked it. */
export async function resumeOutsideSubject(ctx: Context, { id }: { id: string }): Promise<OutsideSubjectView> {
  const row = within(ctx.reach, await first(ctx.db, selectOutsideSubject(id)));
  if (row === null) throw new Problem("not_found", "There is no subject with this id.");
  return await subjectView(ctx, row);
}
