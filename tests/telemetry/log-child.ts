import { jsonLog } from "../../src/telemetry/json-log.ts";

/** Run by json-log_test.ts: logs a line for each level named, or kills itself; then returns or exits. */
const [levels = "", end] = Deno.args;
for (const [n, level] of levels.split(",").entries()) {
  if (level === "killed") Deno.kill(Deno.pid, "SIGKILL");
  if (level === "info" || level === "warn" || level === "alert") jsonLog.write(level, "line", { n });
}
if (end === "exits") Deno.exit(0);
