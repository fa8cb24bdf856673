import assert from "node:assert/strict";
import type { Scope } from "../../src/auth/scopes.ts";
import { hashSecret } from "../../src/auth/tokens.ts";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import type { ChangeRequestView } from "../../src/domain/change-requests/contract.ts";
import type { ClientWithSecret } from "../../src/domain/merchants/contract.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";

/* Changes of who may send money, and of where money and messages go, are proposed first (ADR 0029). */

const HOUR_MS = 3_600_000;
const DELAYED = { env: { CHANGE_DELAY_HOURS: "24" } } as const;
const SCOPES: readonly Scope[] = [
  "payouts:read",
  "payouts:write",
  "payouts:approve",
  "shortcodes:read",
  "shortcodes:write",
  "webhooks:read",
  "webhooks:write",
  "operator",
];
const ENDPOINT = { url: "https://shop.example/hooks", events: ["*"] };
const SHORTCODE = {
  kind: "paybill",
  number: "654321",
  name: "Second",
  consumer_key: "ck-of-the-new-paybill",
  consumer_secret: "cs-of-the-new-paybill",
  passkey: "pk-of-the-new-paybill",
} as const;

async function tokenOf(run: InProcess, id: string, secret: string): Promise<string> {
  const { body } = await run.request<{ access_token: string }>(
    new Request(`${publicUrl}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret }),
    }),
  );
  return body.access_token;
}

/** A person's client as the command line makes it: the root of a lineage. */
async function root(run: InProcess, id: string, scopes = SCOPES, merchant = DEMO_MERCHANT): Promise<Caller> {
  await run.db.write([{
    sql: "INSERT INTO clients (id, merchant_id, name, secret_hash, scopes, status, created_at) " +
      "VALUES (?, ?, ?, ?, ?, 'active', 1)",
    args: [id, merchant, id, hashSecret(id), JSON.stringify(scopes)],
  }]);
  return await callerOf(run, id, id);
}

type Caller = <T>(method: string, path: string, body?: unknown) => Promise<{ status: number; body: T }>;

async function callerOf(run: InProcess, id: string, secret: string): Promise<Caller> {
  let token = await tokenOf(run, id, secret);
  return async <T>(method: string, path: string, body?: unknown) => {
    const first = await run.call<T>(method, path, body, { client: null, token });
    if (first.status !== 401) return first;
    token = await tokenOf(run, id, secret); // virtual time has ended the token
    return await run.call<T>(method, path, body, { client: null, token });
  };
}

/** Two people of the merchant, and how each calls the API. */
async function people(run: InProcess): Promise<{ alice: Caller; bob: Caller }> {
  return { alice: await root(run, "cli_alice"), bob: await root(run, "cli_bob") };
}

async function proposed(answer: Promise<{ status: number; body: ChangeRequestView }>): Promise<ChangeRequestView> {
  const { status, body } = await answer;
  assert.deepEqual([status, body.status], [202, "proposed"]);
  assert.match(body.id, /^chg_/);
  return body;
}

const confirm = (caller: Caller, { id }: { readonly id: string }) =>
  caller<Omit<ChangeRequestView, "status"> & { status: unknown; code?: string }>(
    "POST",
    `/v1/change-requests/${id}/confirm`,
  );

async function eventsAbout(run: InProcess, id: string): Promise<unknown[]> {
  return (await run.sql("SELECT type FROM events WHERE subject_id = ? ORDER BY id", id)).map(([type]) => type);
}

Deno.test("a client with a money scope is proposed, not made; a second person confirms it; its secret is the proposer's", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    for (const scopes of [["payouts:write"], ["payouts:approve"], ["operator", "payouts:read"]]) {
      const before = await run.count("clients");
      const change = await proposed(alice("POST", "/v1/clients", { name: "Wages", scopes }));
      assert.equal(await run.count("clients"), before, "nothing was made");
      assert.deepEqual([change.kind, change.before, change.subject], ["client.create", null, null]);
      assert.ok(change.summary.includes("Wages") && change.summary.includes(scopes[0] ?? ""));
      const own = await confirm(alice, change);
      assert.deepEqual([own.status, own.body.code], [403, "own_lineage"]);

      const { status, body } = await confirm(bob, change);
      assert.deepEqual([status, body.status, body.decided_by], [200, "applied", "cli_bob"]);
      assert.ok(!JSON.stringify(body).includes("mls_") && !("secret" in (body.after ?? {})), "bob sees no secret");
      const made = String(body.subject);
      const [row] = await run.sql("SELECT parent_id, owner_id FROM clients WHERE id = ?", made);
      assert.deepEqual(row, ["cli_alice", "cli_alice"], "it is of the proposer's lineage");
      const taken = await bob<ProblemBody>("POST", `/v1/clients/${made}/rotate-secret`, { previous_hours: 0 });
      assert.deepEqual([taken.status, taken.body.code], [403, "other_lineage"], "bob can't take its secret");
      const { body: rotated } = await alice<ClientWithSecret>("POST", `/v1/clients/${made}/rotate-secret`, {
        previous_hours: 0,
      });
      assert.ok(await tokenOf(run, made, rotated.secret), "alice collects it");
      assert.deepEqual(await eventsAbout(run, change.id), ["security.change_proposed", "security.change_applied"]);
    }
    const harmless = await alice("POST", "/v1/clients", { name: "Reader", scopes: ["payouts:read"] });
    assert.equal(harmless.status, 201, "a client that sends no money is made at once");
  }, DELAYED));

Deno.test("nobody of the proposer's lineage confirms, however many clients lie between", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    const first = await proposed(alice("POST", "/v1/clients", { name: "child", scopes: ["operator"] }));
    const { body: applied } = await confirm(bob, first);
    const { body: child } = await alice<ClientWithSecret>("POST", `/v1/clients/${applied.subject}/rotate-secret`, {});
    const ofAlice = await callerOf(run, child.id, child.secret);
    const limits = await proposed(alice("PATCH", "/v1/payout-limits", { max_amount: 25_000_000 }));
    assert.equal((await confirm(ofAlice, limits)).body.code, "own_lineage");
    const ofChild = await proposed(ofAlice("PATCH", "/v1/payout-limits", { max_amount: 25_000_000 }));
    assert.equal((await confirm(alice, ofChild)).body.code, "own_lineage");
  }, DELAYED));

Deno.test("a limit, a shortcode, its credentials, the default and an endpoint are proposed, and apply when confirmed", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    const [sho] = await run.sql("SELECT id FROM shortcodes WHERE number = '600000'");
    const shortcode = `/v1/shortcodes/${sho?.[0]}`;
    const state = async () =>
      JSON.stringify([
        await run.sql("SELECT * FROM payout_limits"),
        await run.sql("SELECT id, version FROM shortcodes ORDER BY id"),
        await run.sql("SELECT id, url, status FROM webhook_endpoints ORDER BY id"),
      ]);
    let endpoint = "";
    const requests: readonly (() => [string, string, unknown])[] = [
      () => ["PATCH", "/v1/payout-limits", { approval_from: 25_000_000 }],
      () => ["POST", "/v1/shortcodes", { ...SHORTCODE, default: true }],
      () => ["PATCH", shortcode, { passkey: "pk-of-somebody-else" }],
      () => ["PATCH", shortcode, { default: true }],
      () => ["POST", "/v1/webhook-endpoints", ENDPOINT],
      () => ["PATCH", `/v1/webhook-endpoints/${endpoint}`, { url: "https://elsewhere.example/hooks" }],
      () => ["DELETE", `/v1/webhook-endpoints/${endpoint}`, undefined],
    ];
    for (const request of requests) {
      const before = await state();
      const change = await proposed(alice(...request()));
      assert.equal(await state(), before, `${change.kind}: nothing changed`);
      const { status, body } = await confirm(bob, change);
      assert.deepEqual([status, body.status], [200, "applied"], change.kind);
      assert.notEqual(await state(), before, `${change.kind}: it holds`);
      if (change.kind === "webhook_endpoint.create") endpoint = String(body.subject);
      const again = await confirm(bob, change);
      assert.deepEqual([again.status, again.body.code], [409, "wrong_state"]);
    }
  }, DELAYED));

Deno.test("credentials of a proposed change are sealed, shown to nobody, and erased when it is decided", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    const change = await proposed(alice("POST", "/v1/shortcodes", SHORTCODE));
    assert.deepEqual(change.secrets, ["consumer_key", "consumer_secret", "passkey"]);
    const { body: listed } = await bob<unknown>("GET", "/v1/change-requests");
    const everything = async () =>
      JSON.stringify([
        await run.sql("SELECT * FROM change_requests"),
        await run.sql("SELECT * FROM events"),
        await run.sql("SELECT * FROM audit"),
      ], (_name, value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value);
    for (const text of [JSON.stringify(change), JSON.stringify(listed), await everything()]) {
      assert.ok(!text.includes("-of-the-new-paybill"));
    }
    await alice("POST", `/v1/change-requests/${change.id}/reject`, { reason: "typo" });
    assert.deepEqual(await run.sql("SELECT input FROM change_requests"), [[null]]);
  }, DELAYED));

Deno.test("without a second person it applies when its time has come, and not before; a rejected one never does", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    const slow = await proposed(alice("PATCH", "/v1/payout-limits", { max_amount: 7_000_000 }));
    const bad = await proposed(alice("POST", "/v1/clients", { name: "x", scopes: ["payouts:write"] }));
    const { status, body } = await bob<ChangeRequestView>("POST", `/v1/change-requests/${bad.id}/reject`, {
      reason: "I do not know it",
    });
    assert.deepEqual([status, body.status, body.reason], [200, "rejected", "I do not know it"]);
    const clients = await run.count("clients");
    await run.pass(23 * HOUR_MS);
    await run.sweep();
    assert.equal(await run.count("payout_limits"), 0);
    await run.pass(2 * HOUR_MS);
    await run.sweep();
    assert.deepEqual(await run.sql("SELECT max_amount FROM payout_limits"), [[7_000_000]]);
    const { body: after } = await alice<ChangeRequestView>("GET", `/v1/change-requests/${slow.id}`);
    assert.deepEqual([after.status, after.decided_by], ["applied", "system"]);
    assert.equal(await run.count("clients"), clients, "the rejected client was never made");
    assert.deepEqual(await eventsAbout(run, bad.id), ["security.change_proposed", "security.change_rejected"]);
  }, DELAYED));

Deno.test("a change that no longer fits is stale: the subject was changed, or its proposer was revoked", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    const first = await proposed(alice("PATCH", "/v1/payout-limits", { max_amount: 7_000_000 }));
    const second = await proposed(alice("PATCH", "/v1/payout-limits", { max_amount: 9_000_000 }));
    assert.equal((await confirm(bob, first)).status, 200);
    const { status, body } = await confirm(bob, second);
    assert.deepEqual([status, body.code], [409, "change_stale"]);
    assert.deepEqual(await run.sql("SELECT max_amount FROM payout_limits"), [[7_000_000]]);
    assert.equal((await eventsAbout(run, second.id)).at(-1), "security.change_stale");

    const third = await proposed(alice("POST", "/v1/webhook-endpoints", ENDPOINT));
    await bob("POST", "/v1/clients/cli_alice/revoke");
    await run.pass(25 * HOUR_MS);
    await run.sweep();
    const { body: stale } = await bob<ChangeRequestView>("GET", `/v1/change-requests/${third.id}`);
    assert.deepEqual([stale.status, stale.reason], [
      "stale",
      "The client or person that proposed it may no longer act.",
    ]);
    assert.equal(await run.count("webhook_endpoints"), 0);
  }, DELAYED));

Deno.test("a request that could not be applied is refused when it is proposed, and nothing is stored", () =>
  inProcess(async (run) => {
    const { alice } = await people(run);
    const limited = await root(run, "cli_limited", ["operator"]);
    const refused: readonly [Caller, string, string, unknown, number, string][] = [
      [alice, "PATCH", "/v1/payout-limits", { min_amount: 500, max_amount: 100 }, 422, "validation_failed"],
      [alice, "POST", "/v1/shortcodes", { ...SHORTCODE, number: "600000" }, 409, "shortcode_taken"],
      [alice, "POST", "/v1/webhook-endpoints", { ...ENDPOINT, url: "ftp://shop.example" }, 422, "validation_failed"],
      [alice, "DELETE", "/v1/webhook-endpoints/whe_01kamcvdf2ej5s2k8sxw9ggk6p", undefined, 404, "not_found"],
      [limited, "POST", "/v1/clients", { name: "x", scopes: ["payouts:write"] }, 403, "scope_not_held"],
    ];
    for (const [caller, method, path, sent, status, code] of refused) {
      const { status: got, body } = await caller<ProblemBody>(method, path, sent);
      assert.deepEqual([method, path, got, body.code], [method, path, status, code]);
    }
    assert.equal(await run.count("change_requests"), 0);
  }, DELAYED));

Deno.test("two people who confirm at once, and the job beside them, apply a change once", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    const carol = await root(run, "cli_carol");
    const change = await proposed(alice("POST", "/v1/clients", { name: "once", scopes: ["payouts:write"] }));
    const before = await run.count("clients");
    const answers = await Promise.all([bob, carol, bob, carol].map((caller) => confirm(caller, change)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409, 409]);
    await run.pass(25 * HOUR_MS);
    await run.sweep();
    assert.equal(await run.count("clients"), before + 1);
    assert.equal((await run.sql("SELECT 1 FROM jobs WHERE kind = 'change_request'")).length, 0);
  }, DELAYED));

Deno.test("a change request of another merchant is not there, and its people confirm nothing of ours", () =>
  inProcess(async (run) => {
    const { alice } = await people(run);
    const stranger = await root(run, "cli_stranger", SCOPES, OTHER_MERCHANT);
    const change = await proposed(alice("POST", "/v1/webhook-endpoints", ENDPOINT));
    assert.equal((await confirm(stranger, change)).status, 404);
    const { body } = await stranger<{ data: unknown[] }>("GET", "/v1/change-requests");
    assert.deepEqual(body.data, []);
    const rejected = await stranger("POST", `/v1/change-requests/${change.id}/reject`, { reason: "no" });
    assert.equal(rejected.status, 404);
  }, DELAYED));

Deno.test("limits of every merchant are proposed by platform and decided by platform", () =>
  inProcess(async (run) => {
    const { alice } = await people(run);
    const one = await root(run, "cli_one", ["platform", "operator"]);
    const two = await root(run, "cli_two", ["platform", "operator"]);
    const change = await proposed(one("PATCH", "/v1/payout-limits", { merchant: "all", max_amount: 100_000 }));
    assert.equal((await confirm(alice, change)).body.code, "insufficient_scope");
    assert.equal((await confirm(two, change)).status, 200);
    assert.deepEqual(await run.sql("SELECT max_amount FROM payout_default_limits"), [[100_000]]);
  }, DELAYED));

Deno.test("an Idempotency-Key repeats the proposal, and the confirmation", () =>
  inProcess(async (run) => {
    await people(run);
    const call = async (id: string, path: string, body?: unknown) =>
      await run.call<ChangeRequestView>("POST", path, body, {
        client: null,
        token: await tokenOf(run, id, id),
        key: `key-${path.length}-${id}`,
      });
    const [first, second] = [
      await call("cli_alice", "/v1/webhook-endpoints", ENDPOINT),
      await call("cli_alice", "/v1/webhook-endpoints", ENDPOINT),
    ];
    assert.deepEqual([first.status, second.status, second.body.id], [202, 202, first.body.id]);
    const path = `/v1/change-requests/${first.body.id}/confirm`;
    const confirmed = [await call("cli_bob", path), await call("cli_bob", path)];
    assert.deepEqual(confirmed.map(({ status, body }) => [status, body.status]), [[200, "applied"], [200, "applied"]]);
    assert.equal(await run.count("webhook_endpoints"), 1);
  }, DELAYED));

Deno.test("without a delay, as in development, changes apply at once with the usual answers", () =>
  inProcess(async (run) => {
    const { alice } = await people(run);
    const made = await alice<ClientWithSecret>("POST", "/v1/clients", { name: "w", scopes: ["payouts:write"] });
    assert.deepEqual([made.status, made.body.secret.startsWith("mls_")], [201, true]);
    assert.equal((await alice("PATCH", "/v1/payout-limits", { max_amount: 7_000_000 })).status, 200);
    assert.equal((await alice("POST", "/v1/webhook-endpoints", ENDPOINT)).status, 201);
    assert.equal(await run.count("change_requests"), 0);
  }));

Deno.test("both persons are in the audit trail", () =>
  inProcess(async (run) => {
    const { alice, bob } = await people(run);
    const change = await proposed(alice("PATCH", "/v1/payout-limits", { max_amount: 7_000_000 }));
    await confirm(bob, change);
    const rows = await run.sql("SELECT actor, action, data FROM audit WHERE subject_id = ? ORDER BY rowid", change.id)
      .catch(() => run.sql("SELECT actor, action, data FROM audit WHERE subject_id = ?", change.id));
    assert.deepEqual(rows.map(([actor, action]) => [actor, action]), [
      ["cli_alice", "change.proposed"],
      ["cli_bob", "change.applied"],
    ]);
    const { proposed_by, decided_by } = JSON.parse(String(rows[1]?.[2]));
    assert.deepEqual([proposed_by, decided_by], ["cli_alice", "cli_bob"]);
  }, DELAYED));
