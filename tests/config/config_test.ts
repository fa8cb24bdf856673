import assert from "node:assert/strict";
import {
  type Config,
  developmentKeys,
  formatProblems,
  loadConfig,
  type Mode,
  settingNames,
} from "../../src/config/config.ts";
import { formatKeyring, newRingKey } from "../../src/crypto/keyring.ts";
import { newSigningKey } from "../../src/crypto/signing.ts";

const production = {
  APP_ENV: "production",
  PUBLIC_URL: "https://pay.example.com",
  DATABASE_URL: "libsql://shop.example.io",
  DATABASE_AUTH_TOKEN: "database-token",
  DARAJA_BASE_URL: "https://api.safaricom.co.ke",
  SIGNING_KEYS: JSON.stringify({ keys: [await newSigningKey("k1")] }),
  ENCRYPTION_KEYS: formatKeyring([newRingKey("k2"), newRingKey("k1")]),
  CALLBACK_SECRETS: formatKeyring([newRingKey("k1")]),
};

type Env = Record<string, string | undefined>;

function load(env: Env, mode: Mode): Config {
  const loaded = loadConfig(env, mode);
  assert.ok(loaded.ok, loaded.ok ? "" : formatProblems(loaded.problems));
  return loaded.config;
}

function problems(env: Env, mode: Mode = "start"): Record<string, string> {
  const loaded = loadConfig(env, mode);
  assert.ok(!loaded.ok, "accepted");
  return Object.fromEntries(loaded.problems.map(({ name, problem }) => [name, problem]));
}

Deno.test("development needs no setting at all", () => {
  const config = load({}, "development");
  assert.equal(config.environment, "development");
  assert.deepEqual(config.server, {
    host: "127.0.0.1",
    port: 8000,
    publicUrl: "http://127.0.0.1:8000",
    trustedProxies: 0,
  });
  assert.deepEqual(config.database, { url: "file:.data/malipo.db", authToken: null });
  assert.equal(config.kv.path, ".data/kv.db");
  assert.deepEqual(config.daraja, {
    baseUrl: "http://127.0.0.1:8001",
    simulated: true,
    queriesPerMinute: Infinity,
    b2cVersion: "v3",
  });
  assert.deepEqual(config.simulator, { port: 8001, callbackDelayMs: 1500, lateMs: 90_000 });
  assert.equal(config.plans.scale, 1);
});

Deno.test("derived defaults follow the ports, and an empty value counts as none", () => {
  const config = load({ PORT: "9000", SIMULATOR_PORT: " 9001 ", PUBLIC_URL: "", KV_PATH: "  " }, "development");
  assert.equal(config.server.publicUrl, "http://127.0.0.1:9000");
  assert.equal(config.daraja.baseUrl, "http://127.0.0.1:9001");
  assert.equal(config.kv.path, ".data/kv.db");
});

Deno.test("amounts are read in whole shillings and held in cents", () => {
  const { limits } = load({ CHECKOUT_MAX_AMOUNT_KES: "70000", PAYOUT_MIN_KES: "50" }, "development");
  assert.equal(limits.checkouts.maxAmount, 7_000_000);
  assert.equal(limits.payouts.minAmount, 5_000);
  assert.equal(limits.payouts.maxAmount, 25_000_000);
  assert.equal(limits.payouts.approvalFrom, 1_000_000);
  assert.equal(limits.payouts.approvalExpiresMs, 86_400_000);
});

Deno.test("a full production environment is accepted, with tight limits", () => {
  const config = load(production, "start");
  assert.equal(config.kv.path, null);
  assert.equal(config.daraja.simulated, false);
  assert.equal(config.daraja.queriesPerMinute, 60);
  assert.deepEqual(config.limits.requests, {
    atOnce: 256,
    tokensAtOnce: 64,
    pagesAtOnce: 256,
    perAddressAtOnce: 128,
    bodyDeadlineMs: 10_000,
    callbacksAtOnce: 20000,
    darajaCallsAtOnce: 12000,
    perMinute: 600,
    perAddressPerMinute: 1200,
    pagesPerMinute: 3000,
    failedAuthenticationsPerMinute: 30,
  });
  assert.equal(config.limits.checkouts.promptsPerPhonePerHour, 5);
  assert.equal(config.limits.payouts.countPerPhonePerHour, 10);
  assert.equal(config.limits.payouts.perSecond, 20);
  assert.deepEqual(config.keys.encryption.map(({ id }) => id), ["k2", "k1"]);
});

