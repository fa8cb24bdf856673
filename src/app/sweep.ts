import { restoreSpilledNotices } from "../callbacks/accept-notice.ts";
import { scheduleDueAccounts } from "../domain/accounts/due.ts";
import { scheduleAudit } from "../domain/audit/job.ts";
import { reportKeys } from "../domain/keys/report.ts";
import { adoptClients } from "../domain/merchants/adopt-clients.ts";
import { startNightlyChecks } from "../domain/ledger/nightly-check.ts";
import { scheduleRetention } from "../domain/retention/schedule.ts";
import { scheduleMissingReconciliations } from "../domain/shortcodes/reconciliation-schedule.ts";
import { scheduleAlerts } from "../monitoring/alerts/evaluate.ts";
import type { KeyValue } from "../platform/ports.ts";
import type { AppServices } from "./services.ts";

/** One run of the sweep: due jobs that nothing woke, notices that wait in the KV store, and the scheduled jobs. */
export async function sweep(services: AppServices, kv: KeyValue): Promise<void> {
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ["jobs", () => services.jobs.sweep()],
    ["spilled_notices", () => restoreSpilledNotices(services, kv)],
    ["reconciliations", () => scheduleMissingReconciliations(services)],
    ["ledger_checks", () => startNightlyChecks(services)],
    ["daraja_calls", () => services.darajaCalls.store(services.db)],
    ["clients", () => adoptClients(services)],
    ["keys", () => reportKeys(services)],
    ["audit", () => scheduleAudit(services)],
    ["alerts", () => scheduleAlerts(services)],
    ["accounts", () => scheduleDueAccounts(services)],
    ["retention", () => scheduleRetention(services)],
  ];
  for (const [step, run] of steps) { // a step that fails does not stop the others
    await run().catch((error: unknown) =>
      services.log.write("warn", "sweep_step_failed", { step, error: error instanceof Error ? error.name : "unknown" })
    );
  }
}
