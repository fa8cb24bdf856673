import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";

/** Statements: run the jobs of payouts and refunds that waited for the end of a pause now. Null: of all merchants. */
export const wakePaused = (merchantId: string | null, now: number): Statement[] =>
  (["payout", "refund"] as const).map((kind) =>
    statement(
      "UPDATE jobs SET version = version + 1, run_at = min(run_at, ?1) WHERE kind = ?2 AND status = 'queued' AND subject_id IN " +
        `(SELECT id FROM ${kind}s WHERE (?3 IS NULL OR merchant_id = ?3) AND status IN ('queued', 'in_doubt'))`,
      now,
      kind,
      merchantId,
    )
  );
