import assert from "node:assert/strict";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import * as oauth from "oauth4webapi";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";

/* Clients that prove who they are by a key, and tokens that are bound to one. oauth4webapi is the stock client. */

const keys = await generateKeyPair("ES256", { extractable: true });
const other = await generateKeyPair("ES256", { extractable: true });
const jwk = { ...await exportJWK(keys.publicKey), kid: "k1" };
const operator = { client: "cli_operator" } as const;
/** oauth4webapi reads the real clock, so the service starts at it. */
const startMs = Date.now();
const tokenUrl = `${publicUrl}/oauth/token`;

const setAccess = (run: InProcess, access: object, id = "cli_demo") =>
  run.call<ProblemBody>("PATCH", `/v1/clients/${id}`, { access }, operator);

/** Lets the operator put in keys of `cli_demo`: a client that has all of its scopes. */
async function withKeys(run: InProcess, access: object = {}): Promise<void> {
  await run.db.write([{
    sql:
      "UPDATE clients SET scopes = (SELECT json_group_array(value) FROM (SELECT value FROM json_each(scopes) UNION " +
      "SELECT j.value FROM clients d, json_each(d.scopes) j WHERE d.id = 'cli_demo')) WHERE id = 'cli_operator'",
    args: [],
  }]);
  const { status, body } = await setAccess(run, { assertion_keys: [jwk], ...access });
  assert.equal(status, 200, JSON.stringify(body));
}

/** A stock client of the service, with a way to it. */
async function stock(run: InProcess) {
  const options = {
    [oauth.allowInsecureRequests]: true, // it runs in this process
    [oauth.customFetch]: async (url: string, init: object) => await run.app.request(url, init),
  };
  const issuer = new URL(publicUrl);
  const found = await oauth.discoveryRequest(issuer, { ...options, algorithm: "oauth2" });
  const server = await oauth.processDiscoveryResponse(issuer, found);
  const client: oauth.Client = { client_id: "cli_demo" };
  const grant = (auth: oauth.ClientAuth, more: { DPoP?: oauth.DPoPHandle } = {}) =>
    oauth.clientCredentialsGrantRequest(server, client, auth, new URLSearchParams(), { ...options, ...more });
  const token = async (auth: oauth.ClientAuth, more: { DPoP?: oauth.DPoPHandle } = {}) =>
    await oauth.processClientCredentialsResponse(server, client, await grant(auth, more));
  return { options, server, client, grant, token };
}

const asClient = (run: InProcess, token: string, headers: Record<string, string> = {}, path = "/v1/checkouts") =>
  run.call<ProblemBody>("GET", path, undefined, { client: null, token, headers });

Deno.test("oauth4webapi gets a token by private_key_jwt, and a secret is refused where an assertion is required", () =>
  inProcess(async (run) => {
    await withKeys(run);
    const { server, token } = await stock(run);
    assert.ok(server.token_endpoint_auth_methods_supported?.includes("private_key_jwt"));
    const byKey = oauth.PrivateKeyJwt({ key: keys.privateKey, kid: "k1" });
    const granted = await token(byKey);
    assert.equal(granted.token_type, "bearer");
    assert.equal((await asClient(run, granted.access_token)).status, 200);
    assert.ok((await token(oauth.ClientSecretBasic("demo-secret"))).access_token);
    assert.equal((await setAccess(run, { client_assertion: "required" })).status, 200);
    await assert.rejects(token(oauth.ClientSecretPost("demo-secret")), oauth.WWWAuthenticateChallengeError);
    await assert.rejects(
      token(oauth.PrivateKeyJwt({ key: other.privateKey, kid: "k1" })),
      oauth.WWWAuthenticateChallengeError,
    );
    assert.ok((await token(byKey)).access_token);
    assert.equal((await asClient(run, granted.access_token)).body.code, "token_revoked", "earlier tokens have ended");
  }, { startMs }));

