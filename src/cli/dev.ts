import type { AppDeps } from "../app/app.ts";
import { type Config, formatProblems, loadConfig, settingNames } from "../config/config.ts";
import { createVault } from "../crypto/vault.ts";
import { c2bUrls } from "../domain/shortcodes/urls.ts";
import { openDatabase } from "../db/open.ts";
import { migrate } from "../db/migrator.ts";
import { type RunningService, start } from "../app/start.ts";
import { demoShop } from "../pages/demo/routes.tsx";
import { makeFilesPrivate, readEnvironment, serve, systemClock, untilStopped } from "../platform/deno.ts";
import { jsonLog } from "../telemetry/json-log.ts";
import { demoShortcodes } from "../simulator/demo.ts";
import { createSimulator } from "../simulator/simulator.ts";
import { loadMigrations } from "../platform/deno/migrations.ts";
import { registeredShortcodes, seed } from "./seed.ts";

/** `deno task dev`: API, simulator and embedded databases in one process, ready to be tried with curl. */
async function dev(config: Config): Promise<void> {
  const stopped = untilStopped();
  const simulator = createSimulator({
    callbackDelayMs: config.simulator.callbackDelayMs,
    lateCallbackDelayMs: config.simulator.lateMs,
    shortcodes: demoShortcodes,
  });
  const daraja = serve(
    { hostname: config.server.host, port: config.simulator.port },
    (request) => simulator.app.fetch(request),
    jsonLog,
  );
  const db = await openDatabase(config.database.url, config.database.authToken ?? undefined);
  await migrate(db, await loadMigrations());
  await seed({ db, clock: systemClock, vault: await createVault(config.keys.encryption) });
  const running = await start(config, jsonLog, db, { extend: shopFor(config) });
  await registerUrls(running);
  printWelcome(config, daraja.port);

  await stopped.signal;
  await running.stop();
  await simulator.close();
  await daraja.stop(1_000);
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
        credentials: { id: "cli_demo", secret: "demo-secret" },
        call: async (request) => await app.fetch(request),
      }),
    );
}

/** Registers the C2B URLs of the demo paybill with the simulator, so that C2B payments arrive from the start. */
async function registerUrls({ services }: RunningService): Promise<void> {
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
      jsonLog.write("warn", "c2b_not_registered", { shortcode: number, outcome: answer.outcome });
    }
  }
}

function printWelcome(config: Config, simulatorPort: number): void {
  const url = config.server.publicUrl;
  console.log(`
  Malipo         ${url}          the API; ${url}/openapi.json describes it
  Demo shop      ${url}/demo          buy something; the phone answers by itself
  Simulator      http://${config.server.host}:${simulatorPort}/_simulator/          phones that answer prompts

  TOKEN=$(curl -s ${url}/oauth/token -u cli_demo:demo-secret -d grant_type=client_credentials | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
  curl -s ${url}/v1/checkouts -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: $(date +%s)" -H "Content-Type: application/json" -d '{"amount":150000,"currency":"KES","reference":"order-1001","phone_number":"0712345678"}'
`);
}

const loaded = loadConfig(readEnvironment(settingNames), "development");
if (!loaded.ok) {
  console.error(formatProblems(loaded.problems));
  Deno.exit(1);
}
makeFilesPrivate();
await dev(loaded.config);
Deno.exit(0);
