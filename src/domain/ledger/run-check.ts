import { commit, type Context, requireScope, type Services } from "../../context/context.ts";
import { newId } from "../../crypto/ids.ts";
import { nairobiDay } from "../../daraja/time.ts";
import { DatabaseUnavailable } from "../../db/database.ts";
import { first, insert, type Query, statement } from "../../db/query.ts";
import { ledgerChecks } from "../../db/schema.ts";
import type { Job, JobOutcome } from "../../context/jobs.ts";
import { planLengthMs } from "../checkouts/plan.ts";
import { reconciliationIntervalMs } from "../shortcodes/reconciliation-schedule.ts";
import { findingText } from "./finding.ts";
import { findDifferences } from "./find-differences.ts";
import type { LedgerCheckView } from "./contract.ts";
import { checkView } from "./read.ts";
import { isLeaseLost } from "../../jobs/fence.ts";
import { errorText } from "../../telemetry/log.ts";

const HOUR_MS = 3_600_000;
/** The nightly checks start at 02:00 in Nairobi. */
const NIGHTLY_START_MS = 2 * HOUR_MS;

const insertCheck = insert(ledgerChecks, "ON CONFLICT DO NOTHING");

/** A prompt that a query called paid before this time (ms) has no plan any more, and M-Pesa's list was read twice since. */
const overdueBefore = ({ clock, config }: Services): number =>
  clock.now() - planLengthMs(config.plans.scale) - 2 * reconciliationIntervalMs({ config });

async function runCheck(services: Services, merchantId: string, day: string, startedBy: string) {
  const row = {
    id: newId("lck"),
    merchant_id: merchantId,
    day,
    started_by: startedBy,
    findings: await findDifferences(services, merchantId, overdueBefore(services)),
    at: services.clock.now(),
  };
  for (const finding of row.findings) {
    const text = findingText(finding.kind);
    services.log.write("alert", "ledger_differs", { merchant: merchantId, check: row.id, ...finding, text });
  }
  return row;
}

/** Checks the merchant's ledger now. It reports differences and never repairs them. */
export async function createLedgerCheck(ctx: Context): Promise<LedgerCheckView> {
  requireScope(ctx, "operator");
  const row = await runCheck(ctx, ctx.merchantId, nairobiDay(ctx.clock.now()), ctx.actor);
  const view = checkView(row);
  await commit(ctx, row.id, [insertCheck(row)], { status: 200, body: view });
  return view;
}

const UNCHECKED =
  "SELECT id FROM merchants WHERE EXISTS (SELECT 1 FROM ledger_entries WHERE merchant_id = merchants.id) " +
  "AND NOT EXISTS (SELECT 1 FROM ledger_checks WHERE merchant_id = merchants.id AND day = ? AND started_by = 'system') AND id > ? " +
  "ORDER BY id LIMIT 1";
const selectUnchecked = (day: string, afterId = ""): Query<string> => ({
  ...statement(UNCHECKED, day, afterId),
  map: ([id]) => String(id),
});

/** The sweep calls this. It schedules the job that checks all ledgers, once a night. Each process asks the database once a day. */
export async function startNightlyChecks(services: Services): Promise<void> {
  const now = services.clock.now();
  const day = nairobiDay(now - NIGHTLY_START_MS);
  if (services.sweepState.ledgerCheckDay === day) return;
  if (await first(services.db, selectUnchecked(day)) !== null) {
    await services.db.write([services.jobs.schedule("ledger_check", day, null, now)]);
    services.jobs.wake(now);
  }
  services.sweepState.ledgerCheckDay = day;
}

/**
 * The job of one night. Each run checks one merchant, because one check may take most of the lease; then it runs again. A
 * merchant whose check fails does not stop the others: it is left for the end, and then the job fails and is tried again.
 */
export async function runLedgerCheckJob(services: Services, job: Job): Promise<JobOutcome> {
  const failures: unknown[] = [];
  for (let after = "";;) {
    const merchantId = await first(services.db, selectUnchecked(job.subjectId, after));
    if (merchantId === null) break;
    try {
      await services.db.write([insertCheck(await runCheck(services, merchantId, job.subjectId, "system"))]);
      return { runAt: services.clock.now() };
    } catch (error) {
      if (error instanceof DatabaseUnavailable || isLeaseLost(error)) throw error;
      services.log.write("warn", "ledger_check_failed", { merchant: merchantId, error: errorText(error) });
      failures.push(error);
      after = merchantId;
    }
  }
  if (failures.length > 0) throw failures[0];
  return "finished";
}
