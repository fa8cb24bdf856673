import assert from "node:assert/strict";
import { allowed, secretsIn } from "./secrets.ts";

const ROOT = new URL("../../", import.meta.url);
const SKIPPED = /^(node_modules|\.git|\.data|dist|coverage)$/;

async function* files(folder = ""): AsyncGenerator<string> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory && !SKIPPED.test(name)) yield* files(`${folder}${name}/`);
    if (isFile) yield folder + name;
  }
}

Deno.test("no file holds a secret", async () => {
  const found: string[] = [];
  for await (const path of files()) {
    const secrets = secretsIn(await Deno.readTextFile(new URL(path, ROOT)));
    if (secrets.length > 0 && !(path in allowed)) found.push(`${path}: ${secrets.join(", ")}`);
  }
  assert.deepEqual(found, []);
});

Deno.test("every exception is needed", async () => {
  for (const path of Object.keys(allowed)) {
    assert.notDeepEqual(secretsIn(await Deno.readTextFile(new URL(path, ROOT))), [], path);
  }
});

Deno.test("the scan finds what it looks for", () => {
  const texts = [
    "-----BEGIN " + "PRIVATE KEY-----",
    `mls_${"a1".repeat(21)}b`,
    `{"d":"${"A1".repeat(21)}b"}`,
    `AKIA${"A1".repeat(8)}`,
    `ghp_${"a1".repeat(18)}`,
    `eyJ${"a".repeat(20)}.eyJ${"a".repeat(20)}.${"a".repeat(20)}`,
  ];
  for (const text of texts) assert.equal(secretsIn(text).length, 1, text);
  assert.deepEqual(secretsIn("a client_secret is shown once; npm_config_cache; whsec_..."), []);
});
