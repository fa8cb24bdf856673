import assert from "node:assert/strict";
import { createLocalJWKSet, jwtVerify } from "jose";
import { SCOPES } from "../../../src/auth/scopes.ts";
import type { Answer } from "../../support/client.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../../support/in-process.ts";

interface Token {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly scope: string;
  readonly error?: string;
  readonly error_description?: string;
}

interface Asked {
  readonly form?: string | Record<string, string>;
  readonly basic?: string | null;
  readonly type?: string;
}

const grant = { grant_type: "client_credentials" };

function ask(
  run: InProcess,
  { form = grant, basic = "cli_demo:demo-secret", type }: Asked = {},
): Promise<Answer<Token>> {
  const headers = new Headers({ "content-type": type ?? "application/x-www-form-urlencoded" });
  if (basic !== null) headers.set("authorization", `Basic ${btoa(basic)}`);
  const body = typeof form === "string" ? form : new URLSearchParams(form).toString();
  return run.request<Token>(new Request(`${publicUrl}/oauth/token`, { method: "POST", headers, body }));
}

const refused = async (run: InProcess, asked: Asked, status: number, error: string) => {
  const answer = await ask(run, asked);
  assert.deepEqual([answer.status, answer.body.error], [status, error]);
  assert.ok((answer.body.error_description ?? "").length > 10);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const challenge = answer.headers.get("www-authenticate");
  if (status === 401) assert.equal(challenge, 'Basic realm="malipo"');
};

Deno.test("a client gets a token by Basic or by form, for all that it has", async () => {
  await inProcess(async (run) => {
    for (
      const asked of [{}, { basic: null, form: { ...grant, client_id: "cli_demo", client_secret: "demo-secret" } }]
    ) {
      const { status, body, headers } = await ask(run, asked);
      assert.deepEqual([status, body.token_type, body.expires_in], [200, "Bearer", 600]);
      assert.equal(headers.get("cache-control"), "no-store");
      const all = SCOPES.filter((scope) => !["payouts:approve", "audit:read", "operator", "platform"].includes(scope));
      assert.deepEqual(body.scope.split(" ").sort(), [...all].sort());
      assert.equal((await run.call("GET", "/v1/checkouts", undefined, { token: body.access_token })).status, 200);
    }
  });
});

Deno.test("the token is an at+jwt that anyone can verify by the published keys", async () => {
  await inProcess(async (run) => {
    const { body } = await ask(run);
    const jwks =
      (await run.call<{ keys: { d?: string }[] }>("GET", "/.well-known/jwks.json", undefined, { client: null })).body;
    assert.ok(jwks.keys.every((key) => key.d === undefined), "no private half");
    const { payload, protectedHeader } = await jwtVerify(body.access_token, createLocalJWKSet(jwks as never), {
      issuer: publicUrl,
      audience: publicUrl,
      typ: "at+jwt",
      algorithms: ["EdDSA"],
      currentDate: new Date(run.time.now()),
    }); // jose's own type of a key set
    assert.deepEqual([payload.sub, payload.client_id], ["cli_demo", "cli_demo"]);
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 600);
    assert.equal(protectedHeader.alg, "EdDSA");
  });
});

Deno.test("less than all may be asked for, and more may not", async () => {
  await inProcess(async (run) => {
    const less = await ask(run, { form: { ...grant, scope: "checkouts:read  payments:read checkouts:read" } });
    assert.equal(less.body.scope, "checkouts:read payments:read");
    assert.equal((await ask(run, { form: { ...grant, scope: "" } })).body.scope.split(" ").length, SCOPES.length - 4);
    for (const scope of ["operator", "checkouts:read operator", "nonsense", '"\u0007']) {
      await refused(run, { form: { ...grant, scope } }, 400, "invalid_scope");
    }
  });
});

Deno.test("a wrong, unknown, revoked or missing client is a 401 that does not say which", async () => {
  await inProcess(async (run) => {
    await run.db.write([
      { sql: "UPDATE clients SET status = 'revoked', revoked_at = 1 WHERE id = 'cli_other'", args: [] },
    ]);
    const bad = [
      "cli_demo:wrong",
      "cli_demo:",
      ":demo-secret",
      "nobody:demo-secret",
      "cli_other:other-secret",
      "no-colon",
    ];
    const words = new Set<string>();
    for (const basic of bad.slice(0, 5)) {
      await refused(run, { basic }, 401, "invalid_client");
      words.add((await ask(run, { basic })).body.error_description ?? "");
    }
    assert.equal(words.size, 1);
    await refused(run, { basic: "no-colon" }, 401, "invalid_client");
    await refused(run, { basic: null }, 401, "invalid_client");
    await refused(run, { basic: null, form: { ...grant, client_id: "cli_demo" } }, 401, "invalid_client");
    assert.ok(run.logged("client_refused").length > 0);
  });
});

Deno.test("a request that is not well formed is a 400", async () => {
  await inProcess(async (run) => {
    const invalid: Asked[] = [
      { form: {} },
      { form: "grant_type=client_credentials&grant_type=client_credentials" },
      { form: "grant_type=client_credentials&scope=a&scope=b" },
      { form: { ...grant, client_id: "cli_demo", client_secret: "demo-secret" } }, // twice authenticated
      { type: "application/json", form: JSON.stringify(grant) },
      { type: "text/plain" },
    ];
    for (const asked of invalid) await refused(run, asked, 400, "invalid_request");
    await refused(run, { form: { grant_type: "password" } }, 400, "unsupported_grant_type");
    const big = await ask(run, { form: { ...grant, scope: "x".repeat(10_000) } });
    assert.equal(big.status, 413);
    assert.match((big.body as unknown as ProblemBody).detail, /8192 bytes/); // not OAuth's shape
  });
});

Deno.test("Basic parts are form-encoded, as RFC 6749 says", async () => {
  await inProcess(async (run) => {
    assert.equal((await ask(run, { basic: "cli%5Fdemo:demo%2Dsecret" })).status, 200);
    await refused(run, { basic: "cli_demo:%E0%A4%A" }, 401, "invalid_client");
  });
});

Deno.test("guesses at a client's secret are slowed down", async () => {
  await inProcess(async (run) => {
    for (let guess = 0; guess < 3; guess++) assert.equal((await ask(run, { basic: "cli_demo:no" })).status, 401);
    const slowed = await ask(run, { basic: "cli_demo:no" });
    assert.deepEqual([slowed.status, (slowed.body as unknown as ProblemBody).code], [429, "rate_limited"]); // not OAuth's shape
    assert.ok(Number(slowed.headers.get("retry-after")) > 0);
  }, { env: { RATE_LIMIT_TOKENS_PER_MINUTE: "3" } });
});

Deno.test("the metadata says where everything is", async () => {
  await inProcess(async (run) => {
    const path = "/.well-known/oauth-authorization-server";
    const { body } = await run.call<Record<string, unknown>>("GET", path, undefined, { client: null });
    assert.deepEqual([body.issuer, body.token_endpoint, body.jwks_uri], [
      publicUrl,
      `${publicUrl}/oauth/token`,
      `${publicUrl}/.well-known/jwks.json`,
    ]);
    assert.deepEqual(body.grant_types_supported, ["client_credentials"]);
    assert.deepEqual(body.scopes_supported, [...SCOPES]);
  });
});
