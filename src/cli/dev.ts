import type { AppDeps } from "../app/app.ts";
import { type Config, formatProblems, loadConfig, settingNames } from "../config/config.ts";
import { createVault } from "../crypto/vault.ts";
import { c2bUrls } from "../domain/shortcodes/urls.ts";
import { openDatabase } from "../db/open.ts";
import { migrate } from "../db/migrator.ts";
import type { AppServices } from "../app/services.ts";
import { start } from "../app/start.ts";
import type { Log } from "../context/context.ts";
import { demoShop } from "../pages/demo/routes.tsx";
import { PortInUse, readEnvironment, serve, systemClock, untilStopped } from "../platform/deno.ts";
import type { Server } from "../platform/ports.ts";
import { demoShortcodes } from "../simulator/demo.ts";
import { createSimulator, type Simulator } from "../simulator/simulator.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { command, CommandFailed } from "./frame/command.ts";
import { runTask } from "./frame/main.ts";
import { createDevLog } from "./logs/dev-log.ts";
import { logFileBeside } from "./logs/file.ts";
import { demoLinks, registeredShortcodes, seed } from "./seed.ts";

/** The seeded client of the demo shop, and of "Run" on the pages of the documentation. */
const demoClient = { id: "cli_demo", secret: "demo-secret" };

/** API, simulator and embedded databases in one process, ready to be tried with curl. It is ready when it listens. */
async function serveDevelopment(config: Config): Promise<void> {
  const stopped = untilStopped();
  const log = createDevLog(logFileBeside(config.database.url));
  const simulator = createSimulator({
    callbackDelayMs: config.simulator.callbackDelayMs,
    lateCallbackDelayMs: config.simulator.lateMs,
    shortcodes: demoShortcodes,
  });
  const daraja = serveSimulator(simulator, config, log);
  const db = await openDatabase(config.database.url, config.database.authToken ?? undefined);
  await migrate(db, await loadMigrations());
  await seed({
    db,
    clock: systemClock,
    vault: await createVault(config.keys.encryption, undefined, config.keys.index),
  });
  const prepare = (services: AppServices) => registerUrls(services, log);
  const running = await start(config, log, db, {
    extend: shopFor(config),
    tryOut: config.environment === "development" ? demoClient : undefined,
    prepare,
  });
  printWelcome(config, daraja.port, await demoLinks({ db, clock: systemClock }));

  await stopped.signal;
  await running.stop();
  await simulator.close();
  await daraja.stop(1_000);
}

function serveSimulator(simulator: Simulator, { server, simulator: { port } }: Config, log: Log): Server {
  try {
    return serve({ hostname: server.host, port }, (request) => simulator.app.fetch(request), log);
  } catch (error) {
    if (!(error instanceof PortInUse)) throw error;
    throw new CommandFailed(`unavailable: ${error.message}: SIMULATOR_PORT=${error.port + 1}.`);
  }
}

/** Adds the demo shop, in development only. It calls the API like any other client, with the seeded credentials. */
function shopFor({ environment, server, daraja }: Config): AppDeps["extend"] {
  if (environment !== "development") return undefined;
  return (app) =>
    app.route(
      "/",
      demoShop({
        shopUrl: server.publicUrl,
        simulatorUrl: daraja.baseUrl,
        credentials: demoClient,
        call: async (request) => await app.fetch(request),
      }),
    );
}

/** Registers the C2B URLs of the demo paybill with the simulator, so that C2B payments arrive from the start. */
async function registerUrls(services: AppServices, log: Log): Promise<void> {
  for (const { id, number } of registeredShortcodes) {
    const shortcode = await services.shortcodes.byId(id);
    const urls = c2bUrls(services, id, shortcode.row.url_number);
    const answer = await services.daraja.registerUrls(shortcode.app, {
      version: "v2",
      shortcode: number,
      responseType: "Completed",
      confirmationUrl: urls.confirmation,
      validationUrl: urls.validation,
    });
    if (answer.outcome !== "accepted") {
      log.write("warn", "c2b_not_registered", { shortcode: number, outcome: answer.outcome });
    }
  }
}

function printWelcome(config: Config, simulatorPort: number, links: Awaited<ReturnType<typeof demoLinks>>): void {
  const url = config.server.publicUrl;
  const signIn = links.map(({ email, path }) => `    ${email.padEnd(21)}${url}${path}`).join("\n");
  console.log(`
  Malipo         ${url}          the API; ${url}/openapi.json describes it
  Reference      ${url}/docs          guides, every call, test numbers; calls run from there
  Demo shop      ${url}/demo          buy something; the phone answers by itself
  Simulator      http://${config.server.host}:${simulatorPort}/_simulator/          phones that answer prompts
  Console        ${url}/console          sign in by a link below; each works once
${signIn}

  TOKEN=$(curl -s ${url}/oauth/token -u cli_demo:demo-secret -d grant_type=client_credentials | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s ${url}/v1/checkouts -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $(date +%s)" -H "Content-Type: application/json" -d '{"amount":150000,"currency":"KES","reference":"order-1001","phone_number":"0712345678"}'
`);
}

const dev = command({
  summary: "the API, a simulator of Daraja and embedded databases, for development",
  details:
    `Settings come from the environment: PORT, SIMULATOR_PORT, DATABASE_URL and those of docs/settings.md. On a terminal
it prints one line for each request, elsewhere JSON; \`deno task malipo logs\` reads the same log later.`,
  async run() {
    const loaded = loadConfig(readEnvironment(settingNames), "development");
    if (!loaded.ok) throw new CommandFailed(formatProblems(loaded.problems));
    await serveDevelopment(loaded.config);
  },
});

if (import.meta.main) await runTask(dev, "deno task dev");
