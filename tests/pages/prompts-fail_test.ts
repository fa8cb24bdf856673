import assert from "node:assert/strict";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { inProcess } from "../support/in-process.ts";

const SIX_MINUTES_MS = 360_000;
const page = async (fetchPage: (request: Request) => Promise<Response> | Response, url: string, language: string) =>
  await (await fetchPage(new Request(url, { headers: { "accept-language": language } }))).text();

Deno.test("while prompts fail, the page opens with the paybill and says why, and the API says it; later all is as usual", async () => {
  let down = true;
  await inProcess(async (product) => {
    const created: string[] = [];
    for (const last of ["1", "2", "3"]) {
      const answer = await createCheckout(product, { phone_number: `071234567${last}`, reference: `order-${last}` });
      created.push(answer.id);
    }
    const { id, hosted_url, prompts_failing } = await getCheckout(product, created[0] ?? "");
    assert.equal(prompts_failing, true, "three prompts without an answer");
    const fresh = await createCheckout(product, { phone_number: undefined, reference: "order-4" });
    assert.equal(fresh.prompts_failing, true, "also in the answer to a creation");
    const fetchPage = (request: Request) => product.app.fetch(request);
    const english = await page(fetchPage, fresh.hosted_url, "en");
    assert.match(english, /is not sending payment requests to phones just now\. Please pay by paybill/);
    assert.match(english, /<details class="card" id="paybill" open/);
    assert.ok(english.indexOf('id="paybill"') < english.indexOf('name="phone"'), "the paybill comes first");
    assert.match(
      await page(fetchPage, fresh.hosted_url, "sw"),
      /Kwa sasa <span class="nb">M-Pesa<\/span> haitumi maombi/,
    );
    const [events] = await product.sql("SELECT count(*) FROM events WHERE data LIKE '%prompts_failing%'");
    assert.equal(events?.[0], 0, "an event tells what is stored, not what is of the moment");

    down = false;
    await product.pass(SIX_MINUTES_MS);
    assert.equal((await getCheckout(product, id)).prompts_failing, false);
    const usual = await page(fetchPage, (await createCheckout(product, { phone_number: undefined })).hosted_url, "en");
    assert.doesNotMatch(usual, /just now/);
    assert.doesNotMatch(usual, /id="paybill" open/);
    assert.ok(hosted_url.length > 0);
  }, {
    daraja: (request) =>
      down && request.url.includes("processrequest") ? new Response("<h1>503</h1>", { status: 503 }) : null,
  });
});

Deno.test("a result code of a query that no table knows is in the drift watch", async () => {
  await inProcess(async (product) => {
    await createCheckout(product, { phone_number: "0700009001" });
    await product.pass(120_000);
    const found = await product.sql("SELECT name FROM drift WHERE kind = 'stk_query_code'");
    assert.deepEqual(found.map(([name]) => name), ["7777"]);
  }, {
    daraja: async (request) => {
      if (!request.url.includes("stkpushquery")) return null;
      const { CheckoutRequestID } = await request.json();
      return Response.json({
        ResponseCode: "0",
        ResponseDescription: "The service request has been accepted successfully",
        MerchantRequestID: "1",
        CheckoutRequestID,
        ResultCode: "7777",
        ResultDesc: "something new",
      });
    },
  });
});
