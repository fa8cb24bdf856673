import assert from "node:assert/strict";
import { consoleUrl, formOf, signInAs, type Visitor } from "../support/console.ts";
import { inProcess } from "../support/in-process.ts";
import { wordsOf } from "../pages/shopper.ts";

const sell = consoleUrl("sell");

async function fill(visitor: Visitor, path: string, typed: Record<string, string>): Promise<Record<string, string>> {
  return { ...formOf((await visitor.go(path)).html, sell), ...typed };
}

Deno.test("a cashier asks a phone for money and sees it paid, and a second press asks nobody again", () =>
  inProcess(async (run) => {
    const cashier = await signInAs(run, ["cashier"]);
    const fields = await fill(cashier, sell, { amount_kes: "650", phone_number: "0712 345 678" });
    const [first, second] = [await cashier.submit(sell, fields), await cashier.submit(sell, fields)];
    assert.equal(first.status, 303);
    assert.equal(second.headers.get("location"), first.headers.get("location"));
    const address = first.headers.get("location") ?? "";
    const waiting = await cashier.go(address);
    assert.match(wordsOf(waiting.html), /KES 650 Waiting for the PIN 07•• ••• 678 was asked/);
    assert.match(waiting.html, /data-live="yes"/);
    await run.pass();
    const paid = await cashier.go(address);
    assert.match(wordsOf(paid.html), /KES 650 Paid Receipt: \w{10} Next customer/);
    assert.doesNotMatch(paid.html, /data-live/);
    assert.equal(run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length, 1);
  }));

Deno.test("what is not paid is not called paid", () =>
  inProcess(async (run) => {
    const cashier = await signInAs(run, ["cashier"]);
    for (
      const [phone_number, heading] of [["0700001032", "Not paid Cancelled by customer"], [
        "0700009009",
        "Not clear yet",
      ]]
    ) {
      const fields = await fill(cashier, sell, { amount_kes: "650", phone_number: phone_number ?? "" });
      const { html } = await cashier.post(sell, fields);
      assert.doesNotMatch(wordsOf(html), /Paid Receipt/);
      await run.pass(600_000);
      const [[id] = []] = await run.sql("SELECT id FROM checkouts ORDER BY id DESC LIMIT 1");
      assert.match(wordsOf((await cashier.go(consoleUrl(`till/${id}`))).html), new RegExp(String(heading)));
    }
  }));

Deno.test("what is typed wrong is said at its field, and nobody is asked", () =>
  inProcess(async (run) => {
    const cashier = await signInAs(run, ["cashier"]);
    for (const [amount_kes, phone_number] of [["6.50", "0712345678"], ["0", "0712345678"], ["650", "12"], ["", ""]]) {
      const fields = await fill(cashier, sell, { amount_kes: amount_kes ?? "", phone_number: phone_number ?? "" });
      const { response, html } = await cashier.post(sell, fields);
      assert.equal(response.status, 422);
      assert.match(html, /aria-invalid="true"/);
    }
    assert.equal(await run.count("checkouts"), 0);
  }));

Deno.test("a link is made once, to share by WhatsApp and to print", () =>
  inProcess(async (run) => {
    const cashier = await signInAs(run, ["cashier"]);
    const fields = await fill(cashier, `${sell}?by=link`, { amount_kes: "1,500", description: "Rent <b>12</b>" });
    const { html } = await cashier.post(sell, fields);
    assert.match(html, /href="https:\/\/wa\.me\/\?text=Rent/);
    assert.match(html, /<svg[^>]*>.*<\/svg>/s);
    assert.match(html, /Rent &lt;b&gt;12&lt;\/b&gt;/);
    assert.match((await cashier.submit(sell, fields)).headers.get("location") ?? "", /\/links$/);
    assert.equal(await run.count("payment_links"), 1);
    const viewer = await signInAs(run, ["viewer"]);
    assert.equal((await viewer.submit(sell, { ...fields, csrf: await viewer.csrf(consoleUrl("home")) })).status, 403);
  }));
