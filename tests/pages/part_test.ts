import assert from "node:assert/strict";
import { inProcess } from "../support/in-process.ts";
import { payPaybill } from "../support/money.ts";
import { shopping } from "./shopper.ts";

Deno.test("after a part the page asks for the rest: in the sum, on the button, and for the paybill", async () => {
  await inProcess(async (run) => {
    const items = [{ name: "School <fees>", quantity: 3, amount: 150_000 }];
    const visit = await shopping(run, { account_reference: "FEES1", items });
    await payPaybill(run, { amount: 500, reference: "FEES1" });
    const { html } = await visit.look();
    assert.match(html, /<p class="sum">KES 1,000<\/p>/);
    assert.match(html, /We have received KES 500 of KES 1,500/);
    assert.match(html, /Pay KES 1,000/);
    assert.match(html, /data-copy="1000"/);
    assert.match(html, /3 × School &lt;fees&gt;/);
    const swahili = await visit.look("&lang=sw");
    assert.match(swahili.html, /Tumepokea KES 500 kati ya KES 1,500/);
  });
});

Deno.test("a request for all that is out when a part comes is pointed at: who confirms it pays too much", async () => {
  await inProcess(async (run) => {
    const visit = await shopping(run, { account_reference: "FEES1", phone_number: "0700009004" });
    await payPaybill(run, { amount: 500, reference: "FEES1" });
    assert.match((await visit.look()).html, /asks for KES 1,500. More money has come since/);
  });
});

Deno.test("a checkout that refuses parts goes on asking for all, and says what came", async () => {
  await inProcess(async (run) => {
    const visit = await shopping(run, { account_reference: "FEES1", partial: "refuse" });
    await payPaybill(run, { amount: 500, reference: "FEES1" });
    const { html } = await visit.look();
    assert.match(html, /<p class="sum">KES 1,500<\/p>/);
    assert.match(html, /We have received KES 500, but the shop takes this payment only in one sum/);
  });
});

Deno.test("parts that come to more than was asked ask for nothing: the shop looks at it", async () => {
  await inProcess(async (run) => {
    const visit = await shopping(run, { account_reference: "FEES1" });
    await payPaybill(run, { amount: 1_000, reference: "FEES1" });
    await payPaybill(run, { amount: 700, reference: "FEES1" });
    assert.match((await visit.look()).html, /data-stage="review"/);
  });
});

Deno.test("a split checkout shows how far it is, and each press of the button asks for what M-Pesa takes at once", async () => {
  await inProcess(async (run) => {
    const visit = await shopping(run, { account_reference: "FEES1", amount: 250_000, split: true });
    const first = (await visit.look()).html;
    assert.match(first, /<p class="sum">KES 2,500<\/p>/);
    assert.match(first, /Request 1 of 3:<\/b> KES 1,000/);
    assert.match(first, /Pay KES 1,000/);
    assert.match(first, /data-copy="1000"/);
    await visit.prompt("0722000111");
    assert.match((await visit.look()).html, /data-stage="waiting"/);
    await run.pass();
    const second = (await visit.look()).html;
    assert.match(second, /data-stage="ready"/);
    assert.match(second, /<progress max="250000" value="100000"/);
    assert.match(second, /Request 2 of 3:<\/b> KES 500/, "not the same amount again within two minutes");
    assert.match((await visit.look("&lang=sw")).html, /Ombi la 2 kati ya 3:/);
    for (const phone of ["0722000222", "0722000333"]) {
      await visit.prompt(phone);
      await run.pass();
    }
    assert.match((await visit.look()).html, /data-stage="paid"/);
  }, { env: { CHECKOUT_MAX_AMOUNT_KES: "1000" } });
});
