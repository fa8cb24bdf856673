import assert from "node:assert/strict";
import { ClientSeals } from "../../src/auth/client-seals.ts";
import { hashSecret } from "../../src/auth/tokens.ts";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { first } from "../../src/db/query.ts";
import { selectClient } from "../../src/domain/merchants/client-rows.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";
import { act, createPayout, getPayout, payoutBody } from "../support/payouts.ts";

/* Somebody who can write to the database, and has no key: they make no client, and get no more rights for one. */

const env = { CLIENT_SEALS: "require" };
const SECRET = "a-secret-of-the-intruder";
const HASH = `x'${hashSecret(SECRET).toHex()}'`;

const tokenOf = (run: InProcess, client_id: string, client_secret: string) =>
  run.request<{ access_token?: string; error?: string }>(
    new Request(`${publicUrl}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret }),
    }),
  );

const told = (run: InProcess) => run.sql("SELECT actor, subject_id FROM audit WHERE action = 'client.altered'");

const sql = async (run: InProcess, ...statements: string[]) =>
  void await run.db.write(statements.map((one) => ({ sql: one, args: [] })));

Deno.test("a client that is written into the database gets no token, and somebody is told", () =>
  inProcess(async (run) => {
    const columns = "id, merchant_id, name, secret_hash, scopes, status, created_at";
    const values = `'cli_new', '${DEMO_MERCHANT}', 'x', ${HASH}, '["payouts:write","payouts:approve"]', 'active', 1`;
    await sql(
      run,
      `INSERT INTO clients (${columns}) VALUES (${values})`,
      // with the seal of another client
      `INSERT INTO clients (${columns}, row_seal) SELECT 'cli_copy', merchant_id, name, ${HASH}, scopes, status, 1, ` +
        "row_seal FROM clients WHERE id = 'cli_demo'",
    );
    for (const id of ["cli_new", "cli_copy"]) {
      const { status, body } = await tokenOf(run, id, SECRET);
      assert.deepEqual([status, body.error], [401, "invalid_client"]);
      await tokenOf(run, id, SECRET);
    }
    assert.deepEqual(run.logged("client_altered").map(({ level, fields }) => [level, fields["client"]]), [
      ["alert", "cli_new"],
      ["alert", "cli_copy"],
    ]);
    assert.deepEqual(await told(run), [["system", "cli_new"], ["system", "cli_copy"]]);
  }, { env, withoutJobs: true }));

/** What an intruder would change of a client whose secret they know, or have put in. */
const CHANGES: Readonly<Record<string, string>> = {
  "its secret": `secret_hash = ${HASH}`,
  "a second secret": `previous_secret_hash = ${HASH}, previous_secret_until = 9e15`,
  "its scopes": `scopes = json_insert(scopes, '$[#]', 'payouts:approve')`,
  "its merchant": "merchant_id = (SELECT merchant_id FROM clients WHERE id = 'cli_other')",
  "its maker": "parent_id = 'cli_operator'",
  "the root of its lineage": "owner_id = 'cli_operator'",
  "its epoch": "epoch = epoch + 1",
  "how it proves who it is": "access = NULL, access_seal = NULL",
  "its seal": "row_seal = NULL",
  "another's seal": "row_seal = (SELECT row_seal FROM clients WHERE id = 'cli_other')",
};

Deno.test("a client is refused after any change in the database of what it may do", async (t) => {
  for (const [what, change] of Object.entries(CHANGES)) {
    await t.step(what, () =>
      inProcess(async (run) => {
        const access = { dpop: "allowed" };
        const { status } = await run.call("PATCH", "/v1/clients/cli_demo", { access }, { client: "cli_operator" });
        assert.equal(status, 200);
        const token = (await tokenOf(run, "cli_demo", "demo-secret")).body.access_token ?? "";
        assert.notEqual(token, "");

        await sql(run, `UPDATE clients SET ${change} WHERE id = 'cli_demo'`);
        const pay = await run.call<ProblemBody>("POST", "/v1/payouts", payoutBody(), { client: null, token });
        assert.deepEqual([pay.status, pay.body.code], [401, "token_revoked"]);
        for (const secret of ["demo-secret", SECRET]) {
          assert.equal((await tokenOf(run, "cli_demo", secret)).status, 401);
        }
        await run.time.pass(6_000, () => Promise.resolve());
        const read = await run.call<ProblemBody>("GET", "/v1/payouts", undefined, { client: null, token });
        assert.equal(read.body.code, "token_revoked");
        assert.ok(run.logged("client_altered").length >= 1);
        assert.equal((await told(run))[0]?.[1], "cli_demo");

        const operator = { client: "cli_operator" } as const;
        const rotate = await run.call<ProblemBody>("POST", "/v1/clients/cli_demo/rotate-secret", {}, operator);
        if (what !== "its merchant") assert.deepEqual([rotate.status, rotate.body.code], [409, "wrong_state"]);
        else assert.equal(rotate.status, 404);
      }, { env, withoutJobs: true }));
  }
});

Deno.test("a revoked client that is made active again in the database stays out", () =>
  inProcess(async (run) => {
    await run.call("POST", "/v1/clients/cli_demo/revoke", {}, { client: "cli_operator" });
    await sql(run, "UPDATE clients SET status = 'active', revoked_at = NULL WHERE id = 'cli_demo'");
    assert.equal((await tokenOf(run, "cli_demo", "demo-secret")).status, 401);
    assert.equal(run.logged("client_altered").length, 1);
  }, { env, withoutJobs: true }));

Deno.test("nobody approves a payout of their own lineage by changing or removing its maker in the database", () =>
  inProcess(async (run) => {
    const scopes = ["payouts:read", "payouts:write", "payouts:approve"];
    const made = await run.call<{ id: string; secret: string }>("POST", "/v1/clients", { name: "second", scopes }, {
      client: "cli_operator",
    });
    assert.equal(made.status, 403, "an operator grants only what it has");
    const { id } = await createPayout(run, { amount: 2_500_000 }, { client: "cli_treasurer" });
    const approve = () => act<ProblemBody>(run, id, "approve", { client: "cli_approver" });

    await sql(run, "UPDATE clients SET owner_id = 'cli_approver' WHERE id = 'cli_treasurer'");
    assert.equal((await approve()).body.code, "own_lineage");
    await sql(run, "DELETE FROM clients WHERE id = 'cli_treasurer'");
    const gone = await approve();
    assert.deepEqual([gone.status, gone.body.code], [403, "own_lineage"]);
    assert.match(gone.body.detail, /past this service/);
    assert.equal((await getPayout(run, id)).status, "awaiting_approval");
  }, { env, withoutJobs: true }));

Deno.test("what the service itself changes of a client is sealed anew: access, secret, revocation", () =>
  inProcess(async (run) => {
    const operator = { client: "cli_operator" } as const;
    const rotated = await run.call<{ secret: string }>("POST", "/v1/clients/cli_operator/rotate-secret", {}, operator);
    assert.equal(rotated.status, 200);
    assert.equal((await tokenOf(run, "cli_operator", rotated.body.secret)).status, 200);
    assert.equal((await tokenOf(run, "cli_operator", "operator-secret")).status, 200, "the previous one, for a while");
    const scopes = ["payments:read"];
    const made = await run.call<{ id: string; secret: string }>("POST", "/v1/clients", { name: "n", scopes }, operator);
    assert.equal((await tokenOf(run, made.body.id, made.body.secret)).status, 200);
    await run.call("POST", `/v1/clients/${made.body.id}/revoke`, {}, operator);
    assert.equal((await tokenOf(run, made.body.id, made.body.secret)).status, 401);
    assert.equal(run.logged("client_altered").length, 0);
  }, { env, withoutJobs: true }));

Deno.test("CLIENT_SEALS=adopt takes clients of an earlier version, and seals them; then they pass require", () =>
  inProcess(async (run) => {
    await sql(run, "UPDATE clients SET row_seal = NULL WHERE id IN ('cli_demo', 'cli_other')");
    assert.equal((await tokenOf(run, "cli_demo", "demo-secret")).status, 200);
    await run.sweep();
    assert.deepEqual(await run.sql("SELECT count(*) FROM clients WHERE row_seal IS NULL"), [[0]]);
    assert.deepEqual(
      await run.sql("SELECT subject_id FROM audit WHERE action = 'client.adopted' ORDER BY subject_id"),
      [
        ["cli_demo"],
        ["cli_other"],
      ],
    );
    const strict = new ClientSeals({ ...run.services, policy: "require" });
    const row = await first(run.db, selectClient("cli_demo"));
    assert.ok(row !== null && await strict.isGenuine(row));
  }));

Deno.test("CLIENT_SEALS=adopt seals anew a client that an earlier version changed and left its seal; it passes require", () =>
  inProcess(async (run) => {
    await sql(run, `UPDATE clients SET secret_hash = ${HASH}, version = version + 1 WHERE id = 'cli_other'`);
    await run.sweep();
    await run.sweep();
    const strict = new ClientSeals({ ...run.services, policy: "require" });
    const row = await first(run.db, selectClient("cli_other"));
    assert.ok(row !== null && await strict.isGenuine(row));
    assert.deepEqual(await run.sql("SELECT subject_id FROM audit WHERE action = 'client.adopted'"), [["cli_other"]]);
  }));
