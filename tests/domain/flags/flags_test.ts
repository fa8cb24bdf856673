import assert from "node:assert/strict";
import { bucketOf, Flags } from "../../../src/flags/flags.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";

const platform = { client: "cli_platform" } as const;
const set = (run: InProcess, body: unknown, name = "live_pages") =>
  run.call("PATCH", `/v1/flags/${name}`, body, platform);

/** The answer to the stream of a new checkout's page. */
async function stream(run: InProcess): Promise<number> {
  const { hosted_url } = await createCheckout(run);
  const page = new URL(hosted_url);
  const response = await run.app.request(`${page.pathname}/events${page.search}`);
  await response.body?.cancel();
  return response.status;
}

Deno.test("a flag is on for the same units always, and for more of them as its percentage grows", () => {
  const buckets = Array.from({ length: 10_000 }, (_, i) => bucketOf(`live_pages chk_${i}`));
  for (const percent of [1, 10, 50, 90]) {
    const share = buckets.filter((bucket) => bucket < percent).length / 100;
    assert.ok(Math.abs(share - percent) < 2, `${percent} % were ${share} %`);
  }
  assert.deepEqual(buckets, Array.from({ length: 10_000 }, (_, i) => bucketOf(`live_pages chk_${i}`)));
});

Deno.test("live_pages: off for all, on for one merchant, and the default when the settings are removed", () =>
  inProcess(async (run) => {
    assert.equal(await stream(run), 200);
    const off = await set(run, { percent: 0 });
    assert.equal(off.status, 200);
    assert.deepEqual((off.body.settings as { percent: number }[]).map(({ percent }) => percent), [0]);
    assert.equal(await stream(run), 503, "the page polls");
    await set(run, { percent: 100, merchant: DEMO_MERCHANT });
    assert.equal(await stream(run), 200);
    const listed = await run.call("GET", "/v1/flags", undefined, platform);
    const [flag] = listed.body.data as { default_percent: number; settings: { merchant: string | null }[] }[];
    assert.deepEqual(flag?.settings.map(({ merchant }) => merchant), [null, DEMO_MERCHANT]);
    await set(run, { percent: null, merchant: DEMO_MERCHANT });
    assert.equal(await stream(run), 503);
    await set(run, { percent: null });
    assert.equal(await stream(run), 200);
  }));

Deno.test("a flag costs one read in 5 s, not one for each request, and another process's change is noticed", () =>
  inProcess(async (run) => {
    const { db } = run.services;
    let reads = 0;
    const counted = { ...db, read: (...args: Parameters<typeof db.read>) => (reads++, db.read(...args)) };
    const own = new Flags(counted, run.services.clock);
    for (let i = 0; i < 50; i++) assert.equal(await own.isOn("live_pages", DEMO_MERCHANT, `chk_${i}`), true);
    assert.equal(reads, 1);
    await set(run, { percent: 0 });
    run.time.skip(5_000);
    assert.equal(await own.isOn("live_pages", DEMO_MERCHANT, "chk_1"), false);
    assert.equal(reads, 2);
  }));

Deno.test("wrong settings of a flag change nothing", () =>
  inProcess(async (run) => {
    for (
      const [body, pointer] of [
        [{ percent: 101 }, "/percent"],
        [{ percent: 1.5 }, "/percent"],
        [{}, "/percent"],
        [{ percent: 10, merchant: "mer_nobody" }, "/merchant"],
      ] as const
    ) {
      const { status, body: problem } = await set(run, body);
      assert.equal(status, 422);
      assert.equal((problem.errors as { pointer: string }[])[0]?.pointer, pointer);
    }
    assert.equal((await set(run, { percent: 1 }, "nonsense")).status, 404);
    assert.equal(await stream(run), 200);
  }));

Deno.test("only who has the scope platform sees and sets flags", () =>
  inProcess(async (run) => {
    for (const client of ["cli_demo", "cli_operator"] as const) {
      assert.equal((await run.call("GET", "/v1/flags", undefined, { client })).status, 403);
      assert.equal((await run.call("PATCH", "/v1/flags/live_pages", { percent: 0 }, { client })).status, 403);
    }
    assert.equal((await run.call("GET", "/v1/flags", undefined, { client: null })).status, 401);
    assert.equal(await stream(run), 200);
  }));
