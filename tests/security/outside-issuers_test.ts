import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { loadConfig } from "../../src/config/config.ts";
import { newId } from "../../src/crypto/ids.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";

const issuer = "https://login.example.com/realms/shop";
const jwksUrl = "https://login.example.com/jwks";
const audience = "https://pay.example.com";

const settings = {
  issuer,
  jwks_url: jwksUrl,
  audience,
  algorithms: ["ES256"],
  merchant: { claim: ["shop", "name"], values: { demo: DEMO_MERCHANT, other: OTHER_MERCHANT } },
  scopes: {
    claim: ["shop", "roles"],
    allow: ["checkouts:read", "payments:read", "operator"],
    names: { cashier: ["checkouts:read", "payouts:write"], boss: "operator" },
  },
};

const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
const { privateKey: newer, publicKey: newerPublic } = await generateKeyPair("ES256", { extractable: true });
const jwk = { ...await exportJWK(publicKey), kid: "k1", alg: "ES256", use: "sig" };
const newerJwk = { ...await exportJWK(newerPublic), kid: "k2", alg: "ES256", use: "sig" };

interface Made {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: { readonly alg?: string; readonly typ?: string; readonly kid?: string };
  readonly key?: CryptoKey | Uint8Array;
}

/** A token as the issuer makes it, or with parts that it would not have. */
function tokenAt(run: InProcess, { claims = {}, header = {}, key = privateKey }: Made = {}): Promise<string> {
  const now = Math.floor(run.time.now() / 1000);
  return new SignJWT({
    iss: issuer,
    aud: audience,
    sub: "till-1",
    iat: now,
    exp: now + 600,
    shop: { name: "demo", roles: ["cashier"] },
    ...claims,
  }).setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: "k1", ...header }).sign(key);
}

const withToken = (run: InProcess, token: string, path = "/v1/checkouts", method = "GET", body?: unknown) =>
  run.call<ProblemBody>(method, path, body, { client: null, token });

/** A service that accepts the issuer. `answer` is what the issuer says when it is asked for its keys. */
function withIssuer(
  test: (run: InProcess, jwks: { answer: () => Response; asked: number }) => Promise<void>,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const jwks = { answer: () => Response.json({ keys: [jwk] }), asked: 0 };
  return inProcess((run) => test(run, jwks), {
    env: { AUTH_ISSUERS: JSON.stringify([settings]), ...more },
    daraja: ({ url }) => {
      if (url !== jwksUrl) return null;
      jwks.asked++;
      return jwks.answer();
    },
  });
}

Deno.test("a token of an outside issuer reaches the merchant and the scopes that the settings give it, and no more", () =>
  withIssuer(async (run, jwks) => {
    const token = await tokenAt(run);
    assert.equal((await withToken(run, token)).status, 200);
    assert.equal((await withToken(run, token)).status, 200);
    assert.equal(jwks.asked, 1, "the keys are kept");
    const payout = await withToken(run, token, "/v1/payouts", "POST", {});
    assert.deepEqual(
      [payout.status, payout.body.code],
      [403, "insufficient_scope"],
      "cashier means more than is allowed",
    );
    const other = await tokenAt(run, { claims: { shop: { name: "other", roles: ["cashier", "boss"] } } });
    const { body } = await run.call<{ data: { id: string }[] }>("GET", "/v1/clients", undefined, {
      client: null,
      token: other,
    });
    assert.deepEqual(body.data.map(({ id }) => id), ["cli_other"]);
    for (const name of ["nobody", 7, null]) {
      const foreign = await tokenAt(run, { claims: { shop: { name, roles: ["cashier"] } } });
      assert.equal((await withToken(run, foreign)).body.code, "token_invalid", `merchant ${name}`);
    }
    assert.equal((await run.call("GET", "/v1/checkouts")).status, 200, "our own tokens");
  }));