Deno.test("Safaricom's sandbox takes five queries a minute, unless the setting says otherwise", () => {
  const staging = { ...production, APP_ENV: "staging", DARAJA_BASE_URL: "https://sandbox.safaricom.co.ke" };
  assert.equal(load(staging, "start").daraja.queriesPerMinute, 5);
  assert.equal(load({ ...staging, DARAJA_QUERIES_PER_MINUTE: "9" }, "start").daraja.queriesPerMinute, 9);
  const unlimited = load({ ...staging, DARAJA_QUERIES_PER_MINUTE: "unlimited" }, "start");
  assert.equal(unlimited.daraja.queriesPerMinute, Infinity);
});

Deno.test("production with nothing set names everything that is missing at once", () => {
  const required = [
    "PUBLIC_URL",
    "DATABASE_URL",
    "DATABASE_AUTH_TOKEN",
    "DARAJA_BASE_URL",
    "SIGNING_KEYS",
    "ENCRYPTION_KEYS",
    "CALLBACK_SECRETS",
  ];
  const missing = (names: string[]) => Object.fromEntries(names.map((name) => [name, "missing"]));
  assert.deepEqual(problems({ APP_ENV: "production" }), missing(required));
  assert.deepEqual(problems({}), missing(["APP_ENV", ...required]));
});

Deno.test("production and staging refuse the development keys, alone or in a ring", async () => {
  const ring = `${formatKeyring([newRingKey("k9")])},renamed:${developmentKeys.ENCRYPTION_KEYS.split(":")[1]}=`;
  const [published] = JSON.parse(developmentKeys.SIGNING_KEYS);
  const signing = JSON.stringify([await newSigningKey("k1"), { ...published, kid: "renamed" }]);
  for (const APP_ENV of ["production", "staging"]) {
    for (const keys of [developmentKeys, { ...developmentKeys, ENCRYPTION_KEYS: ring, SIGNING_KEYS: signing }]) {
      const found = problems({ ...production, ...keys, APP_ENV });
      assert.deepEqual(Object.keys(found), ["SIGNING_KEYS", "ENCRYPTION_KEYS", "CALLBACK_SECRETS"]);
      for (const problem of Object.values(found)) assert.match(problem, /development key/);
    }
  }
});

Deno.test("production refuses plain http and a Daraja on this machine", () => {
  const addresses = [
    "http://127.0.0.1:8001",
    "https://localhost",
    "https://127.9.9.9",
    "https://[::1]:1",
    "https://x.localhost.",
  ];
  for (const DARAJA_BASE_URL of addresses) {
    assert.deepEqual(Object.keys(problems({ ...production, DARAJA_BASE_URL })), ["DARAJA_BASE_URL"], DARAJA_BASE_URL);
  }
  for (const PUBLIC_URL of ["http://pay.example.com", "https://127.0.0.1:8000", "https://localhost"]) {
    assert.deepEqual(Object.keys(problems({ ...production, PUBLIC_URL })), ["PUBLIC_URL"], PUBLIC_URL);
  }
});

Deno.test("a public URL that Daraja would refuse in a callback is refused at once", () => {
  for (const host of ["mpesa.example.com", "pay.SQLshop.co.ke", "query.example.com"]) {
    const { PUBLIC_URL } = problems({ ...production, PUBLIC_URL: `https://${host}` });
    assert.match(PUBLIC_URL ?? "", /Daraja refuses/);
  }
});

Deno.test("a public URL is an origin and nothing more; a last slash is dropped", () => {
  assert.equal(
    load({ PUBLIC_URL: "https://pay.example.com/" }, "development").server.publicUrl,
    "https://pay.example.com",
  );
  for (const PUBLIC_URL of ["pay.example.com", "https://a.co/x", "https://u:p@a.co", "https://a.co?x", "ftp://a.co"]) {
    assert.deepEqual(Object.keys(problems({ PUBLIC_URL }, "development")), ["PUBLIC_URL"], PUBLIC_URL);
  }
});

