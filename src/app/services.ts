import { processNotice } from "../callbacks/process-notice.ts";
import { carryOver } from "../callbacks/accept-notice.ts";
import type { Notice } from "../callbacks/inbox.ts";
import { followCheckout } from "../domain/checkouts/follow-checkout.ts";
import type { Config } from "../config/config.ts";
import { type Log, type Services, systemContext } from "../context/context.ts";
import type { CreateAead } from "../crypto/aead.ts";
import { createCapabilities } from "../crypto/capability.ts";
import { createVault } from "../crypto/vault.ts";
import { createDaraja } from "../daraja/daraja.ts";
import type { Database } from "../db/database.ts";
import { Jobs } from "../jobs/jobs.ts";
import type { Handler } from "../jobs/jobs.ts";
import { checkLedgers, JOB as LEDGER_JOB, startNightlyChecks } from "../domain/ledger/run-check.ts";
import { followPayout } from "../domain/payouts/follow-payout.ts";
import { Pacer } from "../domain/payouts/pace.ts";
import { type Clock, type KeyValue, type Outbound, OutboundError, type Queue } from "../platform/ports.ts";
import { reconcile } from "../domain/reconciliations/reconcile.ts";
import { RETENTION, runRetention, startRetention } from "../domain/retention/schedule.ts";
import { scheduleReconciliations } from "../domain/shortcodes/reconciliation-schedule.ts";
import { followRefund } from "../domain/refunds/follow-refund.ts";
import { Shortcodes } from "../domain/shortcodes/lookup.ts";
import { endPatience } from "../domain/standing-orders/settle-standing-order.ts";
import { announcing } from "../webhooks/announce.ts";
import { Courier } from "../webhooks/courier.ts";
import { DELIVERIES_JOB, EVENT_JOB, lookAfter, tellOf } from "../webhooks/look-after.ts";

/** What the host provides. */
export interface Host {
  readonly config: Config;
  readonly clock: Clock;
  readonly db: Database;
  readonly kv: KeyValue;
  readonly queue: Queue;
  readonly log: Log;
  readonly fetch: typeof fetch;
  /** The host's own cipher; WebCrypto's without it. */
  readonly aead?: CreateAead;
  /** The way to webhook endpoints; without it none is reached. */
  readonly outbound?: Outbound;
}

/** Puts the services together out of what the host provides. */
export async function createServices(host: Host): Promise<Services> {
  const { config, clock, kv, queue, log } = host;
  const db = announcing(host.db, (events) => courier.announce(events));
  const [vault, capabilities] = await Promise.all([
    createVault(config.keys.encryption, host.aead),
    createCapabilities(config.keys.callback),
  ]);
  const place = (context: string) => ({ table: "kv", column: "daraja", row: context });
  const daraja = createDaraja({
    baseUrl: config.daraja.baseUrl,
    fetch: host.fetch,
    clock,
    kv,
    cipher: {
      seal: (bytes, context) => vault.seal(bytes, place(context)),
      open: (sealed, context) => vault.open(sealed, place(context)),
    },
    queriesPerMinute: Number.isFinite(config.daraja.queriesPerMinute) ? config.daraja.queriesPerMinute : null,
    log: (event, fields) => log.write("info", event, fields),
  });
  const jobs = new Jobs({ db, clock, queue, log, scale: config.plans.scale });
  const courier = new Courier({ config, clock, db, vault, log, jobs }, host.outbound ?? nowhere);
  jobs.join(courier);
  return {
    config,
    clock,
    db,
    vault,
    capabilities,
    daraja,
    jobs,
    courier,
    shortcodes: new Shortcodes(db, vault),
    log,
  };
}

const nowhere: Outbound = {
  resolve: () => Promise.reject(new OutboundError("name_not_found", "there is no way out")),
  post: () => Promise.reject(new OutboundError("unreachable", "there is no way out")),
};

/** What each kind of job does. */
export function handlers(services: Services): Record<string, Handler> {
  const pacer = new Pacer(services.clock, services.config.limits.payouts.perSecond);
  return {
    notice: (job, hint, note) => processNotice(services, job, hint as Notice | undefined, note), // run() was given the notice
    [EVENT_JOB]: (job) => tellOf(services, job.subjectId),
    [DELIVERIES_JOB]: (job) => lookAfter(services, job.subjectId),
    reconcile: (job, _hint, note) =>
      reconcile(systemContext(services, job.merchantId ?? "", "system", job.id, note), job.subjectId),
    checkout: (job, _hint, note) =>
      followCheckout(systemContext(services, job.merchantId ?? "", "system", job.id, note), job.subjectId),
    refund: (job, _hint, note) =>
      followRefund(systemContext(services, job.merchantId ?? "", "system", job.id, note), job.subjectId),
    standing_order: (job, _hint, note) =>
      endPatience(systemContext(services, job.merchantId ?? "", "system", job.id, note), job.subjectId),
    [RETENTION]: (_job, _hint, note) => runRetention(services, note),
    [LEDGER_JOB]: (job) => checkLedgers(services, job),
    payout: (job, _hint, note) =>
      followPayout(systemContext(services, job.merchantId ?? "", "system", job.id, note), job.subjectId, pacer),
  };
}

/** What the sweep does each time: due work that was not woken, and notices that wait outside the database. */
export async function sweep(services: Services, kv: KeyValue): Promise<void> {
  const steps: readonly (readonly [string, () => Promise<void>])[] = [
    ["jobs", () => services.jobs.sweep()],
    ["spilled_notices", () => carryOver(services, kv)],
    ["reconciliations", () => scheduleReconciliations(services)],
    ["ledger_checks", () => startNightlyChecks(services)],
    ["retention", () => startRetention(services)],
  ];
  for (const [step, run] of steps) { // one that fails keeps none of the others from its turn
    await run().catch((error: unknown) =>
      services.log.write("warn", "sweep_step_failed", { step, error: error instanceof Error ? error.name : "unknown" })
    );
  }
}
