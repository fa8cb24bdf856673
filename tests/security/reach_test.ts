import assert from "node:assert/strict";
import { MERCHANT_SCOPES, type Scope } from "../../src/auth/scopes.ts";
import { hashSecret } from "../../src/auth/tokens.ts";
import { OutsideSubjects } from "../../src/auth/outside/outside-subjects.ts";
import { routes } from "../../src/app/routes.ts";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { newId } from "../../src/crypto/ids.ts";
import { openApiDocument } from "../../src/http/openapi/document.ts";
import type { Operation } from "../../src/http/operation.ts";
import { createCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";
import { createPayout } from "../support/payouts.ts";
import { clientFor, nameOf, operations, pathOf } from "../support/routes.ts";
import { register } from "../webhooks/support.ts";

/* Every operation, and everybody who must not use it. A new one is in the table of routes, so it is here too. */

const document = openApiDocument(publicUrl, routes);

/** The example of the request's body in the document: what a caller sends who knows the API. */
function exampleBody({ path, method }: Operation): unknown {
  const operation = document.paths[path]?.[method.toLowerCase()];
  const media = operation?.requestBody?.content["application/json"];
  const [example] = Object.values(media?.examples ?? {});
  return example !== undefined && "value" in example ? example.value : undefined;
}

interface Caller {
  readonly id: string;
  readonly merchant: string;
  readonly scopes: readonly Scope[];
}

/** Stores a client as the command line would, and gets its token. */
async function addClient(run: InProcess, { id, merchant, scopes }: Caller): Promise<string> {
  await run.db.write([{
    sql: "INSERT INTO clients (id, merchant_id, name, secret_hash, scopes, status, created_at) " +
      "VALUES (?, ?, ?, ?, ?, 'active', 1)",
    args: [id, merchant, id, hashSecret(id), JSON.stringify(scopes)],
  }]);
  const { body } = await run.request<{ access_token: string }>(
    new Request(`${publicUrl}/oauth/token`, {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: id }),
    }),
  );
  return body.access_token;
}

/** One call with the document's example as body. */
const ask = (run: InProcess, operation: Operation, path: string, token: string) =>
  run.call<ProblemBody>(operation.method, path, exampleBody(operation), { client: null, token });

/** Real ids of the demo merchant, by the part of the path that names the resource. */
async function realIds(run: InProcess): Promise<ReadonlyMap<string, string>> {
  const endpoint = await register(run);
  const checkout = await createCheckout(run, { phone_number: "0712345678" });
  const payout = await createPayout(run, {});
  await run.call("POST", "/v1/payout-batches", { payouts: [exampleBodyOf("createPayout")] });
  await run.call("POST", "/v1/standing-orders", exampleBodyOf("createStandingOrder"));
  await run.pass();
  const payment = String((await run.sql("SELECT id FROM payments LIMIT 1"))[0]?.[0]);
  await run.call("POST", "/v1/refunds", { payment, reason: "test" });
  await run.pass();
  await run.call("POST", "/v1/reconciliations", exampleBodyOf("startReconciliation"));
  await run.call("POST", "/v1/accounts", { name: "House 4" });
  const account = String((await run.sql("SELECT id FROM standing_accounts LIMIT 1"))[0]?.[0]);
  await run.call("POST", `/v1/accounts/${account}/links`, {});
  await run.call("POST", "/v1/payment-links", exampleBodyOf("createPaymentLink"));
  await run.db.write([{
    sql: "INSERT INTO jobs (id, kind, subject_id, merchant_id, status, run_at, attempts, created_at, updated_at) " +
      "VALUES ('job_dead', 'payout', 'pyt_x', ?, 'dead', 1, 12, 1, 1)",
    args: [DEMO_MERCHANT],
  }]);
  const one = async (table: string) =>
    String((await run.sql(`SELECT id FROM ${table} WHERE merchant_id = ? LIMIT 1`, DEMO_MERCHANT))[0]?.[0]);
  return new Map([
    ["checkouts", checkout.id],
    ["payouts", payout.id],
    ["payments", payment],
    ["refunds", await one("refunds")],
    ["payout-batches", await one("payout_batches")],
    ["standing-orders", await one("standing_orders")],
    ["reconciliations", await one("reconciliations")],
    ["shortcodes", await one("shortcodes")],
    ["events", await one("events")],
    ["webhook-endpoints", endpoint.id],
    ["clients", "cli_demo"],
    ["people", await one("people")],
    ["outside-subjects", await addOutsideSubject(run)],
    ["jobs", "job_dead"],
    ["attention", "case_job_dead"],
    ["merchants", DEMO_MERCHANT],
    ["accounts", account],
    ["account-links", await one("account_links")],
    ["payment-links", await one("payment_links")],
    ["flags", "live_pages"],
    ["accounts", await one("standing_accounts")],
    ["change-requests", await addChangeRequest(run)],
    ["payees", await one("payees")],
  ]);
}

