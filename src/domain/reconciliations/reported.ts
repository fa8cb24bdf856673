import type { Context } from "../../context/context.ts";
import type { Statement } from "../../db/database.ts";
import { type Query, rows, statement } from "../../db/query.ts";

/** M-Pesa lists a payment for 48 h, so what was reported is known for long enough. */
const KNOWN_FOR_MS = 30 * 86_400_000;

const selectReported = (shortcodeId: string, findings: readonly string[]): Query<string> => ({
  ...statement(
    "SELECT finding FROM reconciliation_reported WHERE shortcode_id = ? AND finding IN (SELECT value FROM json_each(?))",
    shortcodeId,
    JSON.stringify(findings),
  ),
  map: ([finding]) => String(finding),
});

/** Those of the findings that no run of the shortcode has reported yet. A finding is a text that names it, the same each time. */
export async function notYetReported(
  ctx: Context,
  shortcodeId: string,
  findings: readonly string[],
): Promise<ReadonlySet<string>> {
  if (findings.length === 0) return new Set();
  const [reported] = await rows(ctx.db, selectReported(shortcodeId, findings));
  return new Set(findings).difference(new Set(reported));
}

const DIFFERENCE = "r.receipt || ' ' || r.outcome || ' ' || coalesce(r.ours, '-') || ' ' || coalesce(r.theirs, '-')";

/** What does not agree in a run, and was not reported; at most 1,000, and the next run reports the rest. */
export const selectNewDifferences = (reconciliationId: string, shortcodeId: string): Query<string> => ({
  ...statement(
    `SELECT ${DIFFERENCE} FROM reconciliation_rows r WHERE r.reconciliation_id = ? AND r.outcome IN ('differs', 'missing') ` +
      `AND NOT EXISTS (SELECT 1 FROM reconciliation_reported WHERE shortcode_id = ? AND finding = ${DIFFERENCE}) LIMIT 1000`,
    reconciliationId,
    shortcodeId,
  ),
  map: ([finding]) => String(finding),
});

/** Statements: the findings were reported. Store them after the alert: a process that dies between reports them twice. */
export const markReported = (shortcodeId: string, findings: readonly string[], now: number): Statement[] => [
  statement(
    "INSERT INTO reconciliation_reported (shortcode_id, finding, at) SELECT ?, value, ? FROM json_each(?) " +
      "WHERE true ON CONFLICT DO NOTHING",
    shortcodeId,
    now,
    JSON.stringify(findings),
  ),
  statement("DELETE FROM reconciliation_reported WHERE shortcode_id = ? AND at < ?", shortcodeId, now - KNOWN_FOR_MS),
];
