import { listenAddress } from "./config/address.ts";
import { type Door, openDoor } from "./platform/deno/door.ts";
import { readEnvironment } from "./platform/deno/process.ts";
import { jsonLog } from "./telemetry/json-log.ts";
import { version } from "./lib/version.ts";

/**
 * `deno task start`. Listens before the rest is read: from then on the process is alive, nobody who calls is refused,
 * and who asks for more than that waits until it is there.
 */
const address = listenAddress(readEnvironment(["APP_ENV", "HOST", "PORT"]));
const door = opened();
await new Promise((resolve) => setTimeout(resolve, 5)); // who waits at the door is answered before the rest is read

const { run } = await import("./app/start.ts");
await run(door);

/** Null where it can't be: then the settings are judged first, and say more than a port that is taken. */
function opened(): Door | null {
  try {
    return address === null ? null : openDoor(address, { status: "live", version }, jsonLog);
  } catch {
    return null;
  }
}
