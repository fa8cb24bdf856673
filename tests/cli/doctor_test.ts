import assert from "node:assert/strict";
import type { DoctorCheck } from "../../src/cli/doctor/report.ts";
import { checkDaraja } from "../../src/cli/doctor/surroundings.ts";
import { loadConfig } from "../../src/config/config.ts";
import { demoShortcodes } from "../../src/simulator/demo.ts";
import { type Product, withProduct } from "../support/product.ts";

const script = new URL("../../src/cli/doctor.ts", import.meta.url);

async function doctor(
  env: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  const allow = ["--allow-net=127.0.0.1", "--allow-env", "--allow-read", "--allow-write", "--allow-ffi", "--allow-sys"];
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--frozen", ...allow, script.href, ...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, text: decode(output.stdout) + decode(output.stderr) };
}

async function looks(product: Product, ...args: string[]): Promise<{ code: number; found: Map<string, DoctorCheck> }> {
  const { code, text } = await doctor(product.env, "--json", ...args);
  const all: DoctorCheck[] = JSON.parse(text);
  return { code, found: new Map(all.map((look) => [look.of, look])) };
}

Deno.test("the doctor finds nothing wrong with a sound service, and a broken secret at its shortcode", async () => {
  await withProduct({}, async (product) => {
    const sound = await looks(product);
    const bad = [...sound.found.values()].filter(({ status }) => status === "fail");
    assert.deepEqual([sound.code, bad], [0, []]);
    for (const name of ["settings", "daraja", "clock", "database", "schema", "kv", "600000 token", "500000 passkey"]) {
      assert.equal(sound.found.get(name)?.status, "ok", name);
    }
    const id = "sho_01kamcvd000000000000000001";
    const broken = await product.call("PATCH", `/v1/shortcodes/${id}`, { passkey: "not-the-passkey" });
    assert.equal(broken.status, 200);
    const { code, found } = await looks(product, "600000");
    assert.equal(code, 1);
    assert.equal(found.get("600000 passkey")?.status, "fail");
    assert.ok(found.get("600000 passkey")?.remedy);
    assert.equal(found.has("500000 token"), false, "only what was asked for");

    const people = await doctor(product.env, "600000", "600999");
    assert.match(people.text, /fail 600000 passkey/);
    assert.match(people.text, /fail 600999/);
    assert.doesNotMatch(people.text, /[0-9a-f]{98}/, "callback addresses only when asked for");
    for (const { passkey, consumerSecret, initiatorPassword } of demoShortcodes) {
      for (const secret of [passkey, consumerSecret, initiatorPassword]) assert.ok(!people.text.includes(secret));
    }
    assert.equal((await doctor(product.env, "--urls", "600000")).text.match(/[0-9a-f]{98}/g)?.length, 2);
  });
});

Deno.test("the doctor names missing settings, an empty database and a Daraja that does not answer", async () => {
  const folder = await Deno.makeTempDir({ prefix: "malipo-doctor-" });
  try {
    const bare = await doctor({ APP_ENV: "production" });
    assert.equal(bare.code, 1);
    assert.match(bare.text, /PUBLIC_URL: missing/);
    const env = {
      APP_ENV: "test",
      DATABASE_URL: `file:${folder}/x.db`,
      DARAJA_BASE_URL: "http://127.0.0.1:9",
      PUBLIC_URL: "http://127.0.0.1:8000",
    };
    const empty = await doctor(env);
    assert.equal(empty.code, 1);
    assert.match(empty.text, /fail daraja/);
    assert.match(empty.text, /fail schema/);
    assert.equal((await doctor(env, "--what")).code, 2);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a clock that is off by more than a minute is wrong", async () => {
  const loaded = loadConfig({ APP_ENV: "test" }, "start");
  assert.ok(loaded.ok);
  const now = Date.parse("2026-11-22T09:00:00Z");
  const answering = (date: string | null) => () =>
    Promise.resolve(new Response("{}", { status: 400, headers: date === null ? {} : { date } }));
  const clockAt = async (date: string | null) =>
    (await checkDaraja(loaded.config, { now: () => now }, answering(date))).find(({ of }) => of === "clock")?.status;
  assert.equal(await clockAt("Sun, 22 Nov 2026 09:00:30 GMT"), "ok");
  assert.equal(await clockAt("Sun, 22 Nov 2026 09:05:00 GMT"), "fail");
  assert.equal(await clockAt(null), "warn");
});
