import assert from "node:assert/strict";
import { checkManifest } from "../../src/cli/deploy-check/manifest.ts";
import { formatKeyring, newRingKey } from "../../src/crypto/keyring.ts";
import { newSigningKey } from "../../src/crypto/signing.ts";
import type { DoctorCheck } from "../../src/cli/doctor/report.ts";

const place = new URL("../../deno.json", import.meta.url);
const manifest = JSON.parse(await Deno.readTextFile(place));

async function deployCheck(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  const script = new URL("../../src/cli/deploy-check.ts", import.meta.url);
  const allow = ["--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-sys", "--allow-ffi"];
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", ...allow, script.href, ...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, text: decode(output.stdout) + decode(output.stderr) };
}

Deno.test("deploy:check names every setting that is missing, and what is expected", async () => {
  const { code, text } = await deployCheck({});
  assert.equal(code, 1);
  for (const name of ["APP_ENV", "PUBLIC_URL", "DATABASE_URL", "SIGNING_KEYS", "ENCRYPTION_KEYS", "CALLBACK_SECRETS"]) {
    assert.match(text, new RegExp(`fail ${name} `));
  }
  assert.match(text, /ok {3}predeploy/);
});

Deno.test("deploy:check refuses a database in a file and a KV store in a file", async () => {
  const id = "2026-01-01";
  const { code, text } = await deployCheck({
    APP_ENV: "production",
    PUBLIC_URL: "https://pay.example.com",
    DARAJA_BASE_URL: "https://api.safaricom.co.ke",
    DATABASE_URL: "file:/nowhere/malipo.db",
    KV_PATH: "/nowhere/kv.db",
    SIGNING_KEYS: JSON.stringify([await newSigningKey(id)]),
    ENCRYPTION_KEYS: formatKeyring([newRingKey(id)]),
    CALLBACK_SECRETS: formatKeyring([newRingKey(id)]),
  }, "--json");
  const found = new Map((JSON.parse(text) as DoctorCheck[]).map((check) => [check.of, check.status]));
  assert.equal(code, 1);
  assert.deepEqual([found.get("settings"), found.get("KV_PATH"), found.get("database")], ["ok", "fail", "fail"]);
});

Deno.test("deploy:check explains itself, and refuses unknown flags", async () => {
  assert.equal((await deployCheck({}, "--help")).code, 0);
  const wrong = await deployCheck({}, "--nothing");
  assert.equal(wrong.code, 2);
  assert.match(wrong.text, /--nothing/);
});

Deno.test("deploy:check finds a deploy block without migrations, without its entrypoint, or with unknown keys", async () => {
  const broken = async (deploy: object) =>
    (await checkManifest({ ...manifest, deploy }, place)).filter(({ status }) => status === "fail").map(({ of }) => of);
  assert.deepEqual(await broken(manifest.deploy), []);
  assert.deepEqual(await broken({ ...manifest.deploy, predeploy: "deno task fmt" }), ["predeploy"]);
  assert.deepEqual(await broken({ ...manifest.deploy, runtime: { entrypoint: "src/none.ts" } }), ["entrypoint"]);
  assert.deepEqual(await broken({ ...manifest.deploy, build: "deno task fmt", runtime: { entrypoint: "dist/x.js" } }), [
    "entrypoint",
  ]);
  assert.deepEqual(await broken({ ...manifest.deploy, memory_limit: 1 }), ["deno.json"]);
});