/** A change request that waits. With the settings of tests none is ever made. */
async function addChangeRequest(run: InProcess): Promise<string> {
  const id = newId("chg");
  await run.db.write([{
    sql: "INSERT INTO change_requests (id, merchant_id, kind, operation, status, summary, secrets, basis, input, " +
      "needs_platform, proposed_by, applies_at, created_at, updated_at, version) VALUES " +
      "(?, ?, 'client.create', 'createClient', 'proposed', 'test', '[]', '', x'00', 0, 'cli_demo', 9000000000000, 1, 1, 1)",
    args: [id, DEMO_MERCHANT],
  }]);
  return id;
}

/** A subject of an outside issuer. With the settings of tests there is no such issuer. */
const addOutsideSubject = (run: InProcess): Promise<string> =>
  new OutsideSubjects(run.db, run.services.vault, run.time)
    .idOf({ issuer: "https://login.example.com/", subject: "shop", merchantId: DEMO_MERCHANT });

const exampleBodyOf = (id: string): unknown => exampleBody(operations.find((each) => each.id === id) as Operation);
const resourceOf = ({ path }: Operation): string => path.split("/")[2] ?? "";

/** What a failed attempt must not change: everything but who tried it. */
async function state(run: InProcess): Promise<string> {
  const tables = await run.sql(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name",
  );
  // That a caller was refused is written down; nothing else may be.
  const rowsOf = (table: unknown) =>
    run.sql(`SELECT * FROM "${table}"` + (table === "audit" ? " WHERE action <> 'access.denied'" : ""));
  const parts = await Promise.all(tables.map(async ([table]) => [table, await rowsOf(table)]));
  return JSON.stringify(parts, (_key, value) => value instanceof Uint8Array ? value.toHex() : value);
}

/** An answer without the caller's own refused calls: these name what the caller asked for. */
const withoutRefusals = (body: unknown): unknown => {
  const { data } = body as { data?: unknown };
  return Array.isArray(data) ? data.filter(({ act }) => act !== "access.denied") : body;
};

Deno.test("every operation refuses no token, a wrong scope, an expired token and a revoked client", async (t) => {
  await inProcess(async (run) => {
    const scopes = MERCHANT_SCOPES;
    const everything = [...scopes, "platform"] as const;
    const expired = await addClient(run, { id: "cli_expired", merchant: DEMO_MERCHANT, scopes: everything });
    await run.pass(11 * 60_000);
    const revoked = await addClient(run, { id: "cli_revoked", merchant: DEMO_MERCHANT, scopes: everything });
    await run.db.write([{
      sql: "UPDATE clients SET status = 'revoked', revoked_at = 2 WHERE id = 'cli_revoked'",
      args: [],
    }]);
    for (const operation of operations) {
      await t.step(nameOf(operation), async () => {
        const path = pathOf(operation);
        const without = await addClient(run, {
          id: `cli_without_${operation.id.toLowerCase()}`,
          merchant: DEMO_MERCHANT,
          scopes: scopes.filter((scope) => scope !== operation.scope && scope !== operation.orScope),
        });
        const missing = await run.call<ProblemBody>(operation.method, path, undefined, { client: null });
        assert.deepEqual([missing.status, missing.body.code], [401, "token_missing"]);
        for (
          const [token, status, code] of [
            ...(operation.anyScope === true ? [] : [[without, 403, "insufficient_scope"] as const]),
            [expired, 401, "token_expired"],
            [revoked, 401, "token_revoked"],
          ] as const
        ) {
          const { status: got, body } = await ask(run, operation, path, token);
          assert.deepEqual([got, body.code], [status, code]);
        }
      });
    }
  });
});

