import assert from "node:assert/strict";
import { consoleUrl, formOf, linkOf, signInAs, Visitor } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { payPaybill } from "../support/money.ts";
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
    assert.match(waiting.html, /data-stream="/);
    await run.pass();
    const paid = await cashier.go(address);
    assert.match(wordsOf(paid.html), /KES 650 Paid Receipt: \w{10} Next customer/);
    assert.doesNotMatch(paid.html, /data-stream/);
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

Deno.test("money that came by itself is taken by who types its amount, once, and the sale is paid", () =>
  inProcess(async (run) => {
    const cashier = await signInAs(run, ["cashier"]);
    const receipt = await payPaybill(run, { amount: 650 });
    const shown = await cashier.go(sell);
    assert.match(wordsOf(shown.html), /Came by itself KES 650/);
    const [, path = ""] = /href="([^"]*\/came\/[^"]*)"/.exec(shown.html) ?? [];
    const form = formOf((await cashier.go(path)).html, path);
    assert.equal((await cashier.submit(path, { ...form, amount_kes: "651" })).status, 422);
    assert.equal(await run.count("checkouts"), 0);
    const [first, second] = [
      await cashier.submit(path, { ...form, amount_kes: "650" }),
      await cashier.submit(path, { ...form, amount_kes: "650" }),
    ];
    assert.equal(first.status, 303);
    assert.equal(second.headers.get("location"), first.headers.get("location"));
    assert.match(
      wordsOf((await cashier.go(first.headers.get("location") ?? "")).html),
      new RegExp(`KES 650 Paid Receipt: ${receipt}`),
    );
    const other = await signInAs(run, ["cashier"]);
    const late = { ...formOf((await other.go(path)).html, path), amount_kes: "650" };
    assert.equal((await other.submit(path, late)).status, 422, "somebody has it");
    assert.equal(await run.count("checkouts"), 1);
    assert.match(wordsOf((await cashier.go(consoleUrl("sold"))).html), /1 sale paid, KES 650/);
    assert.match(wordsOf((await other.go(consoleUrl("sold"))).html), /You have sold nothing/);
  }));

Deno.test("money that came by itself pays the sale that waits for it; after half an hour it is Unmatched's", () =>
  inProcess(async (run) => {
    const cashier = await signInAs(run, ["cashier"]);
    const asked = await fill(cashier, sell, { amount_kes: "650", phone_number: "0700009004" });
    const till = (await cashier.submit(sell, asked)).headers.get("location") ?? "";
    await payPaybill(run, { amount: 650 });
    const [, path = ""] = /href="([^"]*\/came\/[^"]*)"/.exec((await cashier.go(sell)).html) ?? [];
    const form = { ...formOf((await cashier.go(path)).html, path), amount_kes: "650" };
    assert.equal((await cashier.submit(path, form)).headers.get("location"), till);
    await payPaybill(run, { amount: 70 });
    await run.pass(31 * 60_000);
    const again = await signInAs(run, ["cashier"]);
    assert.doesNotMatch((await again.go(sell)).html, /\/came\//);
  }));

Deno.test("a cashier neither sees nor ends a sale of somebody else, nor their own of yesterday", () =>
  inProcess(async (run) => {
    const [one, other] = [await signInAs(run, ["cashier"]), await signInAs(run, ["cashier"])];
    const asked = await fill(one, sell, { amount_kes: "650", phone_number: "0700009004" });
    const till = (await one.submit(sell, asked)).headers.get("location") ?? "";
    const cancel = `${till.replace("/till/", "/checkouts/")}/cancel`;
    assert.equal((await one.go(cancel)).response.status, 200);
    for (const path of [till, cancel]) assert.equal((await other.go(path)).response.status, 404, path);
    const csrf = await other.csrf(sell);
    assert.equal((await other.submit(cancel, { csrf, key: crypto.randomUUID(), version: "1" })).status, 404);
    await run.pass(24 * 3_600_000);
    const tomorrow = new Visitor(run);
    await tomorrow.submit(await linkOf(run, await personOf(run)), {});
    assert.equal((await tomorrow.go(till)).response.status, 404);
  }));

const personOf = async (run: InProcess): Promise<string> =>
  String((await run.sql("SELECT person_id FROM sessions ORDER BY id LIMIT 1"))[0]?.[0]);
