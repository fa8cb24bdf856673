import assert from "node:assert/strict";
import { importJWK, SignJWT } from "jose";
import type { PaymentDetail } from "../../src/domain/payments/contract.ts";
import type { TimelineEntry } from "../../src/domain/timeline/contract.ts";
import { type ReceiptClaims, receiptClaims } from "../../src/domain/receipts/claims.ts";
import { formatSigningKeys, newSigningKey, type SigningKey } from "../../src/crypto/signing.ts";
import { developmentKeys } from "../../src/config/keys.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted, refreshed, TILL } from "../support/facts.ts";
import { importStatement } from "../support/statements.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { Shopper, wordsOf } from "./shopper.ts";

const items = [{ name: "Coffee <b>", quantity: 2, amount: 130_000 }, { name: "Delivery", quantity: 1, amount: 20_000 }];

async function pay(run: InProcess, changes: Readonly<Record<string, unknown>> = {}): Promise<PaymentDetail> {
  const { id } = await createCheckout(run, { phone_number: "0712345678", items, ...changes });
  await run.pass();
  const { payment } = await getCheckout(run, id);
  return (await run.call<PaymentDetail>("GET", `/v1/payments/${payment?.id}`)).body;
}

async function open(run: InProcess, path: string, headers: Record<string, string> = {}) {
  const { response, html } = await new Shopper((request) => run.app.fetch(request), headers).go(path);
  return {
    response,
    html,
    words: wordsOf(html),
    text: /name="malipo-receipt" content="([\w.-]+)"/.exec(html)?.[1] ?? "",
  };
}

/** What the page that checks receipts answers to a program. */
async function check(run: InProcess, receipt: string) {
  const response = await run.app.request("/r/verify", {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams({ receipt }),
  });
  return await response.json() as { valid: boolean; receipt: ReceiptClaims | null; now: unknown };
}

const pathOf = (url: string): string => url.slice(url.indexOf("/r/"));

Deno.test("a payment has a receipt that shows merchant, KRA PIN, items and receipt, and nothing of who paid", () =>
  inProcess(async (run) => {
    await run.call("PATCH", "/v1/merchant", { kra_pin: "P051234567X" }, { client: "cli_operator" });
    const payment = await pay(run);
    assert.match(payment.receipt_url, /\/r\/23[0-9a-f]{96}$/);
    const { response, html, words } = await open(run, pathOf(payment.receipt_url));
    assert.deepEqual([response.status, response.headers.get("cache-control"), response.headers.get("x-robots-tag")], [
      200,
      "no-store",
      "noindex",
    ]);
    assert.match(words, /Receipt of Demo Shop KES 1,500/);
    assert.match(words, /KRA PIN P051234567X 2 × Coffee &lt;b&gt; KES 1,300 Delivery KES 200 Paid KES 1,500/);
    assert.ok(words.includes(`M-Pesa receipt ${payment.receipt}`));
    assert.doesNotMatch(html, /0712|2547|•••|<b>|JOHN|token=/i);
    assert.match(html, /<svg[^>]*viewBox/);
    const sw = await open(run, pathOf(payment.receipt_url), { "accept-language": "sw" });
    assert.match(sw.words, /Risiti ya Demo Shop.*PIN ya KRA/);
    assert.ok(
      run.lines.every((line) => !JSON.stringify(line).includes(payment.receipt_url.slice(-64))),
      "no token is logged",
    );
  }));

Deno.test("the hosted page and the timeline lead to the receipt", () =>
  inProcess(async (run) => {
    const payment = await pay(run);
    const checkout = await getCheckout(run, payment.checkout ?? "");
    const { html } = await open(run, new URL(checkout.hosted_url).href.replace("http://127.0.0.1:8000", ""));
    assert.ok(html.includes(`href="${payment.receipt_url}"`));
    const { body } = await run.call<{ data: TimelineEntry[] }>("GET", `/v1/payments/${payment.id}/timeline`);
    assert.ok(body.data.some(({ detail }) => detail.receipt_url === payment.receipt_url));
    const events = JSON.stringify(await run.sql("SELECT data FROM events"));
    assert.ok(!events.includes(payment.receipt_url.slice(-64)), "events carry no address that opens something");
  }));

