import { Storefront } from "../chaos/traffic/client.ts";
import { above0, databaseOf } from "./given.ts";
import { Gun } from "./meter.ts";
import { taskOptions } from "../../src/cli/frame/task.ts";
import { startStand } from "./stand.ts";
import { causes } from "./stress/cause.ts";
import { linesOf, overload, wrongs } from "./stress/overload.ts";
import { ramp, type Step } from "./stress/ramp.ts";
import { Watch } from "./watch.ts";

/**
 * `deno task stress`: sends more and more prompts until the service breaks and says what gave way first; then five times
 * what it sustained, and what becomes of that. Exits 1 when accepted work or a callback is lost, or when it does not
 * recover.
 */
const given = taskOptions("deno task stress", {
  summary: "more and more prompts until the service breaks, then five times what it sustained",
  options: {
    database: { value: "file|sqld", help: "file if left out" },
    from: { value: "RATE", help: "prompts a second at first; 100 if left out" },
    times: { value: "FACTOR", help: "from one step to the next; 1.2 if left out" },
    every: { value: "SECONDS", help: "the length of a step; 4 if left out" },
    seconds: { value: "SECONDS", help: "the length of the overload; 30 if left out" },
  },
});
const values = { database: "file", from: "100", times: "1.2", every: "4", seconds: "30", ...given };
const WARM_MS = 4_000;

const say = (name: string, value: string): void => console.log(`  ${name.padEnd(44)} ${value}`);
const percent = (part: number | undefined): string => `${(100 * (part ?? NaN)).toFixed(0)} %`.padStart(6);

function sayStep({ rate, made, p50, p99, sight, lateMs, broken }: Step): void {
  const { API, simulator, load } = sight.shares;
  console.log(
    `  ${String(rate).padStart(6)} ${made.toFixed(0).padStart(6)} ${String(p50).padStart(6)} ${
      String(p99).padStart(6)
    }` +
      ` ${percent(API?.first)} ${percent(API?.waited)} ${percent(simulator?.first)} ${percent(load?.first)}` +
      ` ${String(sight.turnMs).padStart(6)} ${String(lateMs).padStart(6)}  ${broken ?? ""}`,
  );
}

const stand = await startStand({
  database: databaseOf(values.database),
  env: { SIMULATOR_CALLBACK_DELAY_MS: "500", REQUESTS_AT_ONCE: "256" },
});
const [api] = stand.apis;
if (api === undefined) throw new Error("No API runs.");
const watch = new Watch(
  { API: api.process.pid, simulator: stand.simulator.process.pid, load: Deno.pid },
  api.url,
);
try {
  const gun = new Gun(api.url, await api.client.token());
  await gun.closed(8, WARM_MS);
  console.log("    rate   made    p50    p99    API  waits   sim.   load   turn   late");
  const steps = await ramp(gun, watch, {
    from: above0("from", values.from),
    times: Math.max(1.01, above0("times", values.times)),
    stepMs: above0("every", values.every) * 1000,
  });
  steps.forEach(sayStep);
  const sustainable = steps.at(-2)?.rate ?? 0;
  say("sustainable, checkouts with a prompt a second", String(sustainable));
  const shown = causes(steps, await api.process.said());
  for (const { what, rate, value } of shown) say(`from ${rate} a second`, `${what}: ${value}`);
  say("what broke first", shown[0]?.what ?? "nothing that is watched");
  if (sustainable === 0) throw new Error("The first step broke: begin with less (--from).");

  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const found = await overload(
    { stand, gun, watch, shop: new Storefront([api.url]) },
    sustainable,
    above0("seconds", values.seconds),
  );
  for (const [name, value] of linesOf(found)) say(name, value);
  const bad = wrongs(found);
  for (const what of bad) console.error(`  WRONG: ${what}`);
  if (bad.length > 0) Deno.exitCode = 1;
} finally {
  watch.stop();
  await stand.stop();
}