Deno.test("no operation shows or changes what is another merchant's, not even to its operator", async (t) => {
  await inProcess(async (run) => {
    const ids = await realIds(run);
    const callers = [
      ["client", MERCHANT_SCOPES.filter((scope) => scope !== "operator")],
      ["operator", MERCHANT_SCOPES],
    ] as const;
    const tokens = await Promise.all(callers.map(async ([name, scopes]) => ({
      name,
      scopes: scopes as readonly Scope[],
      token: await addClient(run, { id: `cli_other_${name}`, merchant: OTHER_MERCHANT, scopes }),
    })));
    for (const operation of operations.filter(({ path }) => path.includes("{"))) {
      await t.step(nameOf(operation), async () => {
        const id = ids.get(resourceOf(operation));
        assert.ok(
          id !== undefined && id !== "undefined",
          `this test has no ${resourceOf(operation)}: add one to realIds`,
        );
        for (const { name, scopes, token } of tokens) {
          const before = await state(run);
          const real = await ask(run, operation, pathOf(operation, id), token);
          const never = await ask(
            run,
            operation,
            pathOf(operation, `${id.slice(0, 4)}01kamcvdf2ej5s2k8sxw9ggk6p`),
            token,
          );
          const expected = scopes.includes(operation.scope) ? [404, "not_found"] : [403, "insufficient_scope"];
          assert.deepEqual([real.status, real.body.code], expected, `the other merchant's ${name}`);
          const told = ({ status, body }: typeof real) => [status, { ...body, request_id: "" }];
          assert.deepEqual(told(real), told(never), "a foreign id is answered like one that never was");
          assert.equal(await state(run), before, "nothing was changed or written down");
        }
      });
    }
    for (const operation of operations.filter(({ path, method }) => method === "GET" && !path.includes("{"))) {
      await t.step(nameOf(operation), async () => {
        for (const { token } of tokens) {
          const { body } = await ask(run, operation, operation.path, token);
          const shown = JSON.stringify(withoutRefusals(body));
          for (const id of ids.values()) assert.ok(!shown.includes(id), `it shows ${id}`);
        }
      });
    }
  });
});

Deno.test("whoever names another merchant needs `platform`, whether or not there is such a merchant", async (t) => {
  await inProcess(async (run) => {
    const namers = operations.filter(({ query, body }) => names(query) || names(body));
    assert.ok(namers.length >= 12);
    for (const operation of namers) {
      await t.step(nameOf(operation), async () => {
        assert.equal(operation.reach, "platform", "it declares its reach");
        const client = clientFor(operation) === "cli_platform" ? "cli_operator" : clientFor(operation);
        for (const merchant of [OTHER_MERCHANT, "mer_never", "all"]) {
          const inBody = names(operation.body);
          const { status, body } = await run.call<ProblemBody>(
            operation.method,
            inBody ? operation.path : `${operation.path}?merchant=${merchant}`,
            inBody ? { merchant } : undefined,
            { client },
          );
          assert.deepEqual([merchant, status, body.code], [merchant, 403, "insufficient_scope"]);
        }
      });
    }
  });
});

/** Whether a schema has a field `merchant`. */
const names = (schema: unknown): boolean =>
  typeof schema === "object" && schema !== null && "shape" in schema && "merchant" in (schema.shape as object);

Deno.test("`platform` is granted by no operation, only by the command line", () =>
  inProcess(async (run) => {
    for (const client of ["cli_operator", "cli_platform"] as const) {
      const { status } = await run.call("POST", "/v1/clients", { name: "x", scopes: ["platform"] }, { client });
      assert.ok(status === 422 || status === 403, `${client}: ${status}`);
    }
    const asked = await run.call<{ data: { id: string; scopes: string[] }[] }>(
      "GET",
      "/v1/clients?merchant=all",
      undefined,
      {
        client: "cli_platform",
      },
    );
    assert.deepEqual(asked.body.data.filter(({ scopes }) => scopes.includes("platform")).map(({ id }) => id), [
      "cli_platform",
    ]);
  }));
