import type { Services } from "../../context/context.ts";
import type { Job, JobOutcome } from "../../context/jobs.ts";
import { nairobiDay } from "../../daraja/time.ts";
import { DatabaseUnavailable, type Statement } from "../../db/database.ts";
import { first, insert, type Query, select, statement } from "../../db/query.ts";
import { ledgerCheckProgress } from "../../db/schema.ts";
import { isLeaseLost } from "../../jobs/fence.ts";
import { errorText } from "../../telemetry/log.ts";
import { addFindings, runStep } from "./find-differences.ts";
import { checkRow, insertCheck, overdueBefore, reportFindings } from "./run-check.ts";

type Progress = typeof ledgerCheckProgress.$inferSelect;

/** The nightly checks start at 02:00 in Nairobi. */
const NIGHTLY_START_MS = 2 * 3_600_000;
/** No step begins later in a run (ms): with the longest read (50 s, db/remote.ts) it is over before the lease of 60 s. */
const MAX_RUN_MS = 5_000;

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

const selectProgress = select(ledgerCheckProgress, "WHERE merchant_id = ? AND day = ?");
const saveProgress = insert(
  ledgerCheckProgress,
  "ON CONFLICT (merchant_id, day) DO UPDATE SET step = excluded.step, after_id = excluded.after_id, findings = excluded.findings",
);
/** Also what a night that was given up has left. */
const deleteProgress = (merchantId: string): Statement =>
  statement("DELETE FROM ledger_check_progress WHERE merchant_id = ?", merchantId);

/**
 * The job of one night. Each run does some steps of one merchant's check, and stores how far it came after each: a run that
 * dies loses one step, and a check may take longer than a lease. A merchant whose check fails does not stop the others: it
 * is left for the end, and then the job fails and is tried again.
 */
export async function runLedgerCheckJob(services: Services, job: Job): Promise<JobOutcome> {
  const failures: unknown[] = [];
  for (let after = "";;) {
    const merchantId = await first(services.db, selectUnchecked(job.subjectId, after));
    if (merchantId === null) break;
    try {
      await goOn(services, merchantId, job.subjectId);
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

/** Goes on with a merchant's check until its end, or until the time of this run is over. */
async function goOn(services: Services, merchantId: string, day: string): Promise<void> {
  const begun = services.clock.now();
  const stored = await first(services.db, selectProgress(merchantId, day));
  let progress: Progress = stored ??
    { merchant_id: merchantId, day, started_at: begun, step: "", after_id: "", findings: [] };
  do {
    const { findings, next } = await runStep(
      services,
      merchantId,
      { kind: progress.step, after: progress.after_id },
      overdueBefore(services, progress.started_at),
    );
    const found = addFindings(progress.findings, findings);
    if (next === null) return await conclude(services, { ...progress, findings: found });
    progress = { ...progress, step: next.kind, after_id: next.after, findings: found };
    await services.db.write([saveProgress(progress)]);
  } while (services.clock.now() - begun < MAX_RUN_MS);
}

async function conclude(services: Services, { merchant_id, day, started_at, findings }: Progress): Promise<void> {
  const check = { merchantId: merchant_id, day, startedBy: "system", startedAt: started_at };
  const row = checkRow(check, findings);
  reportFindings(services, row);
  await services.db.write([insertCheck(row), deleteProgress(merchant_id)]);
}
