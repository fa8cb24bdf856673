import type { Services } from "../../context/context.ts";
import { formatTime, formatTimeOrNull } from "../../http/fields.ts";
import type { ReconciliationDetail, ReconciliationView } from "./contract.ts";
import type { Reconciliation, Row } from "./store.ts";

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
    status: row.status,
    from: formatTime(row.window_from),
    to: formatTime(row.window_to),
    seen: row.seen,
    matched: row.matched,
    created: row.created,
    differing: row.differing,
    unreadable: row.unreadable,
    problem: row.problem,
    created_at: formatTime(row.created_at),
    ended_at: formatTimeOrNull(row.ended_at),
  };
}

/** One finding. The query leaves out rows that wait or agree. */
export const findingView = (row: Row): ReconciliationDetail["findings"][number] => ({
  receipt: row.receipt,
  outcome: row.outcome as ReconciliationDetail["findings"][number]["outcome"], // the others are left out by the query
  payment: row.payment_id,
  ours: row.ours,
  theirs: row.theirs,
});
