import { processNotice } from "../callbacks/process-notice.ts";
import type { Notice } from "../callbacks/inbox.ts";
import { systemContext } from "../context/context.ts";
import type { Job, JobHandler, JobKind } from "../context/jobs.ts";
import type { Context, Services } from "../context/context.ts";
import { followCheckout } from "../domain/checkouts/follow-checkout.ts";
import { runLedgerCheckJob } from "../domain/ledger/run-check.ts";
import { followPayout } from "../domain/payouts/follow-payout.ts";
import { Pacer } from "../domain/payouts/pace.ts";
import { runReconcileJob } from "../domain/reconciliations/reconcile.ts";
import { followRefund } from "../domain/refunds/follow-refund.ts";
import { runRetentionJob } from "../domain/retention/schedule.ts";
import { markUnanswered } from "../domain/standing-orders/settle-standing-order.ts";
import type { Fields } from "../telemetry/log.ts";
import { runDeliveriesJob, runEventJob } from "../webhooks/deliveries/jobs.ts";

/** The handler of each kind of job. */
export function jobHandlers(services: Services): Readonly<Record<JobKind, JobHandler>> {
  const pacer = new Pacer(services.clock, services.config.limits.payouts.perSecond);
  const ofMerchant = (job: Job, note: (fields: Fields) => void): Context =>
    systemContext(services, job.merchantId ?? "", "system", job.id, note);
  return {
    notice: (job, hint, note) => processNotice(services, job, hint as Notice | undefined, note), // `run` passes the notice as hint
    checkout: (job, _hint, note) => followCheckout(ofMerchant(job, note), job.subjectId),
    payout: (job, _hint, note) => followPayout(ofMerchant(job, note), job.subjectId, pacer),
    refund: (job, _hint, note) => followRefund(ofMerchant(job, note), job.subjectId),
    standing_order: (job, _hint, note) => markUnanswered(ofMerchant(job, note), job.subjectId),
    reconcile: (job, _hint, note) => runReconcileJob(ofMerchant(job, note), job.subjectId),
    ledger_check: (job) => runLedgerCheckJob(services, job),
    retention: (_job, _hint, note) => runRetentionJob(services, note),
    event: (job) => runEventJob(services, job.subjectId),
    deliveries: (job) => runDeliveriesJob(services, job.subjectId),
  };
}