Deno.test("the receipt is signed: anybody can check it by the published keys, and any change shows", () =>
  inProcess(async (run) => {
    const payment = await pay(run);
    const { text, html } = await open(run, pathOf(payment.receipt_url));
    const { valid, receipt, now } = await check(run, text);
    assert.equal(valid, true);
    assert.deepEqual([receipt?.sub, receipt?.amount, receipt?.mpesa, receipt?.items?.[0]], [
      payment.id,
      150_000,
      payment.receipt,
      ["Coffee <b>", 2, 130_000],
    ]);
    assert.deepEqual(now, { state: "paid", given_back: 0 });
    const qr = /href="([^"]+\/r\/verify#[^"]+)"/.exec(html)?.[1] ?? "";
    for (const given of [qr, html, ` ${text} `]) assert.equal((await check(run, given)).valid, true);
    const [head = "", body = "", signature = ""] = text.split(".");
    const claims = receiptClaims.parse(
      JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(body, { alphabet: "base64url" }))),
    );
    const encode = (value: unknown) =>
      new TextEncoder().encode(JSON.stringify(value)).toBase64({ alphabet: "base64url", omitPadding: true });
    const none = encode({ alg: "none", typ: "receipt+jwt" });
    const token = await run.token();
    const forged = [
      `${head}.${encode({ ...claims, amount: 999_900 })}.${signature}`,
      `${none}.${body}.`,
      `${encode({ alg: "EdDSA", typ: "receipt+jwt", kid: "unknown" })}.${body}.${signature}`,
      token, // our own signature under something that is no receipt
      await new SignJWT({ ...claims }).setProtectedHeader({ alg: "EdDSA", typ: "result+jwt", kid: "development" })
        .sign(await importJWK({ ...JSON.parse(developmentKeys.SIGNING_KEYS)[0] }, "EdDSA")),
      text.slice(0, -4),
      "",
      "x".repeat(50_000),
    ];
    for (const given of forged) assert.deepEqual(await check(run, given), { valid: false, receipt: null, now: null });
  }));

Deno.test("a receipt of money that went back says so: on its page, to who checks it, and in what is signed now", () =>
  inProcess(async (run) => {
    const payment = await pay(run);
    const before = await open(run, pathOf(payment.receipt_url));
    await run.call("POST", "/v1/refunds", { payment: payment.id, reason: "broken", method: "payout", amount: 50_000 });
    await run.pass(60_000);
    const partly = await open(run, pathOf(payment.receipt_url));
    assert.match(partly.words, /KES 500 of this was given back later/);
    assert.deepEqual((await check(run, before.text)).now, { state: "partly_given_back", given_back: 50_000 });
    assert.equal((await check(run, partly.text)).receipt?.given_back, 50_000);
    await run.call("POST", "/v1/refunds", { payment: payment.id, reason: "broken", method: "payout", amount: 100_000 });
    await run.pass(60_000);
    const all = await open(run, pathOf(payment.receipt_url));
    assert.match(all.words, /All of this was given back later\. The receipt is no proof/);
    assert.doesNotMatch(all.html, /data-state="paid"/);
    const other = await pay(run, { reference: "order-2", phone_number: "0722345678" });
    await importStatement(run, [{
      receipt: "UKR0000001",
      at: run.time.now(),
      out: 1_500,
      type: "Pay Bill Reversal",
      details: "Reversal of a payment",
      linked: other.receipt ?? "",
    }]);
    assert.match((await open(run, pathOf(other.receipt_url))).words, /M-Pesa took this money back/);
  }));

Deno.test("money of which the shop gave back a part and M-Pesa took the rest is no proof of payment", () =>
  inProcess(async (run) => {
    const payment = await pay(run);
    const { text } = await open(run, pathOf(payment.receipt_url));
    await run.call("POST", "/v1/refunds", { payment: payment.id, reason: "broken", method: "payout", amount: 50_000 });
    await run.pass(60_000);
    await importStatement(run, [{
      receipt: "UKR0000002",
      at: run.time.now(),
      out: 1_000,
      type: "Pay Bill Reversal",
      details: "Reversal of a payment",
      linked: payment.receipt ?? "",
    }]);
    assert.deepEqual((await check(run, text)).now, { state: "given_back", given_back: 150_000 });
  }));

Deno.test("what is signed names no M-Pesa receipt that may be another customer's, and no goods that other money paid", () =>
  inProcess(async (run) => {
    const bill = await prompted(run, { shortcode: TILL.number, items });
    const walkIn = { receipt: "UKM0000071", amount: 1_500, at: run.time.now() };
    await confirmation(run, TILL, null, walkIn);
    await refreshed(run, bill);
    const { payment } = await getCheckout(run, bill.id);
    const urlOf = async (id = "") => (await run.call<PaymentDetail>("GET", `/v1/payments/${id}`)).body.receipt_url;
    const claims = async (id = "") => (await check(run, (await open(run, pathOf(await urlOf(id)))).text)).receipt;
    assert.deepEqual([payment?.receipt, (await claims(payment?.id))?.mpesa], [walkIn.receipt, null]);
    await callback(run, bill.attempts[0]?.id ?? "", walkIn);
    assert.equal((await claims(payment?.id))?.mpesa, walkIn.receipt);

    const order = await createCheckout(run, { account_reference: "INV1", items });
    const twice = ["UKM0000072", "UKM0000073"];
    for (const receipt of twice) await confirmation(run, PAYBILL, "INV1", { ...walkIn, receipt });
    const ids = await run.sql("SELECT id FROM payments WHERE checkout_id = ? ORDER BY receipt", order.id);
    const [first, second] = [await claims(String(ids[0]?.[0])), await claims(String(ids[1]?.[0]))];
    assert.deepEqual([first?.items?.length, second?.items], [2, undefined]);
  }));

