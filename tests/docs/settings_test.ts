import assert from "node:assert/strict";
import { settingFiles } from "../../src/cli/settings.ts";
import { developmentKeys, loadConfig, settingNames } from "../../src/config/config.ts";
import { formatKeyring, newRingKey } from "../../src/crypto/keyring.ts";
import { newSigningKey } from "../../src/crypto/signing.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string): Promise<string> => Deno.readTextFile(new URL(path, root));

const example = await read(".env.example");
/** Lines to fill in, and lines behind "#" that show a default. */
const entries = [...example.matchAll(/^(# )?([A-Z0-9_]+)=(.*)$/gm)].map(([, hidden, name = "", text = ""]) => ({
  name,
  text,
  mustBeFilled: hidden === undefined,
}));

const filled = {
  APP_ENV: "production",
  PUBLIC_URL: "https://pay.example.com",
  DATABASE_URL: "libsql://shop.example.io",
  DATABASE_AUTH_TOKEN: "database-token",
  DARAJA_BASE_URL: "https://api.safaricom.co.ke",
  SIGNING_KEYS: JSON.stringify([await newSigningKey("k1")]),
  ENCRYPTION_KEYS: formatKeyring([newRingKey("k1")]),
  CALLBACK_SECRETS: formatKeyring([newRingKey("k1")]),
};

Deno.test("the files that show settings are what `deno task settings` writes", async () => {
  for (const [path, text] of Object.entries(settingFiles())) {
    assert.equal(await read(path), text, `${path} is out of date: run deno task settings`);
  }
});

Deno.test("every setting is in the table, and every setting of `start` in .env.example", async () => {
  const inTable = [...(await read("docs/settings.md")).matchAll(/^\| `([A-Z0-9_]+)`/gm)].map(([, name]) => name);
  assert.deepEqual(inTable.sort(), [...settingNames].sort());
  const ofStart = settingNames.filter((name) => !name.startsWith("SIMULATOR_"));
  assert.deepEqual(entries.map(({ name }) => name).sort(), ofStart.sort());
});

Deno.test("the empty lines of .env.example are exactly what production misses", () => {
  const asItIs = loadConfig({ APP_ENV: "production" }, "start");
  assert.ok(!asItIs.ok);
  const missing = ["APP_ENV", ...asItIs.problems.map(({ name }) => name)];
  assert.deepEqual(entries.filter(({ mustBeFilled }) => mustBeFilled).map(({ name }) => name).sort(), missing.sort());
  assert.ok(entries.every(({ mustBeFilled, text }) => !mustBeFilled || text === ""));
});

Deno.test("the defaults that .env.example shows are those of production", () => {
  const shown = Object.fromEntries(entries.map(({ name, text }) => [name, text]));
  const [usual, written] = [loadConfig(filled, "start"), loadConfig({ ...shown, ...filled }, "start")];
  assert.ok(usual.ok && written.ok);
  assert.deepEqual(written.config, usual.config);
});

Deno.test("neither file holds a key", async () => {
  const texts = example + await read("docs/settings.md");
  for (const key of Object.values(developmentKeys)) assert.ok(!texts.includes(key.slice(-40)));
});
