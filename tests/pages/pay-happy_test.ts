import assert from "node:assert/strict";
import { getCheckout } from "../support/checkouts.ts";
import { inProcess } from "../support/in-process.ts";
import { shopping, stageOf, wordsOf } from "./shopper.ts";

Deno.test("the page names amount, merchant and reference, and asks for a phone", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { amount: 123_400_00, reference: "<b>&1" });
    const { response, html } = await visit.look();
    assert.equal(response.status, 200);
    assert.equal(stageOf(html), "ready");
    for (const part of ["KES 123,400", "Demo Shop", "&lt;b&gt;&amp;1", 'type="tel"', "M-Pesa</span> phone number"]) {
      assert.ok(html.includes(part), part);
    }
    assert.doesNotMatch(html, /<b>&1/);
  }));

Deno.test("a shopper pays without script: form, page that looks again, receipt", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { return_url: "https://shop.example/thanks" });
    const asked = await visit.prompt("0712 345 678");
    assert.equal(stageOf(asked.html), "waiting");
    assert.match(asked.html, /<noscript><meta http-equiv="refresh" content="\d+"/);
    assert.match(asked.html, /0712 ••• 678/);
    await run.pass();
    const { html } = await visit.look();
    const { payment } = await getCheckout(run, visit.checkout.id);
    assert.equal(stageOf(html), "paid");
    assert.doesNotMatch(html, /http-equiv="refresh"|data-live/);
    for (const part of ["Demo Shop", "KES 1,500", payment?.receipt ?? "", "0712 ••• 678", "Return to Demo Shop"]) {
      assert.ok(part !== "" && html.includes(part), part);
    }
  }));

Deno.test("the number is remembered in a sealed cookie that no script reads, and forgotten on request", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { return_url: "https://shop.example/" });
    const posted = await visit.shopper.go(`${visit.path}/prompt`, {
      method: "POST",
      body: new URLSearchParams({ token: visit.token, phone: "+254712345678", remember: "yes" }),
    });
    const [cookie = ""] = posted.response.headers.getSetCookie();
    assert.match(cookie, /^malipo_phone=[\w-]+; .*Path=\/pay; HttpOnly; SameSite=Lax/);
    assert.doesNotMatch(decodeURIComponent(cookie), /12345678/);
    await run.pass();
    const next = await shopping(run);
    next.shopper.cookies.set("malipo_phone", visit.shopper.cookies.get("malipo_phone") ?? "");
    assert.match((await next.look()).html, /value="0712345678"/);
    await next.shopper.post(`${next.path}/prompt`, { token: next.token, phone: "0712345678" });
    assert.equal(next.shopper.cookies.has("malipo_phone"), false);
  }));

Deno.test("failed: why and what to do in words, and the same phone again without typing it", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { phone_number: "0700002001" });
    await run.pass();
    const { html } = await visit.look();
    assert.equal(stageOf(html), "failed");
    assert.match(wordsOf(html), /You have not paid yet.*The M-Pesa PIN was wrong\. Try again with the right PIN/);
    assert.match(wordsOf(html), /Leave empty to use 0700 ••• 001 again/);
    const again = await visit.prompt("");
    assert.equal(stageOf(again.html), "waiting");
    const { attempts } = await getCheckout(run, visit.checkout.id);
    assert.deepEqual(attempts.map((a) => a.phone_number), ["2547•••••001", "2547•••••001"]);
    await run.pass();
    assert.equal(stageOf((await visit.prompt("0712345678")).html), "waiting");
    await run.pass();
    assert.equal(stageOf((await visit.look()).html), "paid");
  }));

Deno.test("each state of a checkout has its page", () =>
  inProcess(async (run) => {
    const cases: [phone: string | undefined, afterMs: number, stage: string][] = [
      ["0700001032", 3_000, "failed"],
      ["0700009005", 3_000, "review"],
      ["0700009009", 180_000, "unclear"],
      ["0700009009", 1_000, "waiting"],
      [undefined, 1_801_000, "expired"],
      ["0700009009", 1_801_000, "review"],
    ];
    for (const [phone, afterMs, stage] of cases) {
      const visit = await shopping(run, { phone_number: phone });
      await run.pass(afterMs);
      const { html, response } = await visit.look();
      assert.equal(response.status, 200);
      assert.equal(stageOf(html), stage, `${phone} after ${afterMs} ms`);
    }
    const visit = await shopping(run);
    await run.call("POST", `/v1/checkouts/${visit.checkout.id}/cancel`);
    assert.equal(stageOf((await visit.look()).html), "cancelled");
  }));

Deno.test("a checkout past its time is shown as over, also before its job has run", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    await run.pass(1_801_000);
    assert.equal(stageOf((await visit.look()).html), "expired");
    const asked = await visit.prompt("0712345678");
    assert.equal(stageOf(asked.html), "expired");
    assert.equal(run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length, 0);
  }, { withoutJobs: true }));

Deno.test("paid by paybill from the page's numbers, the page shows it", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const { html } = await visit.look();
    const words = wordsOf(html);
    assert.match(words, /Business number 600000/);
    assert.match(html, /<svg[^>]*viewBox/);
    const account = /data-copy="(\w+)" data-done="Copied" aria-label="Copy: Account number"/.exec(html)?.[1];
    assert.match(
      words,
      new RegExp(`Account number ${account?.slice(0, 4)} ${account?.slice(4)} `),
      "in groups of four",
    );
    assert.equal(account, visit.checkout.account_reference);
    await run.simulator.app.request("http://127.0.0.1:8001/_simulator/c2b", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ shortcode: "600000", amount: 1500, phone: "254712345678", account_reference: account }),
    });
    await run.idle();
    const after = await visit.look();
    assert.equal(stageOf(after.html), "paid");
    assert.doesNotMatch(wordsOf(after.html), /2547/);
  }));

Deno.test("a till offers no paybill: its money carries no account to match", () =>
  inProcess(async (run) => {
    const { html } = await (await shopping(run, { shortcode: "500000" })).look();
    assert.equal(stageOf(html), "ready");
    assert.doesNotMatch(html, /id="paybill"/);
  }));

Deno.test("Swahili by Accept-Language, and by a switch that is kept", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, {}, { "accept-language": "sw-KE, en;q=0.5" });
    const { html } = await visit.look();
    assert.match(html, /<html lang="sw">/);
    assert.match(wordsOf(html), /Lipa kwa M-Pesa.*English|English.*Lipa kwa M-Pesa/);
    assert.match((await visit.look("&lang=en")).html, /<html lang="en">/);
    assert.match((await visit.look()).html, /<html lang="en">/);
    assert.match((await visit.look("&lang=sw")).html, /<input type="hidden" name="lang" value="sw"/);
    const wrong = await visit.prompt("12", { lang: "sw" });
    assert.match(wordsOf(wrong.html), /Hii si nambari ya simu ya mkononi ya Kenya/);
  }));
