import assert from "node:assert/strict";
import settings from "../../deno.json" with { type: "json" };
import { developmentKeys, environmentNames, loadConfig } from "../../src/config/config.ts";
import { formatKeyring, newRingKey, type RingKey } from "../../src/crypto/keyring.ts";
import { newSigningKey } from "../../src/crypto/signing.ts";
import { Child, freePort } from "../support/child.ts";

const signing = await newSigningKey("k1");
const production = {
  APP_ENV: "production",
  PUBLIC_URL: "https://pay.example.com",
  DATABASE_URL: "libsql://shop.example.io",
  DATABASE_AUTH_TOKEN: "database-token",
  DARAJA_BASE_URL: "https://api.safaricom.co.ke",
  SIGNING_KEYS: JSON.stringify([signing]),
  ENCRYPTION_KEYS: formatKeyring([newRingKey("k1")]),
  CALLBACK_SECRETS: formatKeyring([newRingKey("k1")]),
};

const problems = (env: Record<string, string>, mode: "start" | "development" = "start"): Record<string, string> => {
  const loaded = loadConfig(env, mode);
  return loaded.ok ? {} : Object.fromEntries(loaded.problems.map(({ name, problem }) => [name, problem]));
};

Deno.test("production refuses a database that is reached without TLS on another machine", () => {
  const urls = [
    "http://db.example.com:8080",
    "ws://db.example.com",
    "http://10.0.0.5:8080",
    "libsql://db.example.com?tls=0",
  ];
  for (const DATABASE_URL of urls) {
    assert.match(problems({ ...production, DATABASE_URL }).DATABASE_URL ?? "", /unencrypted/, DATABASE_URL);
    assert.deepEqual(problems({ APP_ENV: "test", DATABASE_URL, DATABASE_AUTH_TOKEN: "t" }), {}, DATABASE_URL);
  }
  for (const DATABASE_URL of ["http://127.0.0.1:8080", "libsql://db.example.com", "file:/var/lib/malipo.db"]) {
    assert.deepEqual(problems({ ...production, DATABASE_URL }), {}, DATABASE_URL);
  }
});

const ringOf = (
  make: (i: number) => number,
): [RingKey] => [{ id: "k1", bytes: Uint8Array.from({ length: 32 }, (_, i) => make(i)) }];

Deno.test("production refuses keys that are not random", () => {
  const text = "correct horse battery staple 1234";
  const weak = {
    "all zero": ringOf(() => 0),
    "few bytes": ringOf((i) => i % 4),
    "counted": ringOf((i) => i),
    "typed": ringOf((i) => text.charCodeAt(i)),
  };
  for (const [name, ring] of Object.entries(weak)) {
    for (const setting of ["ENCRYPTION_KEYS", "CALLBACK_SECRETS"]) {
      const found = problems({ ...production, [setting]: formatKeyring(ring) });
      assert.deepEqual(Object.keys(found), [setting], name);
      assert.match(found[setting] ?? "", /deno task keys/);
    }
  }
  const zero = { ...signing, kid: "k2", d: "A".repeat(43) };
  assert.deepEqual(Object.keys(problems({ ...production, SIGNING_KEYS: JSON.stringify([zero]) })), ["SIGNING_KEYS"]);
  for (let i = 0; i < 200; i++) {
    const fine = { ...production, CALLBACK_SECRETS: formatKeyring([newRingKey("k1")]) };
    assert.deepEqual(problems(fine), {}, "a random key is never refused");
  }
});

Deno.test("production refuses one key for two purposes, or twice in one ring", () => {
  const key = newRingKey("k1");
  const both = { ENCRYPTION_KEYS: formatKeyring([key]), CALLBACK_SECRETS: formatKeyring([{ ...key, id: "k2" }]) };
  assert.match(problems({ ...production, ...both }).CALLBACK_SECRETS ?? "", /ENCRYPTION_KEYS/);
  const twice = formatKeyring([key, { ...key, id: "k2" }]);
  assert.deepEqual(Object.keys(problems({ ...production, ENCRYPTION_KEYS: twice })), ["ENCRYPTION_KEYS"]);
  const asSigning = { ...production, CALLBACK_SECRETS: `k1:${signing.d}` };
  assert.deepEqual(Object.keys(problems(asSigning)), ["CALLBACK_SECRETS"]);
});

Deno.test("with the development keys nothing listens on an address that others reach", () => {
  for (const HOST of ["0.0.0.0", "::", "192.168.1.7", "pay.example.com"]) {
    assert.deepEqual(Object.keys(problems({ HOST }, "development")), ["HOST"], HOST);
    assert.deepEqual(Object.keys(problems({ APP_ENV: "test", HOST })), ["HOST"], HOST);
    const { SIGNING_KEYS, ENCRYPTION_KEYS, CALLBACK_SECRETS } = production;
    assert.deepEqual(problems({ HOST, SIGNING_KEYS, ENCRYPTION_KEYS, CALLBACK_SECRETS }, "development"), {}, HOST);
    const oneOfThem = { HOST, SIGNING_KEYS, ENCRYPTION_KEYS, CALLBACK_SECRETS: developmentKeys.CALLBACK_SECRETS };
    assert.deepEqual(Object.keys(problems(oneOfThem, "development")), ["HOST"], HOST);
  }
  for (const HOST of ["127.0.0.1", "localhost", "::1", "127.0.0.2"]) {
    assert.deepEqual(problems({ HOST }, "development"), {}, HOST);
  }
});

Deno.test("start may read the variables that it needs, and no others", () => {
  const { start } = settings.permissions;
  assert.deepEqual(start.env, [...environmentNames, "LIBSQL_JS_DEV"].sort(), "list each setting in deno.json too");
  assert.deepEqual(start.ffi, ["node_modules"]);
  assert.equal("run" in start, false);
  assert.match(settings.tasks.start, / -P=start /);
});

Deno.test("start works with these permissions, and only its user reads its files", async () => {
  const folder = await Deno.makeTempDir({ prefix: "malipo-files-" });
  const root = new URL("../../", import.meta.url);
  const port = String(freePort());
  const env = {
    APP_ENV: "test",
    PORT: port,
    DATABASE_URL: `file:${folder}/data/malipo.db`,
    KV_PATH: `${folder}/kv/kv.db`,
    DARAJA_BASE_URL: "http://127.0.0.1:9",
  };
  const run = (...args: string[]) =>
    Child.run(Deno.execPath(), ["run", "--quiet", "--frozen", ...args], { env, cwd: root });
  try {
    await Deno.mkdir(`${folder}/data`);
    await Deno.writeTextFile(`${folder}/data/malipo.db`, "", { mode: 0o666 }); // as an older version made it
    assert.equal((await run("-P=database", "src/cli/migrate.ts").end("SIGCONT")).code, 0);
    const service = run("-P=start", "src/main.ts");
    const started = await service.line((line) => line.includes('"event":"started"') ? true : null);
    assert.ok(started, service.lines.join("\n"));
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`);
    assert.equal(ready.status, 200, await ready.text());
    for (const path of ["data", "kv"]) {
      for await (const { name } of Deno.readDir(`${folder}/${path}`)) {
        const { mode } = await Deno.stat(`${folder}/${path}/${name}`);
        assert.equal((mode ?? 0) & 0o077, 0, `${path}/${name} is ${mode?.toString(8)}`);
      }
    }
    assert.equal((await service.end("SIGTERM")).code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
