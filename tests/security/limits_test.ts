import assert from "node:assert/strict";
import { clientAddress, UNKNOWN_ADDRESS } from "../../src/http/client-address.ts";
import { RateLimit } from "../../src/http/rate-limit.ts";
import { createMemoryKeyValue } from "../../src/platform/memory.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";

const ATTACKER = "203.0.113.7";
const form = { "content-type": "application/x-www-form-urlencoded" };

const send = async (run: InProcess, path: string, init: RequestInit = {}, peer = ATTACKER) => {
  const answer = await run.app.fetch(new Request(publicUrl + path, init), { peer });
  await answer.body?.cancel();
  return answer;
};

const login = (run: InProcess, id: string, secret: string, peer = ATTACKER) =>
  send(run, "/oauth/token", {
    method: "POST",
    headers: form,
    body: `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`,
  }, peer);

const statuses = (answers: readonly Response[]) => {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

Deno.test("200 wrong logins with 200 names from one address are stopped, and nobody else is", () =>
  inProcess(async (run) => {
    const answers = [];
    for (let i = 0; i < 200; i++) answers.push(await login(run, `cli_${i}`, "wrong"));
    assert.deepEqual(statuses(answers), { 401: 30, 429: 170 });
    const refused = answers.at(-1);
    assert.ok(Number(refused?.headers.get("retry-after")) >= 1);
    assert.match(refused?.headers.get("ratelimit") ?? "", /"failed-authentications";r=0;t=\d+/);
    assert.equal((await login(run, "cli_demo", "demo-secret")).status, 200, "the right secret is never refused");
    assert.equal((await login(run, "cli_1", "wrong", "203.0.113.8")).status, 401);
  }, { env: { RATE_LIMIT_TOKENS_PER_MINUTE: "30" } }));

Deno.test("guesses at one client from many addresses are stopped too, and do not lock it out", () =>
  inProcess(async (run) => {
    const answers = [];
    for (let i = 0; i < 40; i++) answers.push(await login(run, "cli_demo", "wrong", `203.0.113.${i}`));
    assert.deepEqual(statuses(answers), { 401: 30, 429: 10 });
    assert.equal((await login(run, "cli_demo", "demo-secret", "198.51.100.1")).status, 200);
  }, { env: { RATE_LIMIT_TOKENS_PER_MINUTE: "30" } }));

Deno.test("300 junk tokens from one address are stopped; a token of ours still counts", () =>
  inProcess(async (run) => {
    const ours = await run.token();
    const ask = (token: string) => send(run, "/v1/checkouts", { headers: { authorization: `Bearer ${token}` } });
    const answers = [];
    for (let i = 0; i < 300; i++) answers.push(await ask(`eyJ.${i}.x`));
    assert.deepEqual(statuses(answers), { 401: 30, 429: 270 });
    assert.equal((await ask(ours)).status, 200);
  }, { env: { RATE_LIMIT_TOKENS_PER_MINUTE: "30" } }));

Deno.test("wrong callback URLs are stopped, right ones never are", () =>
  inProcess(async (run) => {
    const answers = [];
    for (let i = 0; i < 20; i++) answers.push(await send(run, `/notify/${i}`, { method: "POST" }));
    assert.deepEqual(statuses(answers), { 404: 5, 429: 15 });
    const [row] = await run.sql("SELECT id FROM shortcodes LIMIT 1");
    const right = run.services.capabilities.mint("c2b_confirmation", String(row?.[0]));
    assert.equal((await send(run, `/notify/${right}`, { method: "POST", body: "{}" })).status, 200);
  }, { env: { RATE_LIMIT_TOKENS_PER_MINUTE: "5" } }));

Deno.test("pages, documents and readiness are limited by address; whether the process lives is not", () =>
  inProcess(async (run) => {
    const paths = ["/docs", "/openapi.json", "/health/ready", "/pay/chk_1?token=1", "/nowhere", "/llms.txt"];
    for (const path of paths) assert.notEqual((await send(run, path)).status, 429, path);
    for (const path of paths) assert.equal((await send(run, path)).status, 429, path);
    assert.equal((await send(run, "/docs", {}, "203.0.113.8")).status, 200);
    assert.equal((await send(run, "/health/live")).status, 200);
  }, { env: { RATE_LIMIT_PAGES_PER_MINUTE: "6" } }));

Deno.test("one address is limited over all its clients, at the API and at the token endpoint", () =>
  inProcess(async (run) => {
    const token = await run.token();
    const headers = { authorization: `Bearer ${token}` };
    const api = [];
    for (let i = 0; i < 12; i++) api.push(await send(run, "/v1/checkouts", { headers }));
    assert.deepEqual(statuses(api), { 200: 10, 429: 2 });
    const tokens = [];
    for (let i = 0; i < 12; i++) tokens.push(await login(run, "cli_demo", "demo-secret"));
    assert.deepEqual(statuses(tokens), { 200: 10, 429: 2 });
    assert.equal((await send(run, "/v1/checkouts", { headers }, "203.0.113.9")).status, 200);
  }, { env: { RATE_LIMIT_PER_ADDRESS_PER_MINUTE: "10" } }));

Deno.test("answers say where the caller stands, in the form of the IETF draft", () =>
  inProcess(async (run) => {
    const { headers } = await run.call("GET", "/v1/checkouts");
    assert.match(headers.get("ratelimit-policy") ?? "", /^"api-address";q=\d+;w=60, "client";q=50;w=60$/);
    assert.match(headers.get("ratelimit") ?? "", /^"api-address";r=\d+;t=\d+, "client";r=49;t=\d+$/);
  }, { env: { RATE_LIMIT_PER_MINUTE: "50" } }));

Deno.test("an address is never what a caller writes", () => {
  assert.equal(clientAddress("198.51.100.1", "203.0.113.7", 0), "198.51.100.1");
  assert.equal(clientAddress("10.0.0.1", "6.6.6.6, 203.0.113.7", 1), "203.0.113.7");
  assert.equal(clientAddress("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", 2), "203.0.113.7");
  assert.equal(clientAddress("198.51.100.1", "6.6.6.6", 2), "198.51.100.1", "it has not passed both proxies");
  assert.equal(clientAddress("198.51.100.1", undefined, 1), "198.51.100.1");
  assert.equal(clientAddress("10.0.0.1", "6.6.6.6, not an address", 1), UNKNOWN_ADDRESS);
  assert.equal(clientAddress("10.0.0.1", `6.6.6.6, ${"1".repeat(9_000)}`, 1), UNKNOWN_ADDRESS);
  assert.equal(clientAddress("10.0.0.1", "203.0.113.7:4711", 1), "203.0.113.7");
  assert.equal(clientAddress("10.0.0.1", "[2001:db8:1:2::9]:443", 1), clientAddress("2001:db8:1:2:3::1", undefined, 0));
  assert.notEqual(clientAddress("2001:db8:1:2::1", undefined, 0), clientAddress("2001:db8:1:3::1", undefined, 0));
  assert.equal(clientAddress("::ffff:198.51.100.1", undefined, 0), "198.51.100.1");
});

Deno.test("a header moves nobody to another address, and is named in the log once where no setting names a proxy", () =>
  inProcess(async (run) => {
    const answers = [];
    for (let i = 0; i < 8; i++) {
      answers.push(
        await send(run, "/docs", { headers: { "x-forwarded-for": `203.0.113.${i}`, forwarded: "for=1.2.3.4" } }),
      );
    }
    assert.deepEqual(statuses(answers), { 200: 5, 429: 3 });
    assert.equal(run.logged("forwarded_header_ignored").length, 1);
  }, { env: { RATE_LIMIT_PAGES_PER_MINUTE: "5" } }));

Deno.test("processes share their counts through the key-value store", async () => {
  let now = 1_000_000;
  const clock = { now: () => now };
  const kv = createMemoryKeyValue(clock);
  const quota = { name: "shared", limit: 40, windowMs: 60_000 };
  const [one, two] = [new RateLimit(clock, quota, kv), new RateLimit(clock, quota, kv)];
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
  let through = 0;
  for (let i = 0; i < 60; i++) {
    for (const limit of [one, two]) if (limit.take("a").retryAfterSeconds === null) through++;
    await settled();
    now += 100;
  }
  // 40 at once, 4 more in these 6 s, and what both let through between two reconciliations
  assert.ok(through >= 40 && through <= 70, `${through} of 120 came through`);
  now += 60_000;
  assert.equal(one.take("a").retryAfterSeconds, null);
});

Deno.test("a store that fails, or holds nonsense, changes nothing for callers", async () => {
  const clock = { now: () => 10_000 };
  const kv = createMemoryKeyValue(clock);
  await kv.set(["rate-limit", "x", "a"], new TextEncoder().encode("nonsense"));
  const failing = { ...kv, get: () => Promise.reject(new Error("gone")) };
  for (const store of [kv, failing]) {
    const limit = new RateLimit(clock, { name: "x", limit: 3, windowMs: 60_000 }, store);
    const taken = [];
    for (let i = 0; i < 5; i++) {
      taken.push(limit.take("a").retryAfterSeconds === null);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    assert.deepEqual(taken, [true, true, true, false, false]);
  }
});
