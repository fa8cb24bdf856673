import { listenAddress } from "./config/address.ts";
import { deploymentNames, deploymentOf, isProductionTimeline } from "./config/deployment.ts";
import { refuseArguments } from "./platform/deno/arguments.ts";
import { declareDenoCron, noCron } from "./platform/deno/cron.ts";
import { type EarlyListener, listenEarly } from "./platform/deno/early-listener.ts";
import type { Cron } from "./platform/ports.ts";
import { readEnvironment } from "./platform/deno/process.ts";
import { jsonLog } from "./telemetry/json-log.ts";
import { VERSION } from "./lib/version.ts";

/**
 * The program of `deno task start`. It listens on the port first and loads the rest of the code afterwards. In the
 * meantime `GET /health/live` is answered, no connection is refused, and every other request waits until the app is
 * loaded. On Deno Deploy it also declares its cron before, because Deploy accepts none later.
 */
refuseArguments();
const deployment = deploymentOf(readEnvironment(deploymentNames));
const cron = deployment === null ? null : deploymentCron();
const address = listenAddress(readEnvironment(["APP_ENV", "HOST", "PORT"]));
const listener = tryToListen();
await new Promise((resolve) => setTimeout(resolve, 5)); // answers the requests that came first before the import blocks

const { run } = await import("./app/start.ts");
await run(listener, cron);

/**
 * Null when the settings give no address or the port cannot be opened. Then `run` checks all settings first, because
 * their problems say more than a failed port; if they are right, it tries the port again and reports the error.
 */
function tryToListen(): EarlyListener | null {
  try {
    return address === null ? null : listenEarly(address, { status: "live", version: VERSION }, jsonLog);
  } catch {
    return null;
  }
}

/** Deploy runs the crons of all branches. Only the production timeline may move money by itself. */
function deploymentCron(): Cron {
  if (isProductionTimeline(deployment)) return declareDenoCron("sweep", jsonLog);
  jsonLog.write("info", "sweep.off", { timeline: deployment?.timeline ?? null, why: "not the production timeline" });
  return noCron;
}