Deno.test("RFC 8725: a token with another algorithm, type, issuer, audience, time or key is refused", () =>
  withIssuer(async (run) => {
    const now = Math.floor(run.time.now() / 1000);
    const shared = new TextEncoder().encode(JSON.stringify(jwk));
    const ps = await generateKeyPair("PS256");
    const bad: readonly [string, Made][] = [
      ["HS256 with the public key as its secret", { header: { alg: "HS256" }, key: shared }],
      ["an algorithm that is not allowed", { header: { alg: "PS256" }, key: ps.privateKey }],
      ["another key under this id", { key: newer }],
      ["an ID token", { header: { typ: "JWT" } }],
      ["another audience", { claims: { aud: "https://shop.example.com" } }],
      ["no audience", { claims: { aud: undefined } }],
      ["not yet valid", { claims: { nbf: now + 60 } }],
      ["issued in the future", { claims: { iat: now + 60 } }],
      ["too old, though it says that it lives for ever", { claims: { iat: now - 3_700, exp: now + 1e6 } }],
      ["no subject", { claims: { sub: undefined } }],
      ["an endless subject", { claims: { sub: "x".repeat(256) } }],
      ["bound to a certificate that we don't see", { claims: { cnf: { "x5t#S256": "x" } } }],
    ];
    for (const [what, made] of bad) {
      const { status, body } = await withToken(run, await tokenAt(run, made));
      assert.deepEqual([status, status === 401], [401, true], what);
      assert.ok(["token_invalid", "token_expired"].includes(body.code), `${what}: ${body.code}`);
    }
    const none = `${btoa('{"alg":"none","typ":"at+jwt","kid":"k1"}')}.${btoa(JSON.stringify({ iss: issuer }))}.`;
    assert.equal((await withToken(run, none.replaceAll("=", ""))).body.code, "token_invalid");
    const stranger = await tokenAt(run, { claims: { iss: "https://login.example.com/realms/other" } });
    assert.equal((await withToken(run, stranger)).body.code, "token_invalid");
    const ended = await tokenAt(run, { claims: { iat: now - 100, exp: now - 10 } });
    assert.equal((await withToken(run, ended)).body.code, "token_expired");
    assert.equal(await run.count("outside_subjects"), 0, "nobody is stored without a valid token");
  }));

Deno.test("without the issuer's keys a token is 503 and not 401; known keys count on; ours are not affected", () =>
  withIssuer(async (run, jwks) => {
    const down = () => new Response("no", { status: 502 });
    jwks.answer = down;
    const token = await tokenAt(run);
    const first = await withToken(run, token);
    assert.deepEqual([first.status, first.body.code], [503, "issuer_unavailable"]);
    assert.equal(first.headers.get("retry-after"), "5");
    assert.equal((await run.call("GET", "/v1/checkouts")).status, 200);
    for (const broken of ["not json", "{}", '{"keys":7}', "x".repeat(200_000)]) {
      jwks.answer = () => new Response(broken);
      await run.pass(3_000);
      assert.equal((await withToken(run, token)).status, 503, broken.slice(0, 9));
    }
    jwks.answer = () => Response.json({ keys: [jwk] });
    await run.pass(3_000);
    assert.equal((await withToken(run, token)).status, 200);
    jwks.answer = down;
    await run.pass(20 * 60_000);
    assert.equal((await withToken(run, await tokenAt(run))).status, 200, "the keys of 20 minutes ago");
    await run.pass(60 * 60_000);
    assert.equal((await withToken(run, await tokenAt(run))).body.code, "issuer_unavailable", "after more than an hour");
    assert.ok(run.logged("issuer_unavailable").length > 3);
  }));

Deno.test("a new key counts at once; unknown key ids make the service ask at most each 30 s", () =>
  withIssuer(async (run, jwks) => {
    assert.equal((await withToken(run, await tokenAt(run))).status, 200);
    const rotated = await tokenAt(run, { header: { kid: "k2" }, key: newer });
    assert.equal((await withToken(run, rotated)).body.code, "token_invalid", "asked just now");
    jwks.answer = () => Response.json({ keys: [newerJwk, jwk] });
    await run.pass(31_000);
    assert.equal((await withToken(run, rotated)).status, 200);
    const asked = jwks.asked;
    for (let i = 0; i < 20; i++) {
      const junk = await tokenAt(run, { header: { kid: `junk-${i}` }, key: newer });
      assert.equal((await withToken(run, junk)).status, 401);
    }
    assert.equal(jwks.asked, asked);
  }));

