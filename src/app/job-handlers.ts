import { processNotice } from "../callbacks/process-notice.ts";
import type { Notice } from "../callbacks/inbox.ts";
import { systemContext } from "../context/context.ts";
import type { Job, JobHandler, JobKind, JobOutcome } from "../context/jobs.ts";
import type { Context, Services } from "../context/context.ts";
import { applyDueChange } from "../domain/change-requests/apply.ts";
import { changeKinds } from "./change-kinds.ts";
import { runAuditJob } from "../domain/audit/job.ts";
import { settleAccount } from "../domain/accounts/settle-account.ts";
import { followCheckout } from "../domain/checkouts/follow-checkout.ts";
import { runKeysJob } from "../domain/keys/remake.ts";
import { runLedgerCheckJob } from "../domain/ledger/nightly-check.ts";
import { followPayout } from "../domain/payouts/follow-payout.ts";
import { Pacer } from "../domain/payouts/pace.ts";
import { runReconcileJob } from "../domain/reconciliations/reconcile.ts";
import { runUndoImportJob } from "../domain/reconciliations/reverse-reconciliation.ts";
import { refundDifference } from "../domain/refunds/refund-difference.ts";
import { followRefund } from "../domain/refunds/follow-refund.ts";
import { applyReversal } from "../domain/refunds/apply-reversal.ts";
import { fenced } from "../jobs/fence.ts";
import { runRetentionJob } from "../domain/retention/schedule.ts";
import { markUnanswered } from "../domain/standing-orders/settle-standing-order.ts";
import { runAlertsJob } from "../monitoring/alerts/evaluate.ts";
import { sendAlertMessages } from "../monitoring/alerts/send.ts";
import type { Fields } from "../telemetry/log.ts";
import { runDeliveriesJob, runEventJob } from "../webhooks/deliveries/jobs.ts";

/** Runs one job. What `services` writes is refused once the run has lost its lease. */
type Handler = (
  services: Services,
  job: Job,
  note: (fields: Fields) => void,
  hint: unknown,
) => Promise<JobOutcome>;

/** The handler of each kind of job. Each gets a database that is fenced by the lease of the job that it runs. */
export function jobHandlers(services: Services): Readonly<Record<JobKind, JobHandler>> {
  const pacer = new Pacer(services.clock, services.config.limits.payouts.perSecond);
  const handlers: Readonly<Record<JobKind, Handler>> = {
    notice: (own, job, note, hint) => processNotice(own, job, hint as Notice | undefined, note), // `run` passes the notice as hint
    checkout: (own, job, note) => followCheckout(contextOf(own, job, note), job.subjectId),
    payout: (own, job, note) => followPayout(contextOf(own, job, note), job.subjectId, pacer),
    refund: (own, job, note) => followRefund(contextOf(own, job, note), job.subjectId),
    difference: (own, job, note) => refundDifference(contextOf(own, job, note), job.subjectId),
    reversal: (own, job, note) => applyReversal(contextOf(own, job, note), job.subjectId),
    account: (own, job, note) => settleAccount(contextOf(own, job, note), job.subjectId),
    standing_order: (own, job, note) => markUnanswered(contextOf(own, job, note), job.subjectId),
    reconcile: (own, job, note) => runReconcileJob(contextOf(own, job, note), job.subjectId),
    undo_import: (own, job, note) => runUndoImportJob(contextOf(own, job, note), job.subjectId),
    change_request: (own, job, note) => applyDueChange(contextOf(own, job, note), job.subjectId, changeKinds),
    ledger_check: (own, job) => runLedgerCheckJob(own, job),
    retention: (own, _job, note) => runRetentionJob(own, note),
    event: (own, job) => runEventJob(own, job.subjectId),
    audit: (own, job, note) => runAuditJob(own, job, note),
    keys: (own, job, note) => runKeysJob(own, job, note),
    alerts: (own, job, note) => runAlertsJob(own, job, note),
    alert_message: (own, job) => sendAlertMessages(own, job.subjectId),
    deliveries: (own, job) => runDeliveriesJob(own, job.subjectId),
  };
  const fence = (handler: Handler): JobHandler => (job, hint, note) => handler(fenced(services, job), job, note, hint);
  const all = Object.entries(handlers).map(([kind, handler]) => [kind, fence(handler)]);
  return Object.fromEntries(all) as Record<JobKind, JobHandler>; // the same keys as `handlers`
}

const contextOf = (services: Services, job: Job, note: (fields: Fields) => void): Context =>
  systemContext(services, job.merchantId ?? "", "system", job.id, note);