Deno.test("an assertion counts once, and only with our audience, a short life and its own type", () =>
  inProcess(async (run) => {
    await withKeys(run);
    const now = Math.floor(run.time.now() / 1000);
    const make = (claims: JWTPayload = {}, header = {}, key = keys.privateKey) =>
      new SignJWT({
        iss: "cli_demo",
        sub: "cli_demo",
        aud: publicUrl,
        jti: crypto.randomUUID(),
        exp: now + 60,
        ...claims,
      }).setProtectedHeader({ alg: "ES256", kid: "k1", ...header }).sign(key);
    const send = async (assertion: string, more: Record<string, string> = {}) => {
      const { status, body } = await run.request<{ error?: string; error_description?: string }>(
        new Request(tokenUrl, {
          method: "POST",
          body: new URLSearchParams({
            grant_type: "client_credentials",
            client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            client_assertion: assertion,
            ...more,
          }),
        }),
      );
      return [status, body.error, body.error_description] as const;
    };
    const good = await make();
    assert.equal((await send(good))[0], 200);
    const [status, error, description] = await send(good);
    assert.deepEqual([status, error], [401, "invalid_client"]);
    assert.match(description ?? "", /used before/);
    assert.equal((await send(await make({ aud: tokenUrl })))[0], 200);
    const bad: readonly [string, string][] = [
      ["another audience", await make({ aud: "https://pay.example.com" })],
      ["two audiences", await make({ aud: [publicUrl, "https://pay.example.com"] })],
      ["a long life", await make({ exp: now + 3_600 })],
      ["ended", await make({ exp: now - 60 })],
      ["no jti", await make({ jti: "" })],
      ["another subject", await make({ sub: "cli_treasurer" })],
      ["another issuer", await make({ iss: "cli_treasurer" })],
      ["an access token's type", await make({}, { typ: "at+jwt" })],
      ["a proof's type", await make({}, { typ: "dpop+jwt" })],
      ["another key", await make({}, {}, other.privateKey)],
      ["an unknown key", await make({}, { kid: "k2" })],
      ["not a JWT", "nonsense"],
    ];
    for (const [what, assertion] of bad) {
      const [got, code] = await send(assertion);
      assert.deepEqual([got, code], [401, "invalid_client"], what);
    }
    assert.equal((await send(await make(), { client_secret: "demo-secret" }))[1], "invalid_request");
    assert.equal((await send(await make(), { client_id: "cli_other" }))[1], "invalid_request");
    assert.equal((await send(await make(), { client_assertion_type: "saml" }))[1], "invalid_request");
  }));

