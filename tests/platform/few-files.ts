import { serve } from "../../src/platform/deno/serve.ts";
import { jsonLog } from "../../src/telemetry/json-log.ts";

/** Run by few-files_test.ts, where few files may be open: a server, and where it listens. */
const server = serve({ hostname: "127.0.0.1", port: 0 }, () => new Response("here"), jsonLog);
jsonLog.write("warn", "listening", { port: server.port });
