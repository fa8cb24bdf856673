import { demoShortcodes } from "./demo.ts";
import { createSimulator } from "./simulator.ts";

const HELP = `deno task simulator: runs the stand-in for Daraja alone, for any project that calls Daraja.

  --help   prints this text

It listens on http://127.0.0.1:8001, and its first page shows credentials and test numbers. Settings: HOST,
SIMULATOR_PORT, SIMULATOR_CALLBACK_DELAY_MS, SIMULATOR_LATE_MS, SIMULATOR_KEEP.`;

const [argument] = Deno.args;
if (argument === "--help") {
  console.log(HELP);
  Deno.exit(0);
}
if (argument !== undefined) {
  console.error(`${argument} is not known here.\n\n${HELP}`);
  Deno.exit(2);
}

/** A whole number from the environment. Ends the process if the value is anything else. */
function integerSetting(name: string, fallback: number): number {
  const value = Deno.env.get(name);
  if (value === undefined || value === "") return fallback;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  console.error(`${name} must be a whole number`);
  Deno.exit(1);
}

const simulator = createSimulator({
  callbackDelayMs: integerSetting("SIMULATOR_CALLBACK_DELAY_MS", 1500),
  lateCallbackDelayMs: integerSetting("SIMULATOR_LATE_MS", 90_000),
  maxEntries: integerSetting("SIMULATOR_KEEP", 100_000),
  shortcodes: demoShortcodes,
});

const server = Deno.serve({
  hostname: Deno.env.get("HOST") || "127.0.0.1",
  port: integerSetting("SIMULATOR_PORT", 8001),
  onListen: ({ hostname, port }) => {
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    console.log(JSON.stringify({ simulator: `http://${host}:${port}` }));
  },
}, simulator.app.fetch);

const GRACE_MS = 2_000;

async function stop(): Promise<void> {
  // A client that keeps its connection open must not stop the process from ending.
  setTimeout(() => Deno.exit(0), GRACE_MS);
  await simulator.close();
  await server.shutdown();
  Deno.exit(0);
}

Deno.addSignalListener("SIGINT", stop);
Deno.addSignalListener("SIGTERM", stop);
