import { type AppDeps, createApp } from "./app.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { type Config, environmentNames, formatProblems, loadConfig } from "../config/config.ts";
import type { Log } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import { openDatabase } from "../db/open.ts";
import { createTokens } from "../auth/tokens.ts";
import type { EarlyListener } from "../platform/deno/early-listener.ts";
import type { Cron, Handler } from "../platform/ports.ts";
import {
  createDenoAead,
  createDenoCron,
  createDenoMailer,
  createDenoOutbound,
  endProcess,
  makeFilesPrivate,
  openStore,
  PortInUse,
  readEnvironment,
  serve,
  systemClock,
  untilStopped,
} from "../platform/deno.ts";
import { jsonLog } from "../telemetry/json-log.ts";
import { isTraced } from "../telemetry/tracing.ts";
import { checkDatabase, StartRefused } from "./check-database.ts";
import { forgetProcess } from "../domain/keys/report.ts";
import { jobHandlers } from "./job-handlers.ts";
import { type AppServices, createServices, type Host } from "./services.ts";
import { sweep } from "./sweep.ts";

/** The process ends within 5 s after SIGTERM: this long for running work, the rest to close the stores. */
const GRACE_MS = 3_900;
const DATABASE_CLOSE_MS = 700;
const SWEEP_INTERVAL_MS = 60_000;

export interface RunningService {
  readonly url: string;
  readonly services: AppServices;
  /** Takes no more work, waits up to 4 s for running work, gives the other jobs back, and closes the stores. It takes 5 s at most. */
  stop(): Promise<void>;
}

/** What replaces the host's own, or is added. */
export interface StartParts extends Partial<Pick<Host, "clock" | "fetch"> & Pick<AppDeps, "extend" | "tryOut">> {
  readonly listener?: EarlyListener;
  readonly cron?: Cron;
  /** Runs before the service listens, so that nobody is answered before it is done. */
  readonly prepare?: (services: AppServices) => Promise<void>;
}

/**
 * Starts the service: dependencies, app, server, job queue and sweep. Errors: {@link StartRefused} when the database is not
 * migrated, `PortInUse`. The optional
 * parameters (database, clock, fetch, a listening port) replace the host's own; the chaos run injects faults there.
 */
export async function start(
  config: Config,
  log: Log,
  db?: Database,
  { clock = systemClock, fetch: send = fetch, extend, tryOut, listener, cron = createDenoCron(log), prepare }:
    StartParts = {},
): Promise<RunningService> {
  const database = db ?? await openDatabase(config.database.url, config.database.authToken ?? undefined);
  const store = await openStore({ path: config.kv.path, hasQueue: config.deployment === null }, clock, log);
  const services = await createServices({
    config,
    clock,
    db: database,
    kv: store.keyValue,
    queue: store.queue,
    log,
    fetch: send,
    aead: createDenoAead,
    outbound: createDenoOutbound(),
    tracing: isTraced()
      ? (await import("../telemetry/open-telemetry.ts")).createOpenTelemetry(log, config.tracePercent)
      : null,
    mailer: config.alerts.email === null ? null : createDenoMailer(config.alerts.email.smtpUrl),
  });
  const tokens = await createTokens({
    keys: config.keys.signing,
    retired: config.keys.retired,
    issuer: config.server.publicUrl,
    clock,
  });
  const migrations = await loadMigrations();
  await checkDatabase(database, migrations, config.deployment);
  await prepare?.(services);
  let accepting = true;
  const app = createApp({
    services,
    tokens,
    kv: store.durable ? store.keyValue : null,
    health: { db: database, migrations: migrations.map(({ name }) => name), isAccepting: () => accepting },
    extend,
    tryOut,
  });

  services.jobs.start(jobHandlers(services));
  const sweeping = cron.every("sweep", sweepIntervalMs(config), () => sweep(services, store.keyValue));
  const handler: Handler = (request, { peer }) => app.fetch(request, { peer });
  const server = listener?.serveWith(handler) ??
    serve({ hostname: config.server.host, port: config.server.port }, handler, log);
  void sweep(services, store.keyValue).catch((error: unknown) =>
    log.write("warn", "sweep_failed", { error: String(error) })
  );
  log.write("info", "started", { host: server.hostname, port: server.port, environment: config.environment });

  return {
    url: `http://${server.hostname}:${server.port}`,
    services,
    async stop() {
      accepting = false;
      const swept = waitAtMost(GRACE_MS, sweeping.stop());
      await Promise.all([
        swept,
        server.stop(GRACE_MS),
        waitAtMost(GRACE_MS + DATABASE_CLOSE_MS / 2, services.jobs.stop(GRACE_MS)),
      ]);
      store.close();
      await waitAtMost(DATABASE_CLOSE_MS / 2, forgetProcess(services).catch(() => {}));
      await waitAtMost(DATABASE_CLOSE_MS, database.close());
      log.write("info", "stopped");
    },
  };
}

/** Waits for `work`, but at most `ms`. Work that is not done then ends with the process; its lease runs out and it runs again. */
async function waitAtMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([work, new Promise<void>((resolve) => timer = setTimeout(resolve, ms))]);
  clearTimeout(timer);
}

/** The sweep runs once a minute, and more often if `PLAN_SCALE` makes the plans shorter. */
const sweepIntervalMs = (config: Config): number => Math.max(250, SWEEP_INTERVAL_MS * Math.min(1, config.plans.scale));

/** Runs the service with the settings of the environment until SIGTERM or SIGINT. Then the process ends. */
export async function run(listener: EarlyListener | null, cron: Cron | null): Promise<never> {
  const loaded = loadConfig(readEnvironment(environmentNames), "start");
  if (!loaded.ok) {
    console.error(formatProblems(loaded.problems));
    endProcess(1);
  }
  makeFilesPrivate();
  const stopped = untilStopped();
  const parts = { ...(listener === null ? {} : { listener }), ...(cron === null ? {} : { cron }) };
  const running = await start(loaded.config, jsonLog, undefined, parts).catch((error: unknown) => {
    if (!(error instanceof StartRefused || error instanceof PortInUse)) throw error;
    const setting = error instanceof PortInUse ? `: PORT=${error.port + 1}.` : "";
    console.error(`Malipo can't start: ${error.message}${setting}`);
    return endProcess(1);
  });
  await stopped.signal;
  await running.stop();
  endProcess(0);
}
