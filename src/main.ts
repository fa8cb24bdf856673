import { listenAddress } from "./config/address.ts";
import { type EarlyListener, listenEarly } from "./platform/deno/early-listener.ts";
import { readEnvironment } from "./platform/deno/process.ts";
import { jsonLog } from "./telemetry/json-log.ts";
import { VERSION } from "./lib/version.ts";

/**
 * The program of `deno task start`. It listens on the port first and loads the rest of the code afterwards. In the
 * meantime `GET /health/live` is answered, no connection is refused, and every other request waits until the app is
 * loaded.
 */
const address = listenAddress(readEnvironment(["APP_ENV", "HOST", "PORT"]));
const listener = tryToListen();
await new Promise((resolve) => setTimeout(resolve, 5)); // answers the requests that came first before the import blocks

const { run } = await import("./app/start.ts");
await run(listener);

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
