import { processNotice } from "./callbacks/process-notice.ts";
import { carryOver } from "./callbacks/accept-notice.ts";
import type { Notice } from "./callbacks/inbox.ts";
import { followCheckout } from "./checkouts/follow-checkout.ts";
import type { Config } from "./config.ts";
import { type Log, type Services, systemContext } from "./context.ts";
import { createCapabilities } from "./crypto/capability.ts";
import { createVault } from "./crypto/vault.ts";
import { createDaraja } from "./daraja/daraja.ts";
import type { Database } from "./db/database.ts";
import { Jobs } from "./jobs/jobs.ts";
import type { Handler } from "./jobs/jobs.ts";
import type { Clock, KeyValue, Queue } from "./platform/ports.ts";
import { Shortcodes } from "./shortcodes/lookup.ts";

/** What the host provides. */
export interface Host {
  readonly config: Config;
  readonly clock: Clock;
  readonly db: Database;
  readonly kv: KeyValue;
  readonly queue: Queue;
  readonly log: Log;
  readonly fetch: typeof fetch;
}

/** Puts the services together out of what the host provides. */
export async function createServices(host: Host): Promise<Services> {
  const { config, clock, db, kv, queue, log } = host;
  const [vault, capabilities] = await Promise.all([
    createVault(config.keys.encryption),
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
    log: (fields) => log.write("info", "daraja", fields),
  });
  return {
    config,
    clock,
    db,
    vault,
    capabilities,
    daraja,
    jobs: new Jobs({ db, clock, queue, log, scale: config.plans.scale }),
    shortcodes: new Shortcodes(db, vault),
    log,
  };
}

/** What each kind of job does. */
export function handlers(services: Services): Record<string, Handler> {
  return {
    notice: (job, hint, note) => processNotice(services, job, hint as Notice | undefined, note), // run() was given the notice
    checkout: (job, _hint, note) =>
      followCheckout(systemContext(services, job.merchantId ?? "", "system", job.id, note), job.subjectId),
  };
}

/** What the sweep does each time: due work that was not woken, and notices that wait outside the database. */
export async function sweep(services: Services, kv: KeyValue): Promise<void> {
  await services.jobs.sweep();
  await carryOver(services, kv);
}
