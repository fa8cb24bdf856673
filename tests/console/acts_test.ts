import assert from "node:assert/strict";
import { consoleUrl, formOf, signIn, type Visitor } from "../support/console.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { getPayment, paidCheckout, payPaybill } from "../support/money.ts";
import { wordsOf } from "../pages/shopper.ts";

const idOf = async (run: InProcess, receipt: string): Promise<string> =>
  String((await run.sql("SELECT id FROM payments WHERE receipt = ?", receipt))[0]?.[0]);

/** Opens the form of an act as a link in a list leads to it, and gives its fields. */
async function open(
  visitor: Visitor,
  path: string,
): Promise<{ action: string; fields: Record<string, string>; html: string }> {
  const { html, response } = await visitor.go(path);
  assert.equal(response.status, 200, html);
  const action = path.split("?")[0] ?? path;
  return { action, fields: formOf(html, new RegExp(`^${action}`)), html };
}

const matchOf = (id: string, more = ""): string => consoleUrl(`payments/${id}/match${more}`);

Deno.test("the only candidate of an unmatched payment is matched by one press, and its row says so", () =>
  inProcess(async (run) => {
    const checkout = await createCheckout(run, { reference: "A-1", account_reference: "1001" });
    const payment = await idOf(run, await payPaybill(run, { reference: "1O01" }));
    const visitor = await signIn(run, "finance@demo.test");
    const back = consoleUrl("payments?status=unmatched");
    const { action, fields, html } = await open(visitor, matchOf(payment, `?${new URLSearchParams({ back })}`));
    assert.match(wordsOf(html), /A-1 becomes paid, and your shop is told\. One letter differs/);
    const done = await visitor.submit(action, fields);
    assert.equal(done.status, 303);
    const to = done.headers.get("location") ?? "";
    assert.match(to, new RegExp(`^${consoleUrl("payments")}\\?status=unmatched&done=.+#row-${payment}$`));
    await run.pass();
    assert.equal((await getCheckout(run, checkout.id)).status, "succeeded");
    assert.match(wordsOf((await visitor.go(to)).html), /Matched by Faith Wanjiru at \d\d:\d\d\./);
    const [[actor] = []] = await run.sql("SELECT actor FROM audit WHERE action = 'payment.matched'");
    assert.match(String(actor), /^per_/, "the audit trail names the person");
  }));

Deno.test("a second press, a reload and Back do nothing more", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const visitor = await signIn(run, "finance@demo.test");
    const { action, fields, html } = await open(visitor, consoleUrl(`payments/${payment.id}/give-back`));
    assert.match(wordsOf(html), /We ask M-Pesa to return KES 1,500 to the payer\./);
    assert.match(html, /Give back KES\u00a01,500<\/button>/);
    const presses = await Promise.all([1, 2, 3].map(() => visitor.submit(action, fields)));
    for (const { status } of presses) assert.ok(status === 303 || status === 409, String(status));
    assert.ok(presses.some(({ status }) => status === 303));
    const again = await visitor.submit(action, fields);
    assert.equal(again.status, 303);
    const { html: after } = await visitor.go(again.headers.get("location") ?? "");
    assert.match(wordsOf(after), /Done once\. The second press changed nothing\./);
    assert.equal(await run.count("refunds"), 1);
  }));

Deno.test("a part goes back by payout, its amount on the button; more than is left is refused", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const visitor = await signIn(run, "finance@demo.test");
    const path = consoleUrl(`payments/${payment.id}/give-back-part`);
    assert.match(wordsOf((await visitor.go(path)).html), /KES 1,500 of KES 1,500 can still go back/);
    assert.match((await visitor.go(`${path}?amount_kes=1501`)).html, /aria-invalid="true"/);
    const { html } = await visitor.go(`${path}?amount_kes=400`);
    assert.match(wordsOf(html), /KES 400 goes to the payer's phone\./);
    assert.match(html, /Give back KES\u00a0400<\/button>/);
    const done = await visitor.submit(`${path}?amount_kes=400`, formOf(html, new RegExp(`^${path}`)));
    assert.equal(done.status, 303);
    assert.deepEqual(await run.sql("SELECT amount, method FROM refunds"), [[40_000, "payout"]]);
    const widened = await visitor.submit(`${path}?amount_kes=1400`, formOf(html, new RegExp(`^${path}`)));
    assert.equal(widened.status, 422, "the key of one amount does not do for another");
    assert.equal(await run.count("refunds"), 1);
  }));

Deno.test("nothing is done to a record that changed while somebody looked", () =>
  inProcess(async (run) => {
    const checkout = await createCheckout(run);
    const visitor = await signIn(run, "finance@demo.test");
    const { action, fields, html } = await open(visitor, consoleUrl(`checkouts/${checkout.id}/cancel`));
    assert.match(html, /Cancel checkout/);
    await run.call("POST", `/v1/checkouts/${checkout.id}/attempts`, { phone_number: "0700009004" });
    const stale = await visitor.go(action, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new TextEncoder().encode(String(new URLSearchParams(fields))),
    });
    assert.equal(stale.response.status, 409);
    assert.match(wordsOf(stale.html), /This changed while you looked\. Nothing was done\./);
    assert.equal((await getCheckout(run, checkout.id)).status, "pending");
    const renewed = formOf(stale.html, action);
    assert.notEqual(renewed.version, fields.version);
    assert.equal((await visitor.submit(action, renewed)).status, 303, "the form shown again is of the record as it is");
    assert.equal((await getCheckout(run, checkout.id)).status, "cancelled");
  }));

