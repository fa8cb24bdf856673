import type { Value } from "../../db/database.ts";
import { insert, type Query, select } from "../../db/query.ts";
import type { Reach } from "../../db/reach.ts";
import { attention, attentionNotes } from "../../db/schema.ts";
import type { Values } from "./sentences.ts";
import { NOTICES_MS, type Source } from "./sources.ts";
import { idAt } from "../../crypto/ids.ts";

/** A case as the rows tell it, with what people decided about it. */
export interface CaseRow {
  readonly source: Source;
  readonly form: string;
  readonly subject: string;
  /** Null: it belongs to the whole service. */
  readonly merchantId: string | null;
  readonly since: number;
  readonly amount: number | null;
  readonly values: Values;
  readonly takenBy: string | null;
}

export const caseId = (subject: string): string => `case_${subject}`;

/** What narrows a list of cases. `after`: the last case of the page before. */
export interface CaseFilter {
  readonly after?: { readonly since: number; readonly subject: string };
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly amountMin?: number | undefined;
  readonly amountMax?: number | undefined;
  readonly subject?: string | undefined;
  readonly subjectBegins?: string | undefined;
  readonly takenBy?: string | undefined;
  /** Leaves out what sleeps at this time (ms). */
  readonly awakeAt?: number;
}

/** The oldest cases of a source within a reach. */
export function selectCases(
  source: Source,
  reach: Reach,
  filter: CaseFilter,
  now: number,
  limit: number,
): Query<CaseRow> {
  const own = reach.kind === "own";
  const args: Value[] = [own ? reach.merchantId : "", idAt("ntc", now - NOTICES_MS)];
  const conditions: string[] = [];
  const add = (condition: string, ...values: (Value | undefined)[]): void => {
    if (values.some((value) => value === undefined)) return;
    conditions.push(condition.replaceAll("?", () => `?${args.push(values.shift() as Value)}`)); // as many as marks
  };
  const { after } = filter;
  add("(s.since, s.subject) > (?, ?)", after?.since, after?.subject);
  add("s.since >= ?", filter.from);
  add("s.since < ?", filter.to);
  add("s.amount >= ?", filter.amountMin);
  add("s.amount <= ?", filter.amountMax);
  add("s.subject = ?", filter.subject);
  add("substr(s.subject, 1, length(?)) = ?", filter.subjectBegins, filter.subjectBegins);
  add("a.taken_by = ?", filter.takenBy);
  add("coalesce(a.sleeps_until, 0) <= ?", filter.awakeAt);
  const cases = source.sql.replaceAll("{m}", own ? "m.id = ?1" : "m.id > ?1");
  return {
    sql: `WITH s (form, subject, merchant_id, since, amount, told) AS (${cases}) SELECT s.*, a.taken_by FROM s ` +
      "LEFT JOIN attention a ON a.case_id = 'case_' || s.subject " +
      `WHERE ${["?2 <> ''", ...conditions].join(" AND ")} ORDER BY s.since, s.subject LIMIT ${limit}`,
    args,
    scan: true,
    map: ([form, subject, merchant, since, amount, told, takenBy]) => ({
      source,
      form: String(form),
      subject: String(subject),
      merchantId: typeof merchant === "string" ? merchant : null,
      since: Number(since),
      amount: amount === null || amount === undefined ? null : Number(amount),
      values: JSON.parse(String(told)), // our own json_object
      takenBy: typeof takenBy === "string" ? takenBy : null,
    }),
  };
}

export type Note = typeof attentionNotes.$inferSelect;

/** The notes of some cases, oldest first. */
export const selectNotes = (caseIds: readonly string[]): Query<Note> => notesOf(JSON.stringify(caseIds));
const notesOf = select(attentionNotes, "WHERE case_id IN (SELECT value FROM json_each(?)) ORDER BY id");

export const insertNote = insert(attentionNotes);
export const upsertTaken = insert(
  attention,
  "ON CONFLICT (case_id) DO UPDATE SET taken_by = excluded.taken_by, updated_at = excluded.updated_at",
);
export const upsertSleep = insert(
  attention,
  "ON CONFLICT (case_id) DO UPDATE SET sleeps_until = excluded.sleeps_until, updated_at = excluded.updated_at",
);
