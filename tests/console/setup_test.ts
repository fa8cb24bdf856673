import assert from "node:assert/strict";
import { createEndpoint } from "../../src/webhooks/endpoints/create-endpoint.ts";
import { consoleUrl, formOf, signIn } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { contextAs } from "../support/people.ts";

async function endpoint(run: InProcess): Promise<string> {
  const ctx = await contextAs(run, "admin@demo.test");
  return (await createEndpoint(ctx, { url: "https://shop.example/told", events: ["*"], status: "enabled" })).id;
}

/** The path of a form that the page sends to itself. */
const own = (html: string, path: string): Record<string, string> =>
  formOf(html.replaceAll('<form method="post" class', `<form method="post" action="${path}" class`), path);

Deno.test("a new signing secret is shown once; the same form again shows none", () =>
  inProcess(async (run) => {
    const path = consoleUrl(`webhooks/${await endpoint(run)}/rotate`);
    const admin = await signIn(run, "admin@demo.test");
    const form = own((await admin.go(path)).html, path);
    const body = new TextEncoder().encode(String(new URLSearchParams(form)));
    const post = { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body };
    const shown = await admin.go(path, post);
    assert.match(shown.html, /whsec_/);
    const again = await admin.go(path, post);
    assert.deepEqual([again.response.status, /whsec_/.test(again.html)], [303, false]);
    const [key] = await run.sql("SELECT body FROM idempotency_keys WHERE key LIKE 'console:%'");
    assert.ok(key !== undefined && !JSON.stringify(key).includes("whsec_"));
  }));

Deno.test("where a change of where messages go waits for a second person, the console's waits too", () =>
  inProcess(async (run) => {
    const id = await endpoint(run);
    const admin = await signIn(run, "admin@demo.test");
    const path = consoleUrl(`webhooks/${id}/enable`);
    await run.db.write([{
      sql:
        "UPDATE webhook_endpoints SET status = 'disabled', disabled_at = 1, disabled_reason = 'requested' WHERE id = ?",
      args: [id],
    }]);
    const { html } = await admin.go(consoleUrl(`webhooks/${id}`));
    const { headers } = await admin.submit(path, formOf(html, path));
    const [[status] = []] = await run.sql("SELECT status FROM webhook_endpoints WHERE id = ?", id);
    const waiting = await run.count("change_requests");
    assert.deepEqual([status, waiting], ["disabled", 1]);
    assert.match((await admin.go(headers.get("location") ?? "")).html, /Proposed. It applies when another person/);
  }, { env: { CHANGE_DELAY_HOURS: "24" } }));

Deno.test("an admin revokes a program, and has M-Pesa asked whether the paybill is set up", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const path = consoleUrl("clients/cli_treasurer/revoke");
    const { html } = await admin.go(path);
    assert.match(html, /gets no new tokens/);
    assert.equal((await admin.submit(path, formOf(html, path))).status, 303);
    const [[status] = []] = await run.sql("SELECT status FROM clients WHERE id = 'cli_treasurer'");
    assert.equal(status, "revoked");
    const [[id] = []] = await run.sql("SELECT id FROM shortcodes WHERE number = '600000'");
    const check = consoleUrl(`shortcodes/${id}/check`);
    const form = own((await admin.go(check)).html, check);
    const body = new TextEncoder().encode(String(new URLSearchParams(form)));
    const found = await admin.go(check, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });
    assert.match(found.html, /What M-Pesa says: 600000/);
    assert.match(found.html, /Works/);
  }));
