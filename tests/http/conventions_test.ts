import assert from "node:assert/strict";
import { DatabaseUnavailable } from "../../src/db/database.ts";
import { problems } from "../../src/problems/problem.ts";
import { VERSION } from "../../src/lib/version.ts";
import { createCheckout } from "../support/checkouts.ts";
import { inProcess, type ProblemBody, publicUrl } from "../support/in-process.ts";
import { operations, pathOf } from "../support/routes.ts";

Deno.test("every answer carries the version and an id of its own", async () => {
  await inProcess(async (run) => {
    const seen = new Set<string>();
    const paths = [
      "/health/live",
      "/openapi.json",
      "/v1/checkouts",
      "/nowhere",
      "/.well-known/jwks.json",
      "/v1/checkouts/x",
    ];
    for (const path of paths) {
      const { headers } = await run.call("GET", path);
      assert.equal(headers.get("api-version"), VERSION);
      assert.match(VERSION, /^\d+\.\d+\.\d+$/);
      assert.match(headers.get("request-id") ?? "", /^req_[0-9a-f]{32}$/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      seen.add(headers.get("request-id") ?? "");
    }
    assert.equal(seen.size, paths.length);
  });
});

Deno.test("a problem names its request, as its header and the log do", async () => {
  await inProcess(async (run) => {
    const { headers, body } = await run.call<ProblemBody>("GET", "/v1/checkouts/chk_none");
    assert.equal(body.request_id, headers.get("request-id"));
    const line = run.logged("request").find(({ fields }) => fields.request_id === body.request_id);
    assert.deepEqual([line?.fields.problem, line?.fields.status], ["not_found", 404]);
  });
});

Deno.test("the request id that a caller sends is not taken over", async () => {
  await inProcess(async (run) => {
    const { headers } = await run.call("GET", "/health/live", undefined, { headers: { "request-id": "mine" } });
    assert.notEqual(headers.get("request-id"), "mine");
  });
});

Deno.test("an address that is none is a 404 problem", async () => {
  await inProcess(async (run) => {
    for (const path of ["/", "/v1", "/v2/checkouts", "/v1/checkouts/", "/v1/checkouts/a/b/c", "/V1/checkouts"]) {
      const { status, body, headers } = await run.call<ProblemBody>("GET", path);
      assert.deepEqual([path, status, body.code], [path, 404, "not_found"]);
      assert.equal(headers.get("content-type"), "application/problem+json");
    }
  });
});

Deno.test("a method that an address does not take is a 405 with Allow", async (t) => {
  await inProcess(async (run) => {
    const paths = new Set(operations.map((operation) => pathOf(operation, "chk_1")));
    const methodsAt = (path: string): string[] =>
      operations.filter((one) => new RegExp(`^${one.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path))
        .map(({ method }) => method); // of /v1/payouts/pause also those of /v1/payouts/{id}
    const service: [string, string[]][] = [
      ["/oauth/token", ["POST"]],
      ["/notify/abc", ["POST"]],
      ["/health/live", ["GET"]],
      ["/openapi.json", ["GET"]],
    ];
    const all = [...[...paths].map((path): [string, string[]] => [path, methodsAt(path)]), ...service];
    for (const [path, methods] of all) {
      await t.step(path, async () => {
        for (const method of ["PUT", "PATCH", "DELETE", "POST", "GET"].filter((name) => !methods.includes(name))) {
          const { status, body, headers } = await run.call<ProblemBody>(method, path, undefined, { client: null });
          assert.deepEqual([method, status, body.code], [method, 405, "method_not_allowed"]);
          const allowed = (headers.get("allow") ?? "").split(/, */);
          for (const name of methods) assert.ok(allowed.includes(name), `Allow of ${path}: ${allowed}`);
        }
      });
    }
  });
});

Deno.test("a problem's type resolves to its page", async () => {
  await inProcess(async (run) => {
    const { body } = await run.call<ProblemBody>("GET", "/v1/checkouts/chk_none");
    assert.equal(body.type, `${publicUrl}/problems/not_found`);
    for (const code of Object.keys(problems)) {
      const page = await run.call<string>("GET", `/problems/${code}`, undefined, { client: null });
      assert.equal(page.status, 200);
      assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
      assert.ok(page.body.includes(code));
    }
    for (const code of ["nothing", "toString", "__proto__"]) {
      assert.equal((await run.call("GET", `/problems/${code}`)).status, 404);
    }
  });
});

Deno.test("/health/live answers; /health/ready says what is not ready", async () => {
  let down = false;
  await inProcess(async (run) => {
    assert.equal((await run.call("GET", "/health/live")).status, 200);
    assert.equal((await run.call("GET", "/health/ready")).status, 200);
    down = true;
    assert.equal((await run.call("GET", "/health/live")).status, 200);
    const { status, body } = await run.call<{ status: string; checks: Record<string, string> }>("GET", "/health/ready");
    assert.deepEqual([status, body.status, body.checks.database], [503, "not_ready", "does not answer"]);
    down = false;
    await run.db.write([{ sql: "DELETE FROM schema_migrations", args: [] }]);
    const behind = await run.call<{ checks: Record<string, string> }>("GET", "/health/ready");
    assert.equal(behind.status, 503);
    assert.match(behind.body.checks.schema ?? "", /^not applied: 0001_ground/);
  }, {
    wrapDatabase: (db) => ({
      ...db,
      read: (statements) => down ? Promise.reject(new DatabaseUnavailable("away", true)) : db.read(statements),
      write: (statements) => db.write(statements),
      close: () => db.close(),
    }),
  });
});

Deno.test("a store that does not answer is a 503 with Retry-After; another failure a 500 that says nothing of itself", async () => {
  let failure: Error | null = null;
  await inProcess(async (run) => {
    const { id } = await createCheckout(run);
    failure = new DatabaseUnavailable("tcp 10.0.0.7 refused", true);
    const away = await run.call<ProblemBody>("GET", `/v1/checkouts/${id}`);
    assert.deepEqual([away.status, away.body.code, away.headers.get("retry-after")], [503, "unavailable", "1"]);
    failure = new TypeError("secret detail at file.ts:7");
    const broken = await run.call<ProblemBody>("GET", `/v1/checkouts/${id}`);
    assert.deepEqual([broken.status, broken.body.code], [500, "internal_error"]);
    assert.doesNotMatch(JSON.stringify([away.body, broken.body]), /10\.0\.0\.7|secret detail|file\.ts/);
    const line = run.logged("request").at(-1);
    assert.equal(line?.level, "error");
    assert.match(String(line?.fields.error), /secret detail/);
  }, {
    wrapDatabase: (db) => ({
      read: (statements) => failure === null ? db.read(statements) : Promise.reject(failure),
      write: (statements) => db.write(statements),
      close: () => db.close(),
    }),
  });
});

Deno.test("a client past its rate is told when to come back; others are not", async () => {
  await inProcess(async (run) => {
    const first = Array.from({ length: 5 }, () => run.call("GET", "/v1/checkouts"));
    for (const { status } of await Promise.all(first)) assert.equal(status, 200);
    const refused = await run.call<ProblemBody>("GET", "/v1/checkouts");
    assert.deepEqual([refused.status, refused.body.code], [429, "rate_limited"]);
    const wait = Number(refused.headers.get("retry-after"));
    assert.ok(wait >= 1 && wait <= 60);
    assert.equal((await run.call("GET", "/v1/checkouts", undefined, { client: "cli_other" })).status, 200);
    await run.pass(wait * 1000);
    assert.equal((await run.call("GET", "/v1/checkouts")).status, 200);
  }, { env: { RATE_LIMIT_PER_MINUTE: "5" } });
});

Deno.test("one log line a request: who, what, how it ended, and no address with an id in it", async () => {
  await inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await run.call("GET", `/v1/checkouts/${id}`);
    await run.pass();
    const lines = run.logged("request");
    const read = lines.find(({ fields }) => fields.method === "GET");
    assert.deepEqual([read?.fields.route, read?.fields.status, read?.fields.client], [
      "/v1/checkouts/:id",
      200,
      "cli_demo",
    ]);
    const callback = lines.find(({ fields }) => fields.route === "/notify/:capability");
    assert.deepEqual([callback?.fields.callback, callback?.fields.status], ["stk", 200]);
    assert.equal(lines.filter(({ fields }) => fields.method === "POST" && fields.route === "/v1/checkouts").length, 1);
    assert.ok(run.logged("job").length > 0);
  });
});
