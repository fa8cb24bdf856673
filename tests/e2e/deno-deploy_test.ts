import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { seed } from "../../src/cli/seed.ts";
import { loadConfig } from "../../src/config/config.ts";
import { createVault } from "../../src/crypto/vault.ts";
import { openDatabase } from "../../src/db/open.ts";
import { systemClock } from "../../src/platform/deno.ts";
import { createCheckout } from "../support/checkouts.ts";
import { Child, freePort } from "../support/child.ts";
import { ApiClient } from "../support/client.ts";
import { startSqld } from "../support/sqld.ts";

const root = new URL("../../", import.meta.url);
interface Manifest {
  readonly deploy: {
    readonly build: string;
    readonly predeploy: string;
    readonly runtime: { readonly entrypoint: string };
  };
  readonly tasks: Record<string, string>;
}
const manifest: Manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
// Deploy gives every permission but can't set flags. A folder that can't be written is played by no write permission.
const PERMISSIONS = ["net=127.0.0.1,0.0.0.0", "env", "read", "sys", "ffi"].map((each) => `--allow-${each}`);

/** Runs a task of deno.json that the deploy block names. */
async function run(command: string, env: Record<string, string> = {}) {
  const args = manifest.tasks[command.replace("deno task ", "")]?.split(" ").slice(1) ?? []; // without "deno"
  const ran = Child.run(Deno.execPath(), args, { cwd: root, env });
  return { ...await ran.end("SIGCONT"), text: ran.lines.join("\n") };
}

let built: ReturnType<typeof run> | undefined;

/** Builds once what Deploy starts. */
async function build(): Promise<void> {
  built ??= run(manifest.deploy.build);
  const { code, text } = await built;
  assert.equal(code, 0, text);
}

/** sqld that wants a token, in the place of Turso, and the simulator in the place of Daraja. */
async function world() {
  await build();
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519", extractable: true });
  const database = await startSqld({ jwtKey: (await exportJWK(publicKey)).x ?? "" });
  const token = await new SignJWT({ a: "rw" }).setProtectedHeader({ alg: "EdDSA" }).sign(privateKey);
  const simulator = Child.start(new URL("src/simulator/main.ts", root), {
    HOST: "127.0.0.1",
    SIMULATOR_PORT: "0",
    SIMULATOR_CALLBACK_DELAY_MS: "50",
  });
  const daraja = await simulator.line((line) => /"simulator":"([^"]+)"/.exec(line)?.[1] ?? null) ?? "";
  const port = freePort();
  const cwd = await Deno.makeTempDir({ prefix: "malipo-deploy-" });
  const env = {
    DENO_DEPLOY: "1",
    DENO_TIMELINE: "production",
    APP_ENV: "test",
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATABASE_URL: database.url,
    DATABASE_AUTH_TOKEN: token,
    DARAJA_BASE_URL: daraja,
  };
  return {
    env,
    database,
    migrate: (timeline: string) => run(manifest.deploy.predeploy, { ...env, DENO_TIMELINE: timeline }),
    boot: (more: Record<string, string> = {}) =>
      Child.run(Deno.execPath(), [
        "run",
        "--quiet",
        ...PERMISSIONS,
        new URL(manifest.deploy.runtime.entrypoint, root).pathname,
      ], { env: { ...env, ...more }, cwd: new URL(`file://${cwd}/`) }),
    async [Symbol.asyncDispose]() {
      await simulator.end("SIGTERM");
      await database.stop();
      await Deno.remove(cwd, { recursive: true });
    },
  };
}

const eventOf = (line: string): string | null => /"event":"([^"]+)"/.exec(line)?.[1] ?? null;

Deno.test("on Deno Deploy: the build command bundles, the predeploy command migrates, the entrypoint starts without flags, and a payment succeeds", async () => {
  await using deploy = await world();
  const unmigrated = deploy.boot();
  assert.equal((await unmigrated.end("SIGCONT")).code, 1);
  assert.match(unmigrated.lines.join("\n"), /The database has no schema\. Run `deno task migrate`/);

  const migrated = await deploy.migrate("production");
  assert.equal(migrated.code, 0, migrated.text);
  const db = await openDatabase(deploy.env.DATABASE_URL, deploy.env.DATABASE_AUTH_TOKEN);
  const loaded = loadConfig(deploy.env, "start");
  assert.ok(loaded.ok);
  await seed({ db, clock: systemClock, vault: await createVault(loaded.config.keys.encryption) });
  await db.close();

  const api = deploy.boot();
  const started = await api.line((line) => eventOf(line) === "started" ? true : null);
  assert.ok(started, api.lines.join("\n"));
  const client = new ApiClient(() => deploy.env.PUBLIC_URL, fetch, Date.now);
  const { id } = await createCheckout(client, { phone_number: "0712345678" });
  const paid = async () => (await client.call<{ status: string }>("GET", `/v1/checkouts/${id}`)).body.status;
  while (await paid() !== "succeeded") await new Promise((resolve) => setTimeout(resolve, 20));

  const { code, signal } = await api.end("SIGINT");
  assert.deepEqual({ code, signal }, { code: 0, signal: null });
  const events = api.lines.map(eventOf);
  assert.equal(events.filter((event) => event === "queue.absent").length, 1, "one line says that there is no KV queue");
  assert.deepEqual(events.filter((event) => /kv\.|cron\.|queue\.(?!absent)|sweep/.test(event ?? "")), []);
});

Deno.test("on Deno Deploy: a branch neither migrates nor uses the production database, and has no cron", async () => {
  await using deploy = await world();
  assert.equal((await deploy.migrate("production")).code, 0);
  const branch = await deploy.migrate("git-branch/new-page");
  assert.equal(branch.code, 1);
  assert.match(branch.text, /wrong_timeline: The database belongs to the timeline production/);

  const api = deploy.boot({ DENO_TIMELINE: "git-branch/new-page" });
  assert.equal((await api.end("SIGCONT")).code, 1);
  const said = api.lines.join("\n");
  assert.match(said, /"event":"sweep.off"/);
  assert.match(said, /can't start: The database belongs to the timeline production/);
});

Deno.test("on Deno Deploy: branches share a database of their own; one that was set up elsewhere is for production only", async () => {
  await using deploy = await world();
  assert.equal((await deploy.migrate("git-branch/a")).code, 0);
  assert.equal((await deploy.migrate("preview/b")).code, 0);
  assert.match((await deploy.migrate("production")).text, /wrong_timeline/);
  assert.equal((await deploy.migrate("")).code, 0, "by hand, outside of Deploy");

  await using elsewhere = await world();
  assert.equal((await elsewhere.migrate("")).code, 0);
  assert.match((await elsewhere.migrate("git-branch/a")).text, /may be the production database/);
  assert.equal((await elsewhere.migrate("production")).code, 0);
});
