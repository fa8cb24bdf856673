import assert from "node:assert/strict";
import { IDLE_MS } from "../../src/domain/people/sessions.ts";
import { consoleUrl, formOf, linkOf, personId, signIn, signInAs } from "../support/console.ts";
import { inProcess } from "../support/in-process.ts";
import { payPaybill } from "../support/money.ts";

Deno.test("a form that is sent after the session ended is there again after signing in, and has done nothing", () =>
  inProcess(async (run) => {
    await payPaybill(run);
    const [[id] = []] = await run.sql("SELECT id FROM payments");
    const finance = await signIn(run, "finance@demo.test");
    const path = consoleUrl(`payments/${id}/note`);
    const form = { ...formOf((await finance.go(path)).html, path), text: "asked <b>Jane</b>, she calls back" };
    await run.pass(IDLE_MS + 1_000);
    const late = await finance.submit(path, form);
    assert.equal(late.status, 303);
    assert.match(late.headers.get("location") ?? "", /sign-in\?next=.*note/);
    assert.doesNotMatch(JSON.stringify([...finance.cookies]), /Jane|she calls/, "sealed");
    const back = await finance.submit(await linkOf(run, personId("finance@demo.test")), {});
    assert.equal(back.headers.get("location"), path);
    const again = await finance.go(path);
    assert.match(again.html, /asked &lt;b&gt;Jane&lt;\/b&gt;, she calls back/);
    assert.match(again.html, /nothing was done\. What you typed is here again/);
    assert.equal(Number((await run.sql("SELECT count(*) FROM audit WHERE action = 'attention.noted'"))[0]?.[0]), 0);
    assert.doesNotMatch((await finance.go(path)).html, /Jane/, "once");
    const sent = await finance.submit(path, { ...formOf(again.html, path), text: form.text });
    assert.equal(sent.status, 303);
    assert.equal(Number((await run.sql("SELECT count(*) FROM audit WHERE action = 'attention.noted'"))[0]?.[0]), 1);
  }));

Deno.test("another person at the same browser does not get it, nor is a form kept that was not ours", () =>
  inProcess(async (run) => {
    await payPaybill(run);
    const [[id] = []] = await run.sql("SELECT id FROM payments");
    const visitor = await signInAs(run, ["finance"]);
    const path = consoleUrl(`payments/${id}/note`);
    const form = { ...formOf((await visitor.go(path)).html, path), text: "mine alone" };
    await run.pass(IDLE_MS + 1_000);
    await visitor.submit(path, { ...form, csrf: "0".repeat(64) });
    assert.equal(visitor.cookies.has("malipo_form"), false);
    const forged = await visitor.submit(path, form, { "sec-fetch-site": "cross-site" });
    assert.equal(forged.status, 303);
    assert.equal(visitor.cookies.has("malipo_form"), false);
  }));
