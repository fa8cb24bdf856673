import assert from "node:assert/strict";
import type { Scope } from "../../src/auth/scopes.ts";
import { hashSecret } from "../../src/auth/tokens.ts";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import type { ClientView, ClientWithSecret, RevokedClient } from "../../src/domain/merchants/contract.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";
import { createPayout } from "../support/payouts.ts";

const APPROVED_FROM = { env: { PAYOUT_APPROVAL_FROM_KES: "100" }, withoutJobs: true } as const;
const ROOT_SCOPES: readonly Scope[] = [
  "payouts:read",
  "payouts:write",
  "payouts:approve",
  "webhooks:write",
  "operator",
];

async function tokenOf(run: InProcess, id: string, secret: string): Promise<string> {
  const { body } = await run.request<{ access_token: string }>(
    new Request(`${publicUrl}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret }),
    }),
  );
  return body.access_token;
}

/** A client as the command line makes it: the root of a lineage. */
async function root(run: InProcess, id: string): Promise<string> {
  await run.db.write([{
    sql: "INSERT INTO clients (id, merchant_id, name, secret_hash, scopes, status, created_at) " +
      "VALUES (?, ?, ?, ?, ?, 'active', 1)",
    args: [id, DEMO_MERCHANT, id, hashSecret(id), JSON.stringify(ROOT_SCOPES)],
  }]);
  return await tokenOf(run, id, id);
}

async function child(run: InProcess, token: string, scopes: readonly Scope[]) {
  const made = await run.call<ClientWithSecret>("POST", "/v1/clients", { name: "c", scopes }, { client: null, token });
  assert.equal(made.status, 201);
  return { id: made.body.id, token: await tokenOf(run, made.body.id, made.body.secret) };
}

Deno.test("one operator that makes a writer and an approver can't pay alone", () =>
  inProcess(async (run) => {
    const operator = await root(run, "cli_root_a");
    const writer = await child(run, operator, ["payouts:write", "payouts:read"]);
    const approver = await child(run, operator, ["payouts:approve", "operator"]);
    const grandchild = await child(run, approver.token, ["payouts:approve"]);
    const { id } = await createPayout(run, { amount: 24_000_000 }, { client: null, token: writer.token });
    for (const token of [operator, approver.token, grandchild.token]) {
      const { status, body } = await run.call<ProblemBody>("POST", `/v1/payouts/${id}/approve`, undefined, {
        client: null,
        token,
      });
      assert.deepEqual([status, body.code], [403, "own_lineage"]);
    }
    const resolved = await run.call<ProblemBody>(
      "POST",
      `/v1/payouts/${id}/resolve`,
      { outcome: "succeeded", evidence: "portal" },
      { client: null, token: approver.token },
    );
    assert.deepEqual([resolved.status, resolved.body.code], [403, "own_lineage"]);
    assert.equal((await run.sql("SELECT status FROM payouts"))[0]?.[0], "awaiting_approval");
    const other = await run.call("POST", `/v1/payouts/${id}/approve`, undefined, { client: "cli_approver" });
    assert.equal(other.status, 200, "a client of another lineage approves it");
  }, { ...APPROVED_FROM, env: { ...APPROVED_FROM.env, PAYOUT_MAX_KES: "250000" } }));

Deno.test("a client grants only scopes that it has, and its clients name parent and owner", () =>
  inProcess(async (run) => {
    const refused = await run.call<ProblemBody>(
      "POST",
      "/v1/clients",
      { name: "x", scopes: ["payouts:write"] },
      { client: "cli_operator" },
    );
    assert.deepEqual([refused.status, refused.body.code], [403, "scope_not_held"]);
    const operator = await root(run, "cli_root_b");
    const first = await child(run, operator, ["operator", "payouts:read"]);
    const second = await child(run, first.token, ["payouts:read"]);
    const { body } = await run.call<ClientView>("GET", `/v1/clients/${second.id}`, undefined, {
      client: "cli_operator",
    });
    assert.deepEqual([body.parent, body.owner], [first.id, "cli_root_b"]);
  }));

Deno.test("revoking lists descendants and unsent payouts, and revokes the descendants if asked", () =>
  inProcess(async (run) => {
    const operator = await root(run, "cli_root_c");
    const first = await child(run, operator, ["operator", "payouts:read", "payouts:write"]);
    const second = await child(run, first.token, ["payouts:write"]);
    const { id } = await createPayout(run, {}, { client: null, token: second.token });
    const revoke = (which: string, query = "") =>
      run.call<RevokedClient>("POST", `/v1/clients/${which}/revoke${query}`, undefined, { client: "cli_operator" });
    const only = await revoke(first.id);
    assert.deepEqual([only.status, only.body.descendants, only.body.unsent_payouts], [200, [second.id], [id]]);
    const all = await revoke("cli_root_c", "?descendants=true");
    assert.equal(all.status, 200);
    const active = await run.sql("SELECT count(*) FROM clients WHERE owner_id = 'cli_root_c' AND status = 'active'");
    assert.equal(
      Number(active[0]?.[0]),
      0,
      "also what a revoked one had made",
    );
  }, APPROVED_FROM));

Deno.test("revoking cancels the payouts of the revoked clients in the same step if asked, also afterwards", () =>
  inProcess(async (run) => {
    const operator = await root(run, "cli_root_d");
    const thief = await child(run, operator, ["operator", "payouts:read", "payouts:write"]);
    const heir = await child(run, thief.token, ["payouts:write"]);
    const pay = async (token: string, reference: string) =>
      (await createPayout(run, { reference }, { client: null, token })).id;
    const queued = await pay(thief.token, "a");
    const awaiting =
      (await createPayout(run, { amount: 9_000_000, reference: "b" }, { client: null, token: thief.token })).id;
    const ofHeir = await pay(heir.token, "c");
    const honest = (await createPayout(run, { reference: "d" })).id;
    const revoke = (id: string, query: string) =>
      run.call<RevokedClient>("POST", `/v1/clients/${id}/revoke${query}`, undefined, { client: "cli_operator" });
    const { status, body } = await revoke(thief.id, "?payouts=cancel");
    assert.deepEqual([status, body.cancelled_payouts, body.unsent_payouts], [200, 2, [ofHeir]]);
    const statusOf = async (id: string) => (await run.sql("SELECT status FROM payouts WHERE id = ?", id))[0]?.[0];
    assert.deepEqual(await Promise.all([queued, awaiting, ofHeir, honest].map(statusOf)), [
      "cancelled",
      "cancelled",
      "awaiting_approval",
      "awaiting_approval",
    ]);
    assert.equal((await revoke(thief.id, "")).status, 409);
    const again = await revoke(thief.id, "?descendants=true&payouts=cancel");
    assert.deepEqual([again.status, again.body.cancelled_payouts, again.body.unsent_payouts], [200, 1, []]);
    assert.equal(await statusOf(honest), "awaiting_approval");
    assert.equal(await run.count("events WHERE type = 'payout.cancelled'"), 3);
    assert.equal(await run.count("jobs WHERE kind = 'payout'"), 1, "of the honest one");
  }, { ...APPROVED_FROM, withoutJobs: true }));

Deno.test("a secret is shown once: the answer that is kept for an Idempotency-Key has none", () =>
  inProcess(async (run) => {
    const calls = [
      ["/v1/clients", { name: "till", scopes: ["checkouts:read"] }, "cli_operator"],
      ["/v1/webhook-endpoints", { url: "https://shop.example/hook", events: ["*"] }, "cli_demo"],
      ["/v1/merchants", { name: "Duka" }, "cli_platform"],
    ] as const;
    for (const [path, body, client] of calls) {
      const ask = () =>
        run.call<{ secret?: string; client?: { secret: string } }>("POST", path, body, { client, key: path });
      const secretOf = (answer: Awaited<ReturnType<typeof ask>>) => (answer.body.client ?? answer.body).secret;
      const shown = await ask();
      assert.match(String(secretOf(shown)), /^(mls|whsec)_/);
      const repeated = await ask();
      assert.equal(repeated.headers.get("idempotent-replayed"), "true");
      assert.deepEqual([path, repeated.status, secretOf(repeated)], [path, 201, ""]);
    }
  }));

Deno.test("a client has two secrets while it changes over, and the one before ends", () =>
  inProcess(async (run) => {
    const operator = await root(run, "cli_root_d");
    const { id } = await child(run, operator, ["payouts:read"]);
    const rotate = (hours: number) =>
      run.call<ClientWithSecret>("POST", `/v1/clients/${id}/rotate-secret`, { previous_hours: hours }, {
        client: null,
        token: operator,
      });
    const first = (await rotate(1)).body;
    const second = (await rotate(1)).body;
    assert.ok(first.secret !== second.secret && second.previous_secret_until !== null);
    assert.ok(await tokenOf(run, id, first.secret), "the one before");
    assert.ok(await tokenOf(run, id, second.secret));
    await run.pass(3_600_000);
    assert.equal(await tokenOf(run, id, first.secret), undefined, "it has ended");
    assert.ok(await tokenOf(run, id, second.secret));
    const { body } = await run.call<ClientView>("GET", `/v1/clients/${id}`, undefined, { client: "cli_operator" });
    assert.ok(body.last_used_at !== null);
  }, APPROVED_FROM));
