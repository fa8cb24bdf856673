import { commit, type Context, requireScope, type Services } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { nairobiDay } from "../../daraja/time.ts";
import { insert } from "../../db/query.ts";
import { ledgerChecks, type LedgerFinding } from "../../db/schema.ts";
import { planLengthMs } from "../checkouts/plan.ts";
import { reconciliationIntervalMs } from "../shortcodes/reconciliation-schedule.ts";
import type { LedgerCheckView } from "./contract.ts";
import { findDifferences } from "./find-differences.ts";
import { findingText } from "./finding.ts";
import { checkView } from "./read.ts";

export const insertCheck = insert(ledgerChecks, "ON CONFLICT DO NOTHING");

/** A prompt that a query called paid before this time (ms) has no plan any more, and M-Pesa's list was read twice since. */
export const overdueBefore = ({ config }: Pick<Services, "config">, startedAt: number): number =>
  startedAt - planLengthMs(config.plans.scale) - 2 * reconciliationIntervalMs({ config });

/**
 * The row of a check that is over. It is dated at its beginning: a balance that M-Pesa reports while the check runs is
 * compared again by the next one.
 */
export const checkRow = (
  { merchantId, day, startedBy, startedAt }: {
    readonly merchantId: string;
    readonly day: string;
    readonly startedBy: string;
    readonly startedAt: number;
  },
  findings: readonly LedgerFinding[],
): typeof ledgerChecks.$inferSelect => ({
  id: newId("lck"),
  merchant_id: merchantId,
  day,
  started_by: startedBy,
  findings: [...findings],
  at: startedAt,
});

/** Alerts for each finding of a check. */
export function reportFindings({ log }: Pick<Services, "log">, row: ReturnType<typeof checkRow>): void {
  for (const finding of row.findings) {
    const text = findingText(finding.kind);
    log.write("alert", "ledger_differs", { merchant: row.merchant_id, check: row.id, ...finding, text });
  }
}

/** Checks the merchant's ledger now. It reports differences and never repairs them. */
export async function createLedgerCheck(ctx: Context): Promise<LedgerCheckView> {
  requireScope(ctx, "operator");
  const startedAt = ctx.clock.now();
  const check = { merchantId: ctx.merchantId, day: nairobiDay(startedAt), startedBy: ctx.actor, startedAt };
  const row = checkRow(check, await findDifferences(ctx, ctx.merchantId, overdueBefore(ctx, startedAt)));
  reportFindings(ctx, row);
  const view = checkView(row);
  await commit(ctx, row.id, [insertCheck(row)], { status: 200, body: view });
  return view;
}
