import { taskOptions } from "../../src/cli/frame/task.ts";
import { wrongs } from "../chaos/oracle/verdict.ts";
import { Storefront } from "../chaos/traffic/client.ts";
import { above0, databaseOf } from "./given.ts";
import { compare } from "./load/books.ts";
import { Tally } from "./load/tally.ts";
import { Traffic } from "./load/traffic.ts";
import { percentile } from "./meter.ts";
import { pace } from "./pace.ts";
import { startStand } from "./stand.ts";
import { Watch } from "./watch.ts";

/**
 * `deno task load`: the traffic of an ordinary day at a rate, compared in the end with the simulator's books. Exits 1
 * when they differ, or when anything was cut or answered 5xx.
 */
const given = taskOptions("deno task load", {
  summary: "the traffic of an ordinary day at a rate, compared in the end with the simulator's books",
  options: {
    rate: { value: "RATE", help: "acts a second; 50 if left out" },
    seconds: { value: "SECONDS", help: "60 if left out" },
    database: { value: "file|sqld", help: "file if left out" },
  },
});
const values = { rate: "50", seconds: "60", database: "file", ...given };
const rate = above0("rate", values.rate);
const seconds = above0("seconds", values.seconds);
const database = databaseOf(values.database);

const stand = await startStand({
  database,
  env: { SIMULATOR_KEEP: String(1_000 + Math.ceil(rate * seconds * 2)), SIMULATOR_CALLBACK_DELAY_MS: "500" },
});
const [api] = stand.apis;
if (api === undefined) throw new Error("No API runs.");
const watch = new Watch({ API: api.process.pid, simulator: stand.simulator.process.pid, load: Deno.pid }, api.url);
try {
  const shop = new Storefront([api.url]);
  const tally = new Tally();
  const traffic = new Traffic(shop, stand.simulator.url);
  await pace(20, 2_000, (turn) => traffic.act(turn, new Tally())); // compiles
  await watch.sample();
  const began = performance.now();
  const { late } = await pace(rate, seconds * 1000, (turn) => traffic.act(turn, tally));
  const { shares, turnMs } = await watch.since(began);

  console.log(`load: ${rate} acts a second for ${seconds} s, ${database}`);
  for (const line of tally.lines(seconds)) console.log(line);
  console.log(`  errors: ${tally.errors}; sent late, p99: ${percentile(late, 0.99)} ms`);
  for (const [name, { cpu, first, waited, mostMiB }] of Object.entries(shares)) {
    const parts = [cpu, first, waited].map((part) => `${(100 * part).toFixed(0)} %`);
    console.log(
      `  ${name.padEnd(10)} ${parts[0]} of a core, its first thread ${parts[1]} (waited ${parts[2]}), ${mostMiB} MiB`,
    );
  }
  const apiMs = 1000 * (shares.API?.cpu ?? NaN) * seconds / tally.calls;
  console.log(`  CPU of the API a call: ${apiMs.toFixed(2)} ms; a turn of its event loop, p95: ${turnMs} ms`);

  const verdict = await compare(shop, stand.simulator.url, traffic.wishes);
  for (const wrong of wrongs) console.log(`  ${wrong.padEnd(28)} ${verdict.count(wrong)}`);
  for (const { wrong, what } of verdict.findings.slice(0, 20)) console.error(`  WRONG: ${wrong}: ${what}`);
  if (verdict.findings.length > 0 || tally.broken > 0) Deno.exitCode = 1;
} finally {
  watch.stop();
  await stand.stop();
}
