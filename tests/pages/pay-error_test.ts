import assert from "node:assert/strict";
import { DatabaseUnavailable } from "../../src/db/database.ts";
import { getCheckout } from "../support/checkouts.ts";
import { inProcess } from "../support/in-process.ts";
import { shopping, stageOf, wordsOf } from "./shopper.ts";

Deno.test("a wrong number is answered 422 with the field marked, and rings no phone", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    for (const phone of ["", "12", "0712345678901", "+1 202 555 0123", "<script>", "0".repeat(2_000)]) {
      const { response, html } = await visit.prompt(phone);
      assert.equal(response.status, 422, phone);
      assert.match(html, /aria-invalid="true"/);
      assert.match(html, /role="alert"/);
      assert.doesNotMatch(html, /<script>/);
    }
    assert.equal((await getCheckout(run, visit.checkout.id)).attempts.length, 0);
  }));

Deno.test("after an answer that says nothing the page does not claim that a request was sent", () =>
  inProcess(async (run) => {
    const said = async (phone_number: string) => {
      const visit = await shopping(run, { phone_number });
      return wordsOf((await visit.shopper.go(`${visit.path}?token=${visit.token}`)).html);
    };
    const unclear = await said("0700009009");
    assert.match(unclear, /is on its way\. M-Pesa has not confirmed it yet/);
    assert.doesNotMatch(unclear, /We sent/);
    assert.match(await said("0700009004"), /We sent a payment request to 0700 ••• 004/);
  }));

Deno.test("a button pressed twice prompts once", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const both = await Promise.all([visit.prompt("0712345678"), visit.prompt("0712345678")]);
    assert.deepEqual(both.map(({ html }) => stageOf(html)), ["waiting", "waiting"]);
    assert.equal(run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length, 1);
  }));

Deno.test("a phone that has had its prompts: 429 in words with Retry-After, and the way by paybill", () =>
  inProcess(async (run) => {
    for (let i = 0; i < 5; i++) await shopping(run, { phone_number: "0712345678" });
    const visit = await shopping(run);
    const { response, html } = await visit.prompt("0712345678");
    assert.equal(response.status, 429);
    assert.ok(Number(response.headers.get("retry-after")) > 3_500);
    assert.match(wordsOf(html), /may be sent in 60 minutes/);
    assert.match(html, /id="paybill"/);
  }, { env: { PROMPTS_PER_PHONE_PER_HOUR: "5" } }));

Deno.test("a checkout that has had its prompts says so", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    for (const phone of ["0700001032", "0700001032"]) {
      await visit.prompt(phone);
      await run.pass();
    }
    const { response, html } = await visit.prompt("0712345678");
    assert.equal(response.status, 429);
    assert.match(wordsOf(html), /No more requests can be sent for this payment/);
  }, { env: { PROMPTS_PER_CHECKOUT: "2" } }));

Deno.test("a phone that would pass M-Pesa's limit for a day is told so", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const { response, html } = await visit.prompt("0712345678");
    assert.equal(response.status, 422);
    assert.match(wordsOf(html), /limit for a day/);
  }, { env: { CHECKOUT_DAILY_PER_PHONE_KES: "1000" } }));

Deno.test("a store that does not answer makes a page that promises nothing", () => {
  let down = false;
  const fail = () => Promise.reject(new DatabaseUnavailable("down", true));
  return inProcess(async (run) => {
    const visit = await shopping(run);
    down = true;
    const { response, html } = await visit.look();
    assert.equal(response.status, 503);
    assert.equal(response.headers.get("retry-after"), "1");
    assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.match(wordsOf(html), /Something went wrong on our side/);
    assert.match(html, /hreflang="sw"/, "in the other language too");
    assert.doesNotMatch(html, /KES|order-1001/);
    down = false;
  }, {
    wrapDatabase: (db) => ({
      read: (statements) => down ? fail() : db.read(statements),
      write: (statements) => down ? fail() : db.write(statements),
      close: () => db.close(),
    }),
  });
});

Deno.test("what Daraja refuses ends the attempt, and the page says so", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const { html } = await visit.prompt("0712345678");
    assert.equal(stageOf(html), "failed");
    assert.match(wordsOf(html), /M-Pesa could not be reached/);
  }, {
    daraja: (request) => {
      if (request.url.includes("stkpush")) {
        throw new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });
      }
      return null;
    },
  }));