Deno.test("a subject has one id for each merchant, its name is sealed, and an operator blocks it", () =>
  withIssuer(async (run) => {
    const token = await tokenAt(run, { claims: { sub: "grace@example.com" } });
    const bossToken = await tokenAt(run, { claims: { sub: "boss", shop: { name: "demo", roles: ["boss"] } } });
    const boss = { client: null, token: bossToken } as const;
    for (const each of [token, token, bossToken]) await withToken(run, each, "/v1/checkouts");
    const [row] = await run.sql("SELECT count(*), max(instr(subject, 'grace')) FROM outside_subjects");
    assert.deepEqual(row, [2, 0]);
    const { body } = await run.call<{ data: { id: string; subject: string; status: string }[] }>(
      "GET",
      "/v1/outside-subjects",
      undefined,
      boss,
    );
    const grace = body.data.find(({ subject }) => subject === "grace@example.com");
    assert.match(grace?.id ?? "", /^ext_/);
    const blocked = await run.call("POST", `/v1/outside-subjects/${grace?.id}/block`, undefined, boss);
    assert.deepEqual([blocked.status, blocked.body["status"]], [200, "blocked"]);
    assert.equal((await withToken(run, token)).body.code, "token_revoked");
    const twice = await run.call<ProblemBody>("POST", `/v1/outside-subjects/${grace?.id}/block`, undefined, boss);
    assert.equal(twice.body.code, "wrong_state");
    assert.equal((await run.call("POST", `/v1/outside-subjects/${grace?.id}/unblock`, undefined, boss)).status, 200);
    assert.equal((await withToken(run, token)).status, 200);
    const acts = await run.sql("SELECT action, subject_id FROM audit WHERE actor LIKE 'ext_%' ORDER BY seq");
    assert.deepEqual(acts, [["outside_subject.blocked", grace?.id], ["outside_subject.unblocked", grace?.id]]);
  }));

Deno.test("what an outside subject proposes applies as far as its issuer may go, unless it is blocked meanwhile", () =>
  withIssuer(async (run) => {
    const token = await tokenAt(run, { claims: { sub: "boss", shop: { name: "demo", roles: ["boss"] } } });
    const propose = async (name: string) => {
      const asked = { name, scopes: ["operator"] };
      const { status, body } = await run.call<{ id: string }>("POST", "/v1/clients", asked, { client: null, token });
      assert.equal(status, 202);
      return body.id;
    };
    const confirm = (id: string) =>
      run.call<ProblemBody>("POST", `/v1/change-requests/${id}/confirm`, undefined, { client: "cli_operator" });
    const [good, late] = [await propose("one"), await propose("two")];
    assert.equal((await confirm(good)).status, 200);
    const [made] = await run.sql("SELECT parent_id, owner_id FROM clients WHERE name = 'one'");
    const [subject] = await run.sql("SELECT id FROM outside_subjects");
    assert.deepEqual(made, [subject?.[0], subject?.[0]]);
    await run.call("POST", `/v1/outside-subjects/${subject?.[0]}/block`, undefined, { client: "cli_operator" });
    assert.equal((await confirm(late)).body.code, "change_stale");
  }, { CHANGE_DELAY_HOURS: "24" }));

Deno.test("AUTH_ISSUERS: no `platform`, no shared secrets, https only, and every mistake is named", () => {
  const problemOf = (change: object, env = "test") => {
    const loaded = loadConfig({ APP_ENV: env, AUTH_ISSUERS: JSON.stringify([{ ...settings, ...change }]) }, "start");
    return loaded.ok ? null : loaded.problems.find(({ name }) => name === "AUTH_ISSUERS")?.problem ?? null;
  };
  assert.equal(problemOf({}), null);
  assert.equal(problemOf({ merchant: newId("mer") }), null);
  const bad: readonly [object, RegExp][] = [
    [{ scopes: { claim: "scope", allow: ["platform"] } }, /scopes\.allow/],
    [{ scopes: { claim: "scope", allow: ["payments:read"], names: { boss: "platform" } } }, /scopes\.names/],
    [{ algorithms: ["HS256"] }, /algorithms/],
    [{ algorithms: ["none"] }, /algorithms/],
    [{ jwks_url: "ftp://login.example.com/" }, /jwks_url/],
    [{ merchant: "demo" }, /merchant/],
    [{ max_age_seconds: 1e9 }, /max_age_seconds/],
    [{ audience: undefined }, /audience/],
    [{ more: 1 }, /Unrecognized key/],
  ];
  for (const [change, expected] of bad) assert.match(problemOf(change) ?? "", expected);
  assert.match(problemOf({ jwks_url: "http://login.example.com/" }, "production") ?? "", /https/);
  const twice = loadConfig({ APP_ENV: "test", AUTH_ISSUERS: JSON.stringify([settings, settings]) }, "start");
  assert.match(twice.ok ? "" : twice.problems[0]?.problem ?? "", /twice/);
  assert.equal(loadConfig({ APP_ENV: "test", AUTH_ISSUERS: "[" }, "start").ok, false);
});