Deno.test("oauth4webapi uses a token that is bound to its key; without the key it is worth nothing", () =>
  inProcess(async (run) => {
    await withKeys(run, { dpop: "required" });
    const { options, client, grant, token } = await stock(run);
    const secret = oauth.ClientSecretBasic("demo-secret");
    assert.equal((await grant(secret)).status, 400, "without a proof");
    const DPoP = oauth.DPoP(client, keys);
    const granted = await token(secret, { DPoP });
    assert.equal(granted.token_type, "dpop");
    const url = new URL(`${publicUrl}/v1/checkouts?limit=2`);
    const ask = (proofs: oauth.DPoPHandle) =>
      oauth.protectedResourceRequest(granted.access_token, "GET", url, new Headers(), null, {
        ...options,
        DPoP: proofs,
      });
    assert.equal((await ask(DPoP)).status, 200);
    await assert.rejects(ask(oauth.DPoP(client, other)), oauth.WWWAuthenticateChallengeError);
    const stolen = await asClient(run, granted.access_token);
    assert.deepEqual([stolen.status, stolen.body.code], [401, "dpop_invalid"]);
    assert.match(stolen.headers.get("www-authenticate") ?? "", /^DPoP .*algs="/);
    const plain = await run.token("cli_operator");
    const asDpop = await asClient(run, plain, { authorization: `DPoP ${plain}` });
    assert.equal(asDpop.body.code, "dpop_invalid", "a token that is bound to no key is no DPoP token");
  }, { startMs }));

Deno.test("RFC 9449: a proof counts once, for one method, address, token and key, and for a minute", () =>
  inProcess(async (run) => {
    const now = () => Math.floor(run.time.now() / 1000);
    const publicJwk = await exportJWK(keys.publicKey);
    const proof = (claims: JWTPayload = {}, header: Record<string, unknown> = {}, key: CryptoKey = keys.privateKey) =>
      new SignJWT({ htm: "GET", htu: `${publicUrl}/v1/checkouts`, iat: now(), jti: crypto.randomUUID(), ...claims })
        .setProtectedHeader({ alg: "ES256", typ: "dpop+jwt", jwk: publicJwk, ...header }).sign(key);
    const { body } = await run.request<{ access_token: string; token_type: string }>(
      new Request(tokenUrl, {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa("cli_demo:demo-secret")}`,
          dpop: await proof({ htm: "POST", htu: tokenUrl }),
        },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      }),
    );
    assert.equal(body.token_type, "DPoP");
    const token = body.access_token;
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
    const ath = hash.toBase64({ alphabet: "base64url", omitPadding: true });
    const send = async (dpop: string) => {
      const answer = await asClient(run, token, { authorization: `DPoP ${token}`, dpop }, "/v1/checkouts?limit=3");
      return answer.status === 200 ? 200 : answer.body.code;
    };
    const good = await proof({ ath });
    assert.equal(await send(good), 200);
    assert.equal(await send(good), "dpop_invalid", "again");
    assert.equal(await send(await proof({ ath, htu: `${publicUrl}/v1/checkouts?limit=3#x` })), 200);
    const { d } = await exportJWK(keys.privateKey);
    const bad: readonly [string, Promise<string>][] = [
      ["without the token's hash", proof()],
      ["of another token", proof({ ath: "x" })],
      ["another method", proof({ ath, htm: "POST" })],
      ["another address", proof({ ath, htu: `${publicUrl}/v1/payouts` })],
      ["another host", proof({ ath, htu: "https://evil.example.com/v1/checkouts" })],
      ["too old", proof({ ath, iat: now() - 70 })],
      ["of the future", proof({ ath, iat: now() + 30 })],
      ["no id", proof({ ath, jti: "" })],
      ["another type", proof({ ath }, { typ: "JWT" })],
      ["signed by another key", proof({ ath }, {}, other.privateKey)],
      ["another key", exportJWK(other.publicKey).then((key) => proof({ ath }, { jwk: key }, other.privateKey))],
      ["with its private key", proof({ ath }, { jwk: { ...publicJwk, d } })],
      ["junk", Promise.resolve("junk")],
    ];
    for (const [what, made] of bad) assert.equal(await send(await made), "dpop_invalid", what);
  }));

Deno.test("a proof that another process has seen is refused here; without the shared store this process remembers", () => {
  let isDown = false;
  return inProcess(async (run) => {
    const take = () => run.services.dpop.used.take(["dpop", "a", "1"], 70_000);
    assert.equal(await take(), true);
    const elsewhere = new (run.services.dpop.used.constructor as typeof import("../../src/auth/used-once.ts").UsedOnce)(
      run.services.kv,
      run.time,
      run.services.log,
    );
    assert.equal(await elsewhere.take(["dpop", "a", "1"], 70_000), false);
    isDown = true;
    assert.equal(await run.services.dpop.used.take(["dpop", "a", "2"], 70_000), true);
    assert.equal(await run.services.dpop.used.take(["dpop", "a", "2"], 70_000), false);
    assert.equal(run.logged("used_once_not_shared").length, 1);
  }, {
    wrapKeyValue: (kv) => ({
      get: (key) => kv.get(key),
      delete: (key) => kv.delete(key),
      list: (prefix, limit) => kv.list(prefix, limit),
      set: (...args) => isDown ? Promise.reject(new Error("down")) : kv.set(...args),
    }),
  });
});

Deno.test("a client with addresses is 403 from elsewhere, by what the trusted proxies say and by no other header", () =>
  inProcess(async (run) => {
    const set = await setAccess(run, { addresses: ["192.0.2.0/24", "2001:db8:1::/48"] });
    assert.equal(set.status, 200);
    const from = (forwarded: string) => ({ "x-forwarded-for": forwarded });
    const tokenFrom = async (forwarded: string) => {
      const { status, body } = await run.request<{ access_token: string; error?: string }>(
        new Request(tokenUrl, {
          method: "POST",
          headers: { authorization: `Basic ${btoa("cli_demo:demo-secret")}`, ...from(forwarded) },
          body: new URLSearchParams({ grant_type: "client_credentials" }),
        }),
      );
      return status === 200 ? body.access_token : body.error ?? "";
    };
    assert.equal(await tokenFrom("203.0.113.9"), "unauthorized_client");
    assert.equal(await tokenFrom("192.0.2.7, 203.0.113.9"), "unauthorized_client", "what the caller writes before it");
    const token = await tokenFrom("192.0.2.7");
    assert.equal((await asClient(run, token, from("192.0.2.200"))).status, 200);
    assert.equal((await asClient(run, token, from("2001:db8:1:5::9"))).status, 200);
    for (const elsewhere of ["192.0.3.7", "2001:db8:2::1", "nonsense"]) {
      const { status, body } = await asClient(run, token, from(elsewhere));
      assert.deepEqual([status, body.code], [403, "address_not_allowed"], elsewhere);
    }
    assert.equal((await setAccess(run, { addresses: [] })).status, 200);
    assert.equal((await asClient(run, await tokenFrom("203.0.113.9"), from("203.0.113.9"))).status, 200);
  }, { env: { TRUSTED_PROXIES: "1" } }));

Deno.test("access is changed by who may: scopes and lineage for keys, a second person where changes wait", async () => {
  await inProcess(async (run) => {
    const scope = await setAccess(run, { assertion_keys: [jwk] });
    assert.deepEqual([scope.status, scope.body.code], [403, "scope_not_held"], "a key is as good as the secret");
    const foreign = await setAccess(run, { addresses: [] }, "cli_other");
    assert.equal(foreign.body.code, "not_found");
    const bad: readonly [object, string][] = [
      [{ client_assertion: "required" }, "/access/assertion_keys"],
      [{ payout_signature: "required" }, "/access/signature_keys"],
      [{ assertion_keys: [{ ...jwk, d: "AAAA" }] }, "/access/assertion_keys/0/d"],
      [{ assertion_keys: [jwk, jwk] }, "/access/assertion_keys"],
      [{ assertion_keys: [{ kty: "oct", kid: "k", k: "AAAA" }] }, "/access/assertion_keys/0/kty"],
      [{ assertion_keys: [{ kty: "RSA", kid: "k", n: "AAAA", e: "AQAB" }] }, "/access/assertion_keys/0/n"],
      [{ addresses: ["2001:db8::1/128"] }, "/access/addresses/0"],
      [{ addresses: ["example.com"] }, "/access/addresses/0"],
    ];
    for (const [access, pointer] of bad) {
      const { status, body } = await setAccess(run, access);
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, pointer]);
    }
  });
  await inProcess(async (run) => {
    const proposed = await run.call("PATCH", "/v1/clients/cli_demo", { access: { dpop: "required" } }, operator);
    assert.deepEqual([proposed.status, proposed.body["kind"]], [202, "client.update"]);
    const renamed = await run.call("PATCH", "/v1/clients/cli_demo", { name: "Shop" }, operator);
    assert.equal(renamed.status, 200, "a name waits for nobody");
    const keysOfOthers = await setAccess(run, { assertion_keys: [jwk] });
    assert.ok(["other_lineage", "scope_not_held"].includes(keysOfOthers.body.code));
  }, { env: { CHANGE_DELAY_HOURS: "24" } });
});

Deno.test("a key that was written past the service counts for nothing", () =>
  inProcess(async (run) => {
    await withKeys(run);
    const token = await run.token("cli_demo");
    const planted = { ...await exportJWK(other.publicKey), kid: "k1" };
    await run.db.write([{
      sql: "UPDATE clients SET access = json_set(access, '$.assertion_keys', json(?)) WHERE id = 'cli_demo'",
      args: [JSON.stringify([planted])],
    }]);
    await run.pass(5_000);
    assert.equal((await asClient(run, token)).body.code, "token_revoked");
    const { token: get } = await stock(run);
    await assert.rejects(
      get(oauth.PrivateKeyJwt({ key: other.privateKey, kid: "k1" })),
      oauth.WWWAuthenticateChallengeError,
    );
  }, { startMs }));
