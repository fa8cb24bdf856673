import { formatProblems, loadConfig, settingNames } from "../../../src/config/config.ts";
import { openDatabase } from "../../../src/db/open.ts";
import { start } from "../../../src/app/start.ts";
import { readEnvironment, untilStopped } from "../../../src/platform/deno.ts";
import { jsonLog } from "../../../src/telemetry/json-log.ts";
import type { Command, Orders } from "./control.ts";
import { crashing, refusing } from "./seams.ts";
import { sabotageOf } from "./sabotage.ts";

/** The API as `deno task start` runs it, with faults planted where the host's parts come in. */
const loaded = loadConfig(readEnvironment(settingNames), "start");
if (!loaded.ok) {
  console.error(formatProblems(loaded.problems));
  Deno.exit(1);
}
const { config } = loaded;
const orders: Orders = JSON.parse(Deno.env.get("CHAOS") ?? "null");
const clock = { now: () => Date.now() + offsetMs() };

const READ_AGAIN_MS = 2;
let [offset, readAt] = [0, -Infinity];

/** A process that was stopped meanwhile sees the right time at once when it goes on, as on a real machine. */
function offsetMs(): number {
  if (orders.clockFile === null || performance.now() - readAt < READ_AGAIN_MS) return offset;
  offset = Number(Deno.readTextFileSync(orders.clockFile));
  readAt = performance.now();
  return offset;
}

const stopped = untilStopped();
const refusals = refusing();
if (orders.refuse !== null) refusals.refuse(orders.refuse.table, orders.refuse.until);
const parts = {
  db: refusals.wrap(await openDatabase(config.database.url, config.database.authToken ?? undefined)),
  fetch: fetch as typeof fetch,
};
const bad = sabotageOf(orders.sabotage)(parts);
const marked = orders.crash === null ? bad : crashing(orders.crash)(bad);
const running = await start(config, jsonLog, marked.db, { clock, fetch: marked.fetch });
jsonLog.write("info", "chaos_ready");

const obey = ({ table, until }: Command): void => refusals.refuse(table, until);

async function listen(): Promise<void> {
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) obey(JSON.parse(line));
  }
}

const orphaned = listen().then(() => "SIGTERM" as const); // the harness is gone
await Promise.race([stopped.signal, orphaned]);
await running.stop();
Deno.exit(0);
