import assert from "node:assert/strict";
import { buildService } from "../../src/cli/build.ts";
import { createCheckout } from "../support/checkouts.ts";
import { Child, freePort } from "../support/child.ts";
import { ApiClient } from "../support/client.ts";
import { migrateAndSeed } from "../support/fleet.ts";

const root = new URL("../../", import.meta.url);
const ALLOWED = ["net=127.0.0.1", "env", "read", "write", "ffi", "sys"].map((each) => `--allow-${each}`);
// esbuild's service is a process that it ends in its own time.
const unwatched = { sanitizeOps: false, sanitizeResources: false };

Deno.test("the bundled service starts by itself, with its migrations, and takes a payment", unwatched, async () => {
  const folder = new URL(`file://${await Deno.makeTempDir({ prefix: "malipo-build-" })}/`);
  const simulator = Child.start(new URL("src/simulator/main.ts", root), {
    HOST: "127.0.0.1",
    SIMULATOR_PORT: "0",
    SIMULATOR_CALLBACK_DELAY_MS: "50",
  });
  try {
    assert.ok(await buildService(folder) > 500_000, "it is the whole service");
    const database = `file:${folder.pathname}malipo.db`;
    await migrateAndSeed(database);
    const daraja = await simulator.line((line) => /"simulator":"([^"]+)"/.exec(line)?.[1] ?? null) ?? "";
    const port = freePort();
    const url = `http://127.0.0.1:${port}`;
    // only the native driver comes from node_modules, which the configuration finds
    const args = ["run", "--quiet", `--config=${new URL("deno.json", root).pathname}`, ...ALLOWED];
    const api = Child.run(Deno.execPath(), [...args, `${folder.pathname}malipo.js`], {
      env: {
        APP_ENV: "test",
        HOST: "127.0.0.1",
        PORT: String(port),
        PUBLIC_URL: url,
        DATABASE_URL: database,
        KV_PATH: `${folder.pathname}kv.db`,
        DARAJA_BASE_URL: daraja,
      },
    });
    const started = await api.line((line) => line.includes('"event":"started"') ? true : null);
    assert.ok(started, api.lines.join("\n"));
    const client = new ApiClient(() => url, fetch, Date.now);
    assert.equal((await client.call("GET", "/health/ready", undefined, { client: null })).status, 200);
    const { id } = await createCheckout(client, { phone_number: "0712345678" });
    const paid = async () => (await client.call<{ status: string }>("GET", `/v1/checkouts/${id}`)).body.status;
    while (await paid() !== "succeeded") await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal((await api.end("SIGTERM")).code, 0);

    const [start = ""] = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name)
      .filter((name) => /^start-\w+\.js\.map$/.test(name));
    const map: { sources: string[] } = JSON.parse(await Deno.readTextFile(new URL(start, folder)));
    assert.ok(map.sources.some((source) => source.endsWith("src/app/start.ts")), "traces name our files");
  } finally {
    await simulator.end("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
});
