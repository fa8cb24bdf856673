import assert from "node:assert/strict";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { createCheckout } from "../support/checkouts.ts";
import { consoleUrl, formOf, signIn, signInAs } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { paidCheckout, payPaybill } from "../support/money.ts";
import { wordsOf } from "../pages/shopper.ts";

const rowsOf = (html: string): number => [...html.matchAll(/<tr[^>]* data-row=""/g)].length;

Deno.test("list, totals, CSV and the API agree about a filter", () =>
  inProcess(async (run) => {
    await paidCheckout(run, { amount: 150_000 });
    await paidCheckout(run, { amount: 70_000, phone_number: "0722345678", reference: "order-2" });
    await payPaybill(run, { amount: 450 });
    const visitor = await signIn(run, "finance@demo.test");
    for (
      const [query, count, sum] of [["", 3, "2,650"], ["when=today&amount_min_kes=600", 2, "2,200"], [
        "status=unmatched",
        1,
        "450",
      ]]
    ) {
      const { html } = await visitor.go(consoleUrl(`payments?${query}`));
      assert.equal(rowsOf(html), count, String(query));
      const totals = await visitor.go(consoleUrl(`payments?${query}&part=totals`));
      for (const text of String(query).includes("amount") ? [totals.html] : [totals.html, html]) {
        assert.match(wordsOf(text), new RegExp(`${count} payments, KES ${sum} in`));
      }
      const csv = await visitor.go(consoleUrl(`payments?${query}&format=csv`));
      assert.match(csv.response.headers.get("content-type") ?? "", /text\/csv/);
      assert.equal(csv.html.trim().split("\r\n").length, Number(count) + 1);
    }
    const yesterday = await visitor.go(consoleUrl("payments?when=yesterday"));
    assert.match(wordsOf(yesterday.html), /Nothing fits this filter The filter: Yesterday\. Clear/);
  }));

Deno.test("pages lead to older and newer rows, and back to the newest", () =>
  inProcess(async (run) => {
    for (let i = 0; i < 103; i++) await createCheckout(run, { reference: `order-${i}` });
    const visitor = await signIn(run, "finance@demo.test");
    const link = (html: string, rel: string) =>
      new RegExp(`href="([^"]+)" rel="${rel}"`).exec(html)?.[1]?.replaceAll("&amp;", "&");
    const seen: string[] = [];
    let path: string | undefined = consoleUrl("checkouts");
    const addresses: string[] = [];
    while (path !== undefined) {
      addresses.push(path);
      const { html } = await visitor.go(path);
      seen.push(...[...html.matchAll(/title="(order-\d+)"/g)].map(([, name]) => name ?? ""));
      path = link(html, "next");
    }
    assert.equal(addresses.length, 3);
    assert.equal(new Set(seen).size, 103);
    const last = await visitor.go(addresses[2] ?? "");
    const middle = await visitor.go(link(last.html, "prev") ?? "");
    assert.match(middle.html, /title="order-52"/);
    assert.match((await visitor.go(link(middle.html, "prev") ?? "")).html, /title="order-102"/);
  }));

Deno.test("a filter that the API refuses is said at its field, and lists nothing", () =>
  inProcess(async (run) => {
    await paidCheckout(run);
    const visitor = await signIn(run, "finance@demo.test");
    for (const query of ["status=nonsense", "amount_min_kes=abc", "amount_min_kes=2000&amount_max_kes=1"]) {
      const { response, html } = await visitor.go(consoleUrl(`payments?${query}`));
      assert.equal(response.status, 400, query);
      assert.equal(rowsOf(html), 0);
    }
  }));

async function search(run: InProcess, text: string) {
  const visitor = await signIn(run, "finance@demo.test");
  const { html } = await visitor.go(consoleUrl("search"));
  const action = consoleUrl("search");
  return await visitor.post(action, { ...formOf(html, action), q: text });
}

Deno.test("the search opens the only hit, also of a pasted message, and says what it can't find", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    await payPaybill(run);
    const receipt = payment.receipt ?? "";
    const message =
      `${receipt} Confirmed. You have received Ksh1,500.00 from JANE DOE 0712345678 on 1/12/26 at 8:48 AM`;
    const pasted = await search(run, message);
    assert.match(pasted.html, new RegExp(receipt));
    const none = await search(run, "ZZZZ999");
    assert.match(wordsOf(none.html), /No such receipt, id, phone or reference\..*Names are sealed/);
  }));

Deno.test("no phone gets into an address or the log: the payer is sealed, and only for this merchant", () =>
  inProcess(async (run) => {
    for (const [i, phone_number] of ["0712345678", "0712345678", "0722345678"].entries()) {
      await paidCheckout(run, { phone_number, reference: `order-${i}` });
      await run.pass(120_000);
    }
    const found = await search(run, "0712 345 678");
    assert.match(found.location ?? "", /\/search\?q=[\w-]+$/);
    assert.match(wordsOf(found.html), /All payments of this phone Checkouts .* Payments /);
    const payer = /href="([^"]+payer=[\w-]+)"/.exec(found.html)?.[1] ?? "";
    const visitor = await signIn(run, "finance@demo.test");
    const { html } = await visitor.go(payer);
    assert.equal(rowsOf(html), 2);
    assert.match(wordsOf(html), /Payer: 07•• ••• 678/);
    const stranger = await signInAs(run, ["admin"], OTHER_MERCHANT);
    const elsewhere = await stranger.go(payer.replace(DEMO_MERCHANT, OTHER_MERCHANT));
    assert.doesNotMatch(elsewhere.html, /07•• ••• 678/);
    for (const address of [found.location ?? "", payer]) assert.doesNotMatch(address, /712345678/);
    assert.ok(!run.lines.some((line) => JSON.stringify(line).includes("712345678")));
  }));