Deno.test("without script a form checks a receipt, in both languages", () =>
  inProcess(async (run) => {
    const { text } = await open(run, pathOf((await pay(run)).receipt_url));
    const shopper = new Shopper((request) => run.app.fetch(request));
    const page = await shopper.go("/r/verify");
    assert.match(page.html, /<form method="post" action="\/r\/verify"/);
    assert.match(page.response.headers.get("content-security-policy") ?? "", /connect-src 'self'/);
    const good = await shopper.post("/r/verify", { receipt: text, lang: "sw" });
    assert.match(wordsOf(good.html), /Risiti ni ya kweli.*Hakuna kilichorudishwa/);
    const bad = await shopper.post("/r/verify", { receipt: "<script>alert(1)</script>", lang: "en" });
    assert.equal(bad.response.status, 422);
    assert.match(wordsOf(bad.html), /no receipt of this service, or it was changed/);
    assert.doesNotMatch(bad.html, /<script>alert/);
  }));

Deno.test("the saved page works alone, and can be checked", () =>
  inProcess(async (run) => {
    const logo = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>';
    await run.call("PATCH", "/v1/merchant", { logo }, { client: "cli_operator" });
    const payment = await pay(run);
    const { html, response } = await open(run, `${pathOf(payment.receipt_url)}?save=1`);
    assert.equal(response.headers.get("content-disposition"), `attachment; filename="receipt-${payment.receipt}.html"`);
    assert.doesNotMatch(html, /<link|<script|src="\//);
    assert.ok(html.length < 100_000, `${html.length} characters`);
    assert.match(html, /<style>:root\{/);
    assert.match(html, /src="data:image\/svg\+xml;base64,/);
    assert.equal((await check(run, html)).valid, true);
  }));

Deno.test("a wrong address answers 404, and who tries many is refused; a link of another kind opens no receipt", () =>
  inProcess(async (run) => {
    const payment = await pay(run);
    const hosted = run.services.capabilities.mint("hosted", payment.checkout ?? "");
    const right = pathOf(payment.receipt_url).slice(3);
    for (const token of [payment.id, hosted, right.slice(0, -1) + (right.endsWith("0") ? "1" : "0")]) {
      assert.equal((await run.app.request(`/r/${token}`)).status, 404, token);
    }
    assert.equal((await run.app.request("/r/nothing")).status, 429);
    assert.equal((await run.app.request(pathOf(payment.receipt_url))).status, 200);
    const { status } = await run.app.request(`/pay/${payment.checkout}?token=${pathOf(payment.receipt_url).slice(3)}`);
    assert.equal(status, 404);
    const other = await run.call("GET", `/v1/payments/${payment.id}`, undefined, { client: "cli_other" });
    assert.equal(other.status, 404);
  }, { env: { RATE_LIMIT_TOKENS_PER_MINUTE: "3" } }));

Deno.test("a key that signs nothing more still proves old receipts, and makes no token", async () => {
  const [old] = JSON.parse(developmentKeys.SIGNING_KEYS) as [SigningKey];
  const { d: _secret, ...retired } = old;
  const next = await newSigningKey("next");
  let text = "";
  let token = "";
  await inProcess(async (run) => {
    text = (await open(run, pathOf((await pay(run)).receipt_url))).text;
    token = await run.token();
  });
  const verdict = async (env: Record<string, string>) => {
    let found: unknown;
    await inProcess(async (run) => {
      const jwks = await (await run.app.request("/.well-known/jwks.json")).json() as { keys: { kid: string }[] };
      const { status } = await run.call("GET", "/v1/merchant", undefined, { token, client: null });
      found = [(await check(run, text)).valid, jwks.keys.map(({ kid }) => kid), status];
    }, { env });
    return found;
  };
  const SIGNING_KEYS = formatSigningKeys([next]);
  assert.deepEqual(await verdict({ SIGNING_KEYS }), [false, ["next"], 401]);
  const RETIRED_SIGNING_KEYS = JSON.stringify([retired]);
  assert.deepEqual(await verdict({ SIGNING_KEYS, RETIRED_SIGNING_KEYS }), [true, ["next", "development"], 401]);
});
