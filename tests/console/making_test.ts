import assert from "node:assert/strict";
import { consoleUrl, signIn, signInAs } from "../support/console.ts";
import { keptAnswers, send } from "../support/console-forms.ts";
import { inProcess } from "../support/in-process.ts";

const clientFields = { name: "<b>Webshop", scopes: ["checkouts:read", "checkouts:write"] };

Deno.test("an admin makes a client: its secret works, is shown once, and is kept for no replay", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const { first, press } = await send(admin, consoleUrl("clients/new"), clientFields);
    assert.equal(first.response.status, 200);
    const [, id = ""] = /(cli_[0-9a-z]{26})/.exec(first.html) ?? [];
    const [, secret = ""] = /(mls_[\w-]{43})/.exec(first.html) ?? [];
    assert.match(first.html, /&lt;b&gt;Webshop/);
    const token = await run.app.fetch(
      new Request("http://127.0.0.1:8000/oauth/token", {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      }),
    );
    assert.equal(token.status, 200);
    assert.equal((await token.json()).scope, "checkouts:read checkouts:write");
    const again = await press();
    assert.equal(again.response.status, 303);
    const told = await admin.go(again.response.headers.get("location") ?? "");
    assert.match(told.html, /The secret was shown then/);
    const later = (await admin.go(consoleUrl(`clients/${id}`))).html;
    assert.ok(![again.html, told.html, later, await keptAnswers(run)].some((text) => text.includes(secret)));
    assert.equal((await run.sql("SELECT 1 FROM clients WHERE name = ?", "<b>Webshop")).length, 1);
  }));

Deno.test("a client needs a scope, and nobody grants one that they lack: what was typed stays", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const path = consoleUrl("clients/new");
    assert.doesNotMatch((await admin.go(path)).html, /value="platform"/);
    for (const scopes of [[], ["platform"], ["nonsense"]]) {
      const { first } = await send(admin, path, { name: "Webshop", scopes });
      assert.equal(first.response.status, 422);
      assert.match(first.html, /Choose at least one/);
      assert.match(first.html, /value="Webshop"/);
    }
    const finance = await signInAs(run, ["finance"]);
    assert.equal((await finance.go(path)).response.status, 403);
    assert.equal((await send(admin, path, clientFields, "0".repeat(64))).first.response.status, 403);
    assert.equal((await run.sql("SELECT 1 FROM clients WHERE name IN ('Webshop', '<b>Webshop')")).length, 0);
  }));

Deno.test("a client gets a second secret, shown once; another merchant's and a revoked one get none", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const path = consoleUrl("clients/cli_demo/rotate");
    const { first, press } = await send(admin, path, { previous_hours: "0" });
    const [, secret = ""] = /(mls_[\w-]{43})/.exec(first.html) ?? [];
    assert.notEqual(secret, "");
    const again = await press();
    assert.deepEqual([again.response.status, again.html.includes(secret)], [303, false]);
    assert.ok(!(await keptAnswers(run)).includes(secret));
    assert.equal((await send(admin, path, { previous_hours: "-1" })).first.response.status, 422);
    assert.equal((await admin.go(consoleUrl("clients/cli_other/rotate"))).response.status, 404);
    await run.db.write([{
      sql: "UPDATE clients SET status = 'revoked', revoked_at = 1 WHERE id = 'cli_demo'",
      args: [],
    }]);
    const { first: refused } = await send(admin, path, { previous_hours: "24" });
    assert.deepEqual([refused.response.status, /mls_/.test(refused.html)], [422, false]);
  }));

Deno.test("where changes wait for a second person, a client that pays and an endpoint are proposed, without a secret", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const client = { name: "Payroll", scopes: ["payouts:read", "payouts:write"] };
    const endpoint = { url: "https://shop.example/hooks", which: "all" };
    for (const [path, fields] of [["clients/new", client], ["webhooks/new", endpoint]] as const) {
      const { first } = await send(admin, consoleUrl(path), fields);
      assert.equal(first.response.status, 303);
      const told = await admin.go(first.response.headers.get("location") ?? "");
      assert.match(told.html, /Proposed. It applies when another person/);
    }
    assert.deepEqual([await run.count("change_requests"), await run.count("webhook_endpoints")], [2, 0]);
    assert.doesNotMatch(await keptAnswers(run), /mls_|whsec_/);
  }, { env: { CHANGE_DELAY_HOURS: "24" } }));

Deno.test("an endpoint is registered: its secret is shown once, and a wrong address is named", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const path = consoleUrl("webhooks/new");
    const wrong = await send(admin, path, { url: "ftp://shop.example", which: "some" });
    assert.equal(wrong.first.response.status, 422);
    assert.match(wrong.first.html, /value="ftp:\/\/shop.example"/);
    const some = ["checkout.succeeded", "payment.received"];
    const { first, press } = await send(admin, path, { url: "https://shop.example/h", which: "some", events: some });
    const [, secret = ""] = /(whsec_[\w+/=]+)/.exec(first.html) ?? [];
    assert.notEqual(secret, "");
    const [[id, events] = []] = await run.sql("SELECT id, events FROM webhook_endpoints");
    assert.deepEqual(JSON.parse(String(events)), some);
    const again = await press();
    const later = (await admin.go(consoleUrl(`webhooks/${id}`))).html;
    assert.ok(![again.html, later, await keptAnswers(run)].some((text) => text.includes(secret)));
    assert.equal(again.response.status, 303);
    const viewer = await signInAs(run, ["viewer"]);
    assert.equal((await viewer.go(path)).response.status, 403);
    assert.equal((await send(admin, path, { url: "https://shop.example/x" }, "no")).first.response.status, 403);
    assert.equal(await run.count("webhook_endpoints"), 1);
  }));
