import assert from "node:assert/strict";
import { inProcess } from "../support/in-process.ts";
import { shopping, stageOf, wordsOf } from "./shopper.ts";

/* Issue 18, items 6 and 7. */

Deno.test("in review the page says what happened, what happens next, whom to ask and what to quote", () =>
  inProcess(async (run) => {
    const support = { phone: "0800 720 720", whatsapp: "0722345678", email: "help@duka.example" };
    await run.call("PATCH", "/v1/merchant", { support }, { client: "cli_operator" });
    const visit = await shopping(run, { phone_number: "0700009005", reference: "order & 7" });
    await run.pass();
    const { html } = await visit.look();
    assert.equal(stageOf(html), "review");
    const words = wordsOf(html);
    assert.match(words, /What happened: .* What happens next: .* What to do: don't pay again/);
    assert.match(words, /Questions\? Ask Demo Shop Quote this reference: order & 7/);
    assert.match(html, /href="tel:0800720720"/);
    assert.match(html, /href="https:\/\/wa\.me\/254722345678\?text=order%20%26%207"/);
    assert.match(html, /href="mailto:help@duka\.example"/);
    assert.match(wordsOf((await visit.look("&lang=sw")).html), /Kilichotokea: .*Una swali\? Uliza Demo Shop/);
    const other = await shopping(run, { phone_number: "0700009005", reference: "order-8" });
    await run.call("PATCH", "/v1/merchant", { support: { phone: null, whatsapp: null, email: null } }, {
      client: "cli_operator",
    });
    await run.pass();
    assert.match(
      wordsOf((await other.look()).html),
      /Questions\? Ask Demo Shop.*Ask where you ordered, or who sent you the link/,
    );
  }));

Deno.test("the same phone is told how long to wait, another field begins empty, and of two requests one may be approved", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { phone_number: "0700009009" });
    await run.pass(10_000);
    const waiting = await visit.look();
    assert.match(waiting.html, /id="phone"[^>]*value=""/);
    const again = await visit.prompt("0700 009 009");
    assert.deepEqual([again.response.status, again.response.headers.get("retry-after")], [429, "50"]);
    assert.match(wordsOf(again.html), /A request is already on 0700 ••• 009\. Answer it there, or wait 50 s/);
    assert.match(again.html, /id="phone"[^>]*autofocus[^>]*aria-invalid="true"/);
    const other = await visit.prompt("0700009004");
    assert.equal(other.response.status, 200);
    assert.match(wordsOf(other.html), /Requests are out to 0700 ••• 009 and 0700 ••• 004\. Approve only one/);
  }));

Deno.test("without script the page speaks of a long wait after 20 s, and opens the way by paybill after 60 s", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { phone_number: "0700009004" });
    const seen = async () => {
      const { html } = await visit.look();
      return [/data-after="20000" hidden/.test(html), /id="paybill" open/.test(html)];
    };
    await run.pass(19_000);
    assert.deepEqual(await seen(), [true, false]);
    await run.pass(2_000);
    assert.deepEqual(await seen(), [false, false]);
    await run.pass(40_000);
    assert.deepEqual(await seen(), [false, true]);
  }));

Deno.test("a number is remembered only where the box is ticked, and the paybill's numbers stand in their step", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const { html } = await visit.look();
    assert.doesNotMatch(html, /name="remember"[^>]*checked/);
    assert.match(html, /<ol class="steps">.*<li>.*<dl class="rows numbers">.*<\/dl>.*<\/li>.*<\/ol>/s);
    assert.ok(html.indexOf('class="safety"') < html.indexOf("<form"), "what reassures stands above the button");
    assert.match(html, /<meta name="theme-color" content="#0b7a3b"/);
    await visit.shopper.post(`${visit.path}/prompt`, { token: visit.token, phone: "0712345678" });
    assert.equal(visit.shopper.cookies.has("malipo_phone"), false);
  }));

Deno.test("every page for customers has the way to the other language, and none has attributes of our own tools", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const paths = [
      `${visit.path}?token=${visit.token}`,
      `${visit.path}?token=0`,
      "/p/22222222",
      "/r/x",
      "/r/verify",
      "/s/x",
    ];
    for (const path of paths) {
      const { html } = await visit.shopper.go(path);
      const [, other = ""] = /<a href="([^"]+)" lang="sw"/.exec(html) ?? [];
      assert.match((await visit.shopper.go(other.replaceAll("&amp;", "&"))).html, /<html lang="sw">/, path);
      await visit.shopper.go(`${visit.path}?token=${visit.token}&lang=en`);
      assert.doesNotMatch(html, / key="/, path);
    }
  }));
