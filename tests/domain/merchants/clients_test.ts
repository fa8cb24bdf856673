import assert from "node:assert/strict";
import type { ClientWithSecret } from "../../../src/domain/merchants/contract.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../../support/in-process.ts";

const call = <T = ClientWithSecret>(
  run: InProcess,
  method: string,
  path: string,
  body?: unknown,
  options?: CallOptions,
) => run.call<T>(method, path, body, { client: "cli_operator", ...options });

const token = (run: InProcess, id: string, secret: string) =>
  run.request<{ access_token: string; scope: string; error?: string }>(
    new Request(`${publicUrl}/oauth/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials" }),
    }),
  );

Deno.test("a new client's secret is shown once, works at once, and is stored only as a hash", async () => {
  await inProcess(async (run) => {
    const made = await call(run, "POST", "/v1/clients", {
      name: "till 1",
      scopes: ["checkouts:read", "checkouts:read"],
    });
    assert.equal(made.status, 201);
    const { secret, ...shown } = made.body;
    assert.match(secret, /^mls_[\w-]{43}$/);
    assert.deepEqual([shown.name, shown.scopes, shown.status], ["till 1", ["checkouts:read"], "active"]);
    assert.deepEqual((await call(run, "GET", `/v1/clients/${shown.id}`)).body, shown);
    const granted = await token(run, shown.id, secret);
    assert.deepEqual([granted.status, granted.body.scope], [200, "checkouts:read"]);
    const [row] = await run.sql("SELECT secret_hash FROM clients WHERE id = ?", shown.id);
    assert.equal((row?.[0] as Uint8Array).length, 32); // a blob
  });
});

Deno.test("a revoked client gets no more tokens", async () => {
  await inProcess(async (run) => {
    const { body } = await call(run, "POST", "/v1/clients", { name: "till 1", scopes: ["checkouts:read"] });
    const revoked = await call(run, "POST", `/v1/clients/${body.id}/revoke`);
    assert.deepEqual([revoked.status, revoked.body.status], [200, "revoked"]);
    assert.notEqual(revoked.body.revoked_at, null);
    assert.equal((await token(run, body.id, body.secret)).body.error, "invalid_client");
    const twice = await call<ProblemBody>(run, "POST", `/v1/clients/${body.id}/revoke`);
    assert.deepEqual([twice.status, twice.body.code], [409, "wrong_state"]);
    const actions = await run.sql("SELECT actor, action FROM audit WHERE subject_id = ? ORDER BY seq", body.id);
    assert.deepEqual(actions, [["cli_operator", "client.created"], ["cli_operator", "client.revoked"]]);
  });
});

Deno.test("a list of clients shows one's own and no secrets", async () => {
  await inProcess(async (run) => {
    const { body } = await call<{ data: Record<string, unknown>[] }>(run, "GET", "/v1/clients");
    const ids = body.data.map(({ id }) => id);
    assert.ok(ids.includes("cli_demo") && !ids.includes("cli_other"));
    assert.ok(body.data.every((client) => !("secret" in client) && !("secret_hash" in client)));
  });
});

Deno.test("another merchant's client can be neither seen nor revoked", async () => {
  await inProcess(async (run) => {
    for (
      const [method, path] of [["GET", "/v1/clients/cli_other"], ["POST", "/v1/clients/cli_other/revoke"]] as const
    ) {
      const { status, body } = await call<ProblemBody>(run, method, path);
      assert.deepEqual([status, body.code], [404, "not_found"]);
    }
    assert.equal((await token(run, "cli_other", "other-secret")).status, 200);
  });
});

Deno.test("a client needs a name and scopes that exist", async () => {
  await inProcess(async (run) => {
    const good = { name: "till 1", scopes: ["checkouts:read"] };
    const bad: readonly [Record<string, unknown>, string][] = [
      [{ ...good, name: " " }, "/name"],
      [{ ...good, name: "n".repeat(101) }, "/name"],
      [{ ...good, scopes: [] }, "/scopes"],
      [{ ...good, scopes: ["everything"] }, "/scopes/0"],
      [{ ...good, secret: "mine" }, "/secret"],
      [{ name: "till 1" }, "/scopes"],
    ];
    const before = await run.count("clients");
    for (const [sent, pointer] of bad) {
      const { status, body } = await call<ProblemBody>(run, "POST", "/v1/clients", sent);
      assert.deepEqual([status, body.errors?.map((error) => error.pointer)], [422, [pointer]]);
    }
    assert.equal(await run.count("clients"), before);
  });
});

Deno.test("a repeated creation with its key answers the same client, and its secret no more", async () => {
  await inProcess(async (run) => {
    const sent = { name: "till 1", scopes: ["checkouts:read"] };
    const first = await call(run, "POST", "/v1/clients", sent, { key: "k" });
    const again = await call(run, "POST", "/v1/clients", sent, { key: "k" });
    assert.deepEqual(again.body, { ...first.body, secret: "" });
    assert.equal(again.headers.get("idempotent-replayed"), "true");
  });
});
