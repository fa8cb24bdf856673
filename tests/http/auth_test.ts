import assert from "node:assert/strict";
import { createTokens } from "../../src/auth/tokens.ts";
import type { Operation } from "../../src/http/operation.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { clientFor, nameOf, operations, pathOf } from "../support/routes.ts";

/** A body that no route takes: what is refused for its token is refused before anyone reads. */
const refuse = (run: InProcess, operation: Operation, token: string | null) =>
  run.call<ProblemBody>(operation.method, pathOf(operation), undefined, {
    client: null,
    ...(token === null ? {} : { token }),
    ...(operation.method === "GET" ? {} : { raw: "{" }),
  });

Deno.test("every call asks for a token", async (t) => {
  await inProcess(async (run) => {
    for (const operation of operations) {
      await t.step(nameOf(operation), async () => {
        const { status, body, headers } = await refuse(run, operation, null);
        assert.deepEqual([status, body.code], [401, "token_missing"]);
        assert.match(headers.get("www-authenticate") ?? "", /^Bearer realm="malipo"$/);
      });
    }
  });
});

Deno.test("every call refuses a token that is not one, and one that has expired", async (t) => {
  await inProcess(async (run) => {
    const old = await run.token("cli_operator");
    await run.pass(11 * 60_000);
    for (const operation of operations) {
      await t.step(nameOf(operation), async () => {
        const wrong = await refuse(run, operation, "eyJhbGciOiJub25lIn0.e30.");
        assert.deepEqual([wrong.status, wrong.body.code], [401, "token_invalid"]);
        assert.match(wrong.headers.get("www-authenticate") ?? "", /error="invalid_token"/);
        const expired = await refuse(run, operation, old);
        assert.deepEqual([expired.status, expired.body.code], [401, "token_expired"]);
      });
    }
  });
});

Deno.test("every call refuses a token without its scope", async (t) => {
  await inProcess(async (run) => {
    for (const operation of operations.filter(({ anyScope }) => anyScope !== true)) {
      await t.step(nameOf(operation), async () => {
        const scope = operation.scope === "checkouts:read" ? "payments:read" : "checkouts:read";
        const { status, body } = await refuse(run, operation, await run.token("cli_demo", scope));
        assert.deepEqual([status, body.code], [403, "insufficient_scope"]);
        assert.ok(body.detail.includes(operation.scope), "it says which");
      });
    }
  });
});

Deno.test("a client without a scope can't use what needs it", async () => {
  await inProcess(async (run) => {
    for (const path of ["/v1/notices", "/v1/jobs", "/v1/clients"]) {
      const { status, body } = await run.call<ProblemBody>("GET", path, undefined, { client: "cli_demo" });
      assert.deepEqual([status, body.code], [403, "insufficient_scope"]);
    }
  });
});

Deno.test("an id that never was is a 404 on every call without a body", async (t) => {
  await inProcess(async (run) => {
    const withId = operations.filter(({ path, body }) => path.includes("{") && body === undefined);
    for (const operation of withId) {
      await t.step(nameOf(operation), async () => {
        const client = clientFor(operation);
        const { status, body } = await run.call<ProblemBody>(operation.method, pathOf(operation), undefined, {
          client,
        });
        assert.deepEqual([status, body.code], [404, "not_found"]);
      });
    }
  });
});

Deno.test("another merchant's ids are as unknown as those that never were, and stay untouched", async (t) => {
  await inProcess(async (run) => {
    const checkout = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const firstOf = async (path: string) => (await run.call<{ data: { id: string }[] }>("GET", path)).body.data[0]?.id;
    await getCheckout(run, checkout.id); // its answer is kept from now on, for its own merchant
    const before = await run.sql("SELECT version, status FROM checkouts");
    const calls: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ["GET", `/v1/checkouts/${checkout.id}`],
      ["POST", `/v1/checkouts/${checkout.id}/attempts`, { phone_number: "0712345679" }],
      ["POST", `/v1/checkouts/${checkout.id}/cancel`],
      ["POST", `/v1/checkouts/${checkout.id}/refresh`],
      ["GET", `/v1/payments/${await firstOf("/v1/payments")}`],
      ["GET", `/v1/events/${await firstOf("/v1/events")}`],
      ["GET", `/v1/shortcodes/${await firstOf("/v1/shortcodes")}`],
    ];
    for (const [method, path, body] of calls) {
      await t.step(`${method} ${path.replace(/[a-z]{3}_\w+/, "{id}")}`, async () => {
        const answer = await run.call<ProblemBody>(method, path, body, { client: "cli_other" });
        assert.deepEqual([answer.status, answer.body.code], [404, "not_found"]);
      });
    }
    for (const path of ["/v1/checkouts", "/v1/payments", "/v1/events"]) {
      const { body } = await run.call<{ data: unknown[] }>("GET", path, undefined, { client: "cli_other" });
      assert.deepEqual(body.data, [], path);
    }
    assert.deepEqual(await run.sql("SELECT version, status FROM checkouts"), before);
  });
});

Deno.test("a token of a process with another PUBLIC_URL is refused with both addresses, and the log names the other", async () => {
  await inProcess(async (run) => {
    const elsewhere = "http://pay.internal:8000";
    const tokens = await createTokens({ keys: run.config.keys.signing, issuer: elsewhere, clock: run.services.clock });
    const [row] = await run.sql("SELECT id, merchant_id FROM clients WHERE id = 'cli_demo'");
    const grant = { clientId: "cli_demo", merchantId: String(row?.[1]), scopes: ["checkouts:read"], epoch: 0 } as const;
    const { token } = await tokens.issue(grant);
    const refused = await run.call<ProblemBody>("GET", "/v1/checkouts", undefined, { token });
    assert.deepEqual([refused.status, refused.body.code], [401, "token_invalid"]);
    assert.match(refused.body.detail, /issued by http:\/\/pay\.internal:8000.*PUBLIC_URL/);
    assert.equal(run.logged("request").at(-1)?.fields.token_issuer, elsewhere);
  });
});