Deno.test("a record that changes between the look and the write stays as it is", () => {
  let change: (() => Promise<void>) | null = null;
  return inProcess(async (run) => {
    const payment = await idOf(run, await payPaybill(run, { reference: "1001x" }));
    await createCheckout(run, { reference: "A-1", account_reference: "1001" });
    const visitor = await signIn(run, "finance@demo.test");
    const { action, fields } = await open(visitor, matchOf(payment, "?order=A-1"));
    change = () =>
      run.db.write([{ sql: "UPDATE payments SET version = version + 1 WHERE id = ?", args: [payment] }]).then(() => {});
    const response = await visitor.submit(`${action}?order=A-1`, fields);
    assert.equal(response.status, 409);
    assert.equal((await getPayment(run, payment)).status, "unmatched");
  }, {
    wrapDatabase: (db) => ({
      read: (statements) => db.read(statements),
      async write(statements) {
        const changing = change;
        change = null;
        if (changing !== null) await changing();
        return await db.write(statements);
      },
      close: () => db.close(),
    }),
  });
});

Deno.test("an act needs the form of this session", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const [finance, admin] = [await signIn(run, "finance@demo.test"), await signIn(run, "admin@demo.test")];
    const { action, fields } = await open(finance, consoleUrl(`payments/${payment.id}/give-back`));
    const attempts: Record<string, string>[] = [{}, { ...fields, csrf: "" }, { ...fields, csrf: "00" }];
    for (const wrong of attempts) assert.equal((await finance.submit(action, wrong)).status, 403);
    assert.equal((await admin.submit(action, fields)).status, 403, "the token of somebody else");
    const elsewhere = await finance.submit(action, fields, { "sec-fetch-site": "cross-site" });
    assert.equal(elsewhere.status, 403);
    const { key: _key, ...keyless } = fields;
    assert.equal((await finance.submit(action, keyless)).status, 400);
    assert.equal(await run.count("refunds"), 0);
  }));

Deno.test("the way back leads to our own pages only, and says nothing that did not happen", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "finance@demo.test");
    for (
      const back of ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/pay/x", "\\\\evil.example"]
    ) {
      const checkout = await createCheckout(run, { reference: crypto.randomUUID() });
      const { action, fields } = await open(visitor, consoleUrl(`checkouts/${checkout.id}/cancel`));
      const done = await visitor.submit(action, { ...fields, back });
      assert.match(
        done.headers.get("location") ?? "",
        new RegExp(`^${consoleUrl(`checkouts/${checkout.id}`)}\\?done=`),
      );
    }
    const forged = btoa(JSON.stringify({ value: { id: "x", text: "Paid" }, until: 9e15 }));
    assert.doesNotMatch((await visitor.go(consoleUrl(`payments?done=${forged}`))).html, /role="status">Paid/);
  }));

Deno.test("a refusal shows the form again with what was typed", () =>
  inProcess(async (run) => {
    const checkout = await createCheckout(run);
    const visitor = await signIn(run, "finance@demo.test");
    const { action, fields } = await open(visitor, consoleUrl(`checkouts/${checkout.id}/prompt`));
    const refused = await visitor.go(action, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new TextEncoder().encode(String(new URLSearchParams({ ...fields, phone_number: "12 34" }))),
    });
    assert.equal(refused.response.status, 422);
    assert.match(refused.html, /<title>Error: /);
    assert.match(refused.html, /href="#f-phone_number"/);
    assert.match(refused.html, /value="12 34"/);
    const good = await visitor.submit(action, { ...formOf(refused.html, action), phone_number: "0712345678" });
    assert.equal(good.status, 303);
    assert.equal((await getCheckout(run, checkout.id)).attempts.length, 1);
  }));

Deno.test("a case is taken and noted by a person, whom others see by name", () =>
  inProcess(async (run) => {
    await payPaybill(run, { reference: "1O01" });
    const visitor = await signIn(run, "finance@demo.test");
    const { html } = await visitor.go(consoleUrl("attention"));
    const take = /action="([^"]+\/take)"/.exec(html)?.[1] ?? "";
    assert.equal((await visitor.submit(take, formOf(html, take))).status, 303);
    const note = take.replace(/take$/, "note");
    const { fields } = await open(visitor, note);
    assert.equal((await visitor.submit(note, { ...fields, text: "Called <b>her</b>" })).status, 303);
    const admin = await signIn(run, "admin@demo.test");
    const seen = (await admin.go(consoleUrl("attention"))).html;
    assert.match(wordsOf(seen), /Faith Wanjiru looks after it/);
    assert.match(seen, /Called &lt;b&gt;her&lt;\/b&gt;/);
  }));
