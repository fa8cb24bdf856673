import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { consoleUrl, signInAs } from "../support/console.ts";
import { send } from "../support/console-forms.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { getPayment, payPaybill } from "../support/money.ts";

const paymentOf = async (run: InProcess, receipt: string): Promise<string> =>
  String((await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt))[0]?.[0]);

/** KES 1,450 for an account that is one letter off an order of KES 1,500, which is 11 minutes older. */
async function nearMiss(run: InProcess): Promise<{ readonly payment: string; readonly checkout: string }> {
  const { id: checkout } = await createCheckout(run, {
    amount: 150_000,
    reference: "<b>INV1001",
    account_reference: "INV1001",
  });
  await run.pass(11 * 60_000);
  return { payment: await paymentOf(run, await payPaybill(run, { amount: 1_450, reference: "INV1O01" })), checkout };
}

Deno.test("a row that is opened shows its candidates with their fit, and one press more leads to the match", () =>
  inProcess(async (run) => {
    const { payment } = await nearMiss(run);
    const finance = await signInAs(run, ["finance"]);
    const closed = (await finance.go(consoleUrl("unmatched"))).html;
    assert.ok(closed.includes(`?open=${payment}#row-${payment}`));
    assert.doesNotMatch(closed, /One letter differs/);
    const { html } = await finance.go(consoleUrl(`unmatched?open=${payment}`));
    assert.match(html, /&lt;b&gt;INV1001, KES\u00a01,500/);
    assert.match(html, /One letter differs, KES\u00a050 less, 11 min later/);
    const [, match = ""] = /href="([^"]*\/match\?candidate=[^"]*)"/.exec(html) ?? [];
    const { first } = await send(finance, match.replaceAll("&amp;", "&"), {});
    assert.equal(first.response.status, 303, first.html);
    assert.notEqual((await getPayment(run, payment)).status, "unmatched");
    const viewer = await signInAs(run, ["viewer"]);
    const seen = (await viewer.go(consoleUrl(`unmatched?open=${payment}`))).html;
    assert.doesNotMatch(seen, /candidate=/);
  }));

Deno.test("where no order fits, the opened row says so; another merchant's row is not opened", () =>
  inProcess(async (run) => {
    const payment = await paymentOf(run, await payPaybill(run, { reference: "nobody" }));
    const finance = await signInAs(run, ["finance"]);
    assert.match((await finance.go(consoleUrl(`unmatched?open=${payment}`))).html, /No open order fits/);
    const { html, response } = await finance.go(consoleUrl("unmatched?open=pay_nothing"));
    assert.deepEqual([response.status, /class="below"/.test(html)], [200, false]);
  }));

Deno.test("a note is written once from the row, and stands under it and on the payment's page", () =>
  inProcess(async (run) => {
    const { payment } = await nearMiss(run);
    const finance = await signInAs(run, ["finance"]);
    const path = consoleUrl(`payments/${payment}/note`);
    assert.equal((await send(finance, path, { text: " " })).first.response.status, 422);
    const { first, press } = await send(finance, path, { text: "<i>Called her" });
    assert.equal(first.response.status, 303);
    await press();
    for (const page of [`unmatched?open=${payment}`, `payments/${payment}`]) {
      const { html } = await finance.go(consoleUrl(page));
      assert.equal(html.match(/&lt;i&gt;Called her/g)?.length, 1, page);
    }
    const viewer = await signInAs(run, ["viewer"]);
    assert.equal((await viewer.go(path)).response.status, 403);
    assert.equal((await send(finance, path, { text: "x" }, "forged")).first.response.status, 403);
  }));

Deno.test("matched money is moved to another order, only as it was shown, and never another merchant's", () =>
  inProcess(async (run) => {
    const wrong = await createCheckout(run, { amount: 150_000, reference: "A-1", account_reference: "A-1" });
    const right = await createCheckout(run, { amount: 150_000, reference: "A-2", account_reference: "A-2" });
    const payment = await paymentOf(run, await payPaybill(run, { amount: 1_500, reference: "A-1" }));
    const finance = await signInAs(run, ["finance"]);
    const move = consoleUrl(`payments/${payment}/move`);
    assert.match((await finance.go(`${move}?order=nobody`)).html, /No open order has this reference/);
    const path = `${move}?order=A-2`;
    assert.match((await finance.go(path)).html, /Your shop is told of both/);
    const { first, press } = await send(finance, path, {});
    assert.equal(first.response.status, 303, first.html);
    assert.equal((await press()).response.status, 303);
    const [before, after] = [await getCheckout(run, wrong.id), await getCheckout(run, right.id)];
    assert.deepEqual([before.amount_received, after.status], [0, "succeeded"]);
    const stale = await send(finance, `${move}?order=A-1`, { version: "1" });
    assert.equal(stale.first.response.status, 409);
    assert.equal((await send(finance, `${move}?order=A-1`, {}, "forged")).first.response.status, 403);
    const foreign = await createCheckout(run, { reference: "theirs" }, { client: "cli_other" });
    assert.match((await finance.go(`${move}?order=${foreign.id}`)).html, /No open order has this reference/);
  }));
