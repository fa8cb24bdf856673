import type { Services } from "../../context/context.ts";
import type { Statement, Value } from "../../db/database.ts";
import type { LedgerFinding } from "../../db/schema.ts";
import { comparisons } from "./comparisons.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { type Finding, type FindingKind, MAX_SUBJECTS } from "./finding.ts";
import { ruleSteps } from "./rules.ts";

/** One step of a check: a read of its own. */
interface Step {
  readonly kind: FindingKind;
  /** The table whose rows it takes a part of at a time; null: all at once. */
  readonly pages: "payments" | "checkouts" | null;
  readonly statement: (merchantId: string, overdueBefore: number, from: string, to: string) => Statement;
}

const steps: readonly Step[] = [
  ...comparisons.map(({ kind, sql }): Step => ({
    kind,
    pages: null,
    statement: (merchantId) => statement(sql, merchantId),
  })),
  ...ruleSteps,
];

/** Where a check goes on: the kind of its next step, and the id behind which the step's rows follow. */
export interface Position {
  readonly kind: string;
  readonly after: string;
}

const FIRST: Position = { kind: "", after: "" };
/** Rows of one read. A million payments are some twenty reads of each rule, each far shorter than a lease. */
const PAGE_SIZE = 50_000;
const LAST_ID = "~"; // sorts behind every id

const endOfPage = (table: string, merchantId: string, after: string, pageSize: number): Query<string> => ({
  ...statement(
    `SELECT id FROM ${table} WHERE merchant_id = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?`,
    merchantId,
    after,
    pageSize - 1,
  ),
  scan: true,
  map: ([id]) => String(id),
});

const toFinding = (kind: FindingKind, [number, expected, found, count, subjects]: readonly Value[]): Finding => ({
  shortcode: String(number),
  kind,
  expected: Number(expected),
  found: Number(found),
  ...(count === undefined ? {} : { count: Number(count), subjects: JSON.parse(String(subjects)) as string[] }), // ids, as the query builds them
});

/** What a step found, and where the check goes on; null: that was all. */
export interface StepResult {
  readonly findings: readonly Finding[];
  readonly next: Position | null;
}

/**
 * Runs one step of the check, or one part of it. Changes nothing. It runs beside requests (ADR 0013), and compares what
 * one moment shows. A plan that began before `overdueBefore` (ms) has ended. A step that this version does not know (an
 * older one stored it) begins the check again.
 */
export async function runStep(
  { db }: Pick<Services, "db">,
  merchantId: string,
  position: Position | null,
  overdueBefore: number,
  pageSize = PAGE_SIZE,
): Promise<StepResult> {
  const known = steps.findIndex(({ kind }) => kind === position?.kind);
  const index = Math.max(0, known);
  const after = known < 0 ? FIRST.after : position?.after ?? FIRST.after;
  const { kind, pages, statement } = steps[index] as Step; // the list has a first one, and `findIndex` stays inside
  const [end] = pages === null ? [] : (await rows(db, endOfPage(pages, merchantId, after, pageSize)))[0];
  const [findings] = await rows(db, {
    ...statement(merchantId, overdueBefore, after, end ?? LAST_ID),
    scan: true,
    map: (row) => toFinding(kind, row),
  });
  const following = steps[index + 1];
  if (end !== undefined) return { findings, next: { kind, after: end } };
  return { findings, next: following === undefined ? null : { kind: following.kind, after: FIRST.after } };
}

/** Adds what a step found. What the parts of a rule found is one finding for each shortcode; a comparison has no parts. */
export function addFindings<F extends LedgerFinding>(found: readonly F[], more: readonly F[]): F[] {
  const all = [...found];
  for (const one of more) {
    const index = all.findIndex(({ kind, shortcode }) => kind === one.kind && shortcode === one.shortcode);
    const before = one.count === undefined ? undefined : all[index];
    if (before === undefined) all.push(one);
    else all[index] = sumOf(before, one);
  }
  return all;
}

const sumOf = <F extends LedgerFinding>(a: F, b: F): F => ({
  ...a,
  expected: a.expected + b.expected,
  found: a.found + b.found,
  count: (a.count ?? 0) + (b.count ?? 0),
  subjects: [...a.subjects ?? [], ...b.subjects ?? []].slice(0, MAX_SUBJECTS),
});

/**
 * Compares a merchant's ledger with its payments, payouts, refunds and what M-Pesa reported (balances, lists, status
 * answers), and looks for what breaks a rule: all steps, one after the other.
 */
export async function findDifferences(
  services: Pick<Services, "db">,
  merchantId: string,
  overdueBefore = 0,
  pageSize = PAGE_SIZE,
): Promise<Finding[]> {
  let found: Finding[] = [];
  for (let position: Position | null = FIRST; position !== null;) {
    const result: StepResult = await runStep(services, merchantId, position, overdueBefore, pageSize);
    found = addFindings(found, result.findings);
    position = result.next;
  }
  return found;
}