Deno.test("a database token is needed unless the database is a file, or a local server in development", () => {
  const { DATABASE_AUTH_TOKEN: _, ...rest } = production;
  assert.deepEqual(problems(rest), { DATABASE_AUTH_TOKEN: "missing" });
  assert.deepEqual(problems({ ...rest, DATABASE_URL: "http://127.0.0.1:8080" }), { DATABASE_AUTH_TOKEN: "missing" });
  assert.equal(load({ ...rest, DATABASE_URL: "file:/data/malipo.db" }, "start").database.authToken, null);
  for (const DATABASE_URL of ["http://127.0.0.1:8080", "http://localhost:8080"]) {
    assert.equal(load({ APP_ENV: "test", DATABASE_URL }, "start").database.authToken, null);
  }
  const remote = { APP_ENV: "test", DATABASE_URL: "libsql://shop.example.io" };
  assert.deepEqual(problems(remote), { DATABASE_AUTH_TOKEN: "missing" });
});

Deno.test("deno task dev refuses every environment but development and test", () => {
  load({ APP_ENV: "test" }, "development");
  for (const APP_ENV of ["production", "staging", "prod"]) {
    assert.deepEqual(Object.keys(problems({ ...production, APP_ENV }, "development")), ["APP_ENV"]);
  }
});

Deno.test("each bad number is named, and does not spoil what is derived from it", () => {
  const bad = {
    PORT: "70000",
    SIMULATOR_PORT: "x",
    SIMULATOR_LATE_MS: "-1",
    PLAN_SCALE: "0",
    RATE_LIMIT_PER_MINUTE: "0",
    CHECKOUT_MAX_AMOUNT_KES: "1.5",
    PROMPTS_PER_CHECKOUT: "1e3",
    PAYOUTS_PER_SECOND: "many",
    PAYOUT_APPROVAL_EXPIRES_HOURS: "1000",
    DATABASE_URL: "malipo.db",
  };
  assert.deepEqual(Object.keys(problems(bad, "development")).sort(), Object.keys(bad).sort());
});

Deno.test("the largest payout is not below the smallest", () => {
  assert.deepEqual(problems({ PAYOUT_MIN_KES: "100", PAYOUT_MAX_KES: "99" }, "development"), {
    PAYOUT_MAX_KES: "below PAYOUT_MIN_KES",
  });
  assert.deepEqual(Object.keys(problems({ PAYOUT_MIN_KES: "x" }, "development")), ["PAYOUT_MIN_KES"]);
});

Deno.test("no message about settings holds a value", () => {
  const canary = "c4n4ry";
  const env = Object.fromEntries(settingNames.map((name) => [name, `${canary}:${canary}`]));
  const keys = {
    SIGNING_KEYS: JSON.stringify([{ kty: canary, d: canary, kid: canary }]),
    ENCRYPTION_KEYS: `${canary}:AA`,
  };
  for (const variables of [env, { ...env, ...keys }, { ...env, APP_ENV: "test" }]) {
    const loaded = loadConfig(variables, "start");
    assert.ok(!loaded.ok);
    assert.ok(!formatProblems(loaded.problems).includes(canary));
    assert.ok(!JSON.stringify(loaded.problems).includes(canary));
  }
});

Deno.test("the message has one line for each problem, with what is expected", () => {
  const loaded = loadConfig({ APP_ENV: "production" }, "start");
  assert.ok(!loaded.ok);
  const [heading, ...lines] = formatProblems(loaded.problems).split("\n");
  assert.match(heading ?? "", /7 settings/);
  assert.equal(lines.length, 7);
  for (const line of lines) assert.match(line, /^ {2}[A-Z_]+: missing\. Expected: .{10,}\.$/);
});

Deno.test("the configuration can't be changed", () => {
  const config = load({}, "development");
  for (const part of [config, config.server, config.limits, config.limits.payouts, config.keys]) {
    assert.ok(Object.isFrozen(part));
  }
});
