import assert from "node:assert/strict";
import { declareDenoCron } from "../../src/platform/deno.ts";
import { keptLog } from "./support.ts";

Deno.test("a cron is declared before its tick is known, and a tick that comes first waits for it", async () => {
  const declared: { name: string; schedule: unknown; tick: () => Promise<void> }[] = [];
  // the real one ticks once a minute
  const declare = ((name: string, schedule: unknown, options: { signal: AbortSignal }, tick: () => Promise<void>) => {
    declared.push({ name, schedule, tick });
    return new Promise<void>((resolve) => options.signal.addEventListener("abort", () => resolve()));
  }) as typeof Deno.cron; // of its overloads only the one that is called
  const cron = declareDenoCron("sweep", keptLog(), declare);
  assert.deepEqual(declared.map(({ name, schedule }) => [name, schedule]), [["sweep", "*/1 * * * *"]]);
  let ticks = 0;
  const early = declared[0]?.tick();
  const job = cron.every("sweep", 60_000, () => Promise.resolve(void ticks++));
  await early;
  assert.equal(ticks, 1);
  await declared[0]?.tick();
  assert.equal(ticks, 2);
  await job.stop();
});
