import type { Services } from "../../context/context.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { ReconciliationDetail, ReconciliationView } from "./contract.ts";
import type { LeftOut } from "./parse-statement.ts";
import { describeReason } from "./left-out-fields.ts";
import type { Reconciliation, Row } from "./store.ts";

const MAX_LEFT_OUT_SHOWN = 500;

/** A reconciliation as the API shows it. */
export async function reconciliationView(
  { shortcodes }: Pick<Services, "shortcodes">,
  row: Reconciliation,
): Promise<ReconciliationView> {
  const { number } = await shortcodes.byId(row.shortcode_id);
  return {
    id: row.id,
    shortcode: number,
    source: row.source,
    started_by: row.started_by,
    status: statusOf(row),
    from: formatTime(row.window_from),
    to: formatTime(row.window_to),
    seen: row.seen,
    matched: row.matched,
    created: row.created,
    differing: row.differing,
    unreadable: row.unreadable,
    problem: row.problem,
    notes: row.notes,
    left_out_total: row.left_out,
    created_at: formatTime(row.created_at),
    ended_at: formatTimeOrNull(row.ended_at),
    reversed_at: formatTimeOrNull(row.reversed_at),
    reversed_by: row.reversed_by,
    version: row.version,
  };
}

const statusOf = ({ status, reversing_at, reversed_at }: Reconciliation): ReconciliationView["status"] =>
  reversed_at !== null ? "reversed" : reversing_at !== null ? "reversing" : status;

/** The same with its findings and the rows that were left out. */
export async function reconciliationDetailView(
  services: Pick<Services, "shortcodes">,
  row: Reconciliation,
  findings: readonly Row[],
  leftOut: readonly LeftOut[],
): Promise<ReconciliationDetail> {
  return {
    ...await reconciliationView(services, row),
    findings: findings.map(findingView),
    left_out: leftOut.slice(0, MAX_LEFT_OUT_SHOWN).map(leftOutView),
  };
}

/** A row of a statement that was left out. */
export const leftOutView = ({ row, receipt, reason, amount }: LeftOut): ReconciliationDetail["left_out"][number] => ({
  row,
  receipt,
  amount,
  reason,
  detail: describeReason(reason),
});

/** One finding. The query leaves out rows that wait or agree. */
export const findingView = (row: Row): ReconciliationDetail["findings"][number] => ({
  receipt: row.receipt,
  outcome: row.outcome as ReconciliationDetail["findings"][number]["outcome"], // the others are left out by the query
  payment: row.payment_id,
  ours: row.ours,
  theirs: row.theirs,
});
