import { DpopProofs } from "../auth/dpop.ts";
import { UsedOnce } from "../auth/used-once.ts";
import { OutsideSubjects } from "../auth/outside/outside-subjects.ts";
import { OutsideTokens } from "../auth/outside/outside-tokens.ts";
import { Oidc } from "../auth/oidc.ts";
import { Standings } from "../auth/standings.ts";
import type { Config } from "../config/config.ts";
import type { Log, Services } from "../context/context.ts";
import type { CreateAead } from "../crypto/aead.ts";
import { createCapabilities } from "../crypto/capability.ts";
import { ClientSeals } from "../auth/client-seals.ts";
import { createDigests } from "../crypto/digests.ts";
import { createVault } from "../crypto/vault.ts";
import { createDaraja } from "../daraja/daraja.ts";
import type { Database } from "../db/database.ts";
import { tracedDatabase, withStoredContexts } from "../db/traced.ts";
import { Flags } from "../flags/flags.ts";
import { Jobs } from "../jobs/jobs.ts";
import { type Clock, type KeyValue, type Mailer, type Outbound, OutboundError, type Queue } from "../platform/ports.ts";
import { createAnswerCache } from "../domain/checkouts/read.ts";
import { Shortcodes } from "../domain/shortcodes/lookup.ts";
import { DarajaCalls } from "../monitoring/health/daraja-calls.ts";
import type { Metrics } from "../monitoring/metrics/metrics.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import { notifyOnCommit } from "../webhooks/events/notify-on-commit.ts";
import { Dispatcher } from "../webhooks/deliveries/dispatcher.ts";

/** What the host provides. */
export interface Host {
  readonly config: Config;
  readonly clock: Clock;
  readonly db: Database;
  readonly kv: KeyValue;
  readonly queue: Queue;
  readonly log: Log;
  readonly fetch: typeof fetch;
  /** The host's cipher. Default: WebCrypto. */
  readonly aead?: CreateAead;
  /** Makes the HTTP requests to webhook endpoints. Without it every delivery fails. */
  readonly outbound?: Outbound;
  /** Sends e-mail. Without it none is sent. */
  readonly mailer?: Mailer | null;
  /** Records traces. Without it none are. */
  readonly tracing?: Tracing | null;
}

/** The services, with the whole class of the job queue: start, stop and the tests need it. */
export interface AppServices extends Services {
  readonly jobs: Jobs;
  /** Null without `METRICS_TOKEN`. */
  readonly metrics: Metrics | null;
  readonly darajaCalls: DarajaCalls;
  readonly outsideTokens: OutsideTokens;
}

/** Builds the services from what the host provides. */
export async function createServices(host: Host): Promise<AppServices> {
  const { config, clock, kv, queue, tracing = null } = host;
  const outbound = untraced(host.outbound ?? noOutbound, tracing);
  const { metrics, log, database: measured } = await measure(host);
  const telemetry = tracing === null ? null : withStoredContexts(tracing, measured);
  const database = tracing === null ? measured : tracedDatabase(measured, tracing, clock);
  const [vault, capabilities, digests] = await Promise.all([
    createVault(config.keys.encryption, host.aead, config.keys.index),
    createCapabilities(config.keys.callback),
    createDigests(config.keys.callback),
  ]);
  const darajaCalls = new DarajaCalls(clock);
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
    log: (event, fields) => {
      if (event === "daraja_call") darajaCalls.observe(fields);
      log.write("info", event, fields);
    },
    tracing,
  });
  const jobs = new Jobs({ db: database, clock, queue, log, scale: config.plans.scale, telemetry });
  const dispatcher = new Dispatcher({ config, clock, db: database, vault, log, jobs, outbound, telemetry });
  jobs.addWorker(dispatcher);
  const db = notifyOnCommit(database, (eventIds) => dispatcher.enqueue(eventIds));
  const clientSeals = new ClientSeals({ db, vault, clock, log, policy: config.auth.clientSeals });
  return {
    config,
    clock,
    db,
    kv,
    vault,
    capabilities,
    digests,
    daraja,
    moneyOut: daraja,
    jobs,
    deliveries: dispatcher,
    outbound,
    mailer: host.mailer ?? null,
    shortcodes: new Shortcodes(db, vault),
    clientSeals,
    standings: new Standings(db, clock, vault, clientSeals),
    dpop: new DpopProofs(new UsedOnce(kv, clock, log), clock),
    outsideTokens: new OutsideTokens({
      issuers: config.auth.issuers,
      fetch: host.fetch,
      clock,
      log,
      subjects: new OutsideSubjects(db, vault, clock),
    }),
    oidc: config.console.oidc === null
      ? null
      : new Oidc({ settings: config.console.oidc, fetch: host.fetch, clock, log }),
    flags: new Flags(db, clock),
    sweepState: {
      process: crypto.randomUUID(),
      ledgerCheckDay: null,
      retentionScheduledAt: 0,
      alertsScheduledAt: 0,
      auditScheduledAt: 0,
      toldCauses: new Map(),
    },
    checkoutAnswers: createAnswerCache(),
    log,
    telemetry,
    metrics,
    darajaCalls,
    darajaHealth: darajaCalls,
  };
}

/** The log and the database, measured where somebody reads the metrics. The library is loaded only then. */
async function measure({ config, log, db: database }: Host) {
  if (config.metricsToken === null) return { metrics: null, log, database };
  const { measuredDatabase, measuredLog, Metrics } = await import("../monitoring/metrics/metrics.ts");
  const metrics = new Metrics();
  return { metrics, log: measuredLog(log, metrics), database: measuredDatabase(database, metrics) };
}

/** The host's own spans hold the addresses of requests. Those of merchants, and of alerts, may hold a secret. */
const untraced = (outbound: Outbound, tracing: Tracing | null): Outbound =>
  tracing === null ? outbound : { ...outbound, post: (request) => tracing.apart(() => outbound.post(request)) };

const noOutbound: Outbound = {
  resolve: () => Promise.reject(new OutboundError("name_not_found", "there is no way out")),
  post: () => Promise.reject(new OutboundError("unreachable", "there is no way out")),
};
