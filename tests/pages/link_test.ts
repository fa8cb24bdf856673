import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { payOpenly } from "../support/accounts.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { createLink, getLink, LinkVisit } from "../support/links.ts";
import { png } from "../support/png.ts";
import { stageOf, wordsOf } from "./shopper.ts";

const checkouts = async (run: InProcess): Promise<CheckoutView[]> =>
  (await run.call<{ data: CheckoutView[] }>("GET", "/v1/checkouts?limit=100")).body.data;
const prompts = (run: InProcess) =>
  run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length;

Deno.test("somebody opens the link, types a phone, pays, and the merchant reads what it was for", () =>
  inProcess(async (run) => {
    const link = await createLink(run);
    const visit = new LinkVisit(run, link.url);
    const { words, response, html } = await visit.look();
    assert.match(words, /Demo Shop Kiswahili KES 1,500 Rent, house 12 Pay with M-Pesa/);
    assert.doesNotMatch(html, /name="amount"/);
    assert.match(response.headers.get("content-security-policy") ?? "", /script-src 'self'/);
    const asked = await visit.pay("0712 345 678");
    assert.match(asked.location ?? "", /^\/pay\/chk_\w+\?token=[0-9a-f]{98}/);
    assert.equal(stageOf(asked.html), "waiting");
    await run.pass();
    const [checkout] = await checkouts(run);
    assert.deepEqual([checkout?.status, checkout?.amount, checkout?.metadata, checkout?.items], [
      "succeeded",
      150_000,
      { payment_link: link.id },
      [{ name: "Rent, house 12", quantity: 1, amount: 150_000 }],
    ]);
    const after = await getLink(run, link.id);
    assert.deepEqual([after.status, after.times_paid, after.amount_received], ["paid", 1, 150_000]);
    const later = await new LinkVisit(run, link.url).look();
    assert.match(later.words, /This has been paid/);
    assert.doesNotMatch(later.html, /<form|0712|token=/, "and the next one learns nothing of who paid");
    assert.equal((await visit.pay("0712345679")).location, null);
    assert.equal((await checkouts(run)).length, 1);
  }));

Deno.test("without an amount the payer says how much, in whole shillings", () =>
  inProcess(async (run) => {
    const { url, id } = await createLink(run, { amount: null, reusable: true });
    const visit = new LinkVisit(run, url, { "accept-language": "sw" });
    assert.match((await visit.look()).words, /Kiasi kwa KES/);
    for (const amount of ["", "0", "-5", "12.50", "1e3", "abc", "99999999", "<script>"]) {
      const { response, html } = await visit.pay("0712345678", { amount });
      assert.equal(response.status, 422, amount);
      assert.match(html, /id="amount"[^>]*autofocus[^>]*aria-invalid="true"/);
      assert.match(wordsOf(html), /Andika idadi kamili ya shilingi/);
      assert.doesNotMatch(html, /<script>|id="phone"[^>]*autofocus/);
    }
    assert.equal(stageOf((await visit.pay("0712345678", { amount: "KES 2,500" })).html), "waiting");
    const wrong = await visit.pay("12", { amount: "100" });
    assert.equal(wrong.response.status, 422);
    assert.match(wrong.html, /id="phone"[^>]*autofocus/);
    assert.match(wrong.html, /value="100"/, "what was typed stays");
    await run.pass();
    assert.deepEqual((await getLink(run, id)).amount_received, 250_000);
    assert.equal((await getLink(run, id)).status, "active", "it can be paid again");
  }));

Deno.test("a form that is sent twice starts one checkout and one prompt", () =>
  inProcess(async (run) => {
    const { url } = await createLink(run, { reusable: true });
    const visit = new LinkVisit(run, url);
    const { start } = await visit.look();
    const fields = { start, phone: "0712345678" };
    const sent = await Promise.all([visit.shopper.post(visit.path, fields), visit.shopper.post(visit.path, fields)]);
    assert.deepEqual(sent.map(({ html }) => stageOf(html)), ["waiting", "waiting"]);
    await visit.shopper.post(visit.path, fields);
    assert.deepEqual([(await checkouts(run)).length, prompts(run)], [1, 1]);
    await visit.pay("0712345679");
    assert.deepEqual([(await checkouts(run)).length, prompts(run)], [2, 2], "another form is another payment");
  }));

Deno.test("two who pay a link for one payment at once share one checkout, and one of them is prompted", () =>
  inProcess(async (run) => {
    const link = await createLink(run);
    const [one, two] = [new LinkVisit(run, link.url), new LinkVisit(run, link.url)];
    const sent = await Promise.all([one.pay("0712345678"), two.pay("0722345678")]);
    assert.equal((await checkouts(run)).length, 1);
    assert.equal(sent.filter(({ location }) => location !== null).length >= 1, true);
    const { words, html } = await new LinkVisit(run, link.url).look();
    assert.match(words, /A payment is under way/);
    assert.doesNotMatch(html, /0712|0722/, "the page of the link names no phone");
    await run.pass();
    assert.deepEqual((await checkouts(run)).map(({ status }) => status), ["succeeded"]);
    assert.equal((await getLink(run, link.id)).times_paid, 1);
  }));

Deno.test("a failed attempt frees the link, and another amount replaces a checkout that nobody was prompted for", () =>
  inProcess(async (run) => {
    const link = await createLink(run, { amount: null });
    const visit = new LinkVisit(run, link.url);
    await visit.pay("0700001032", { amount: "100" });
    assert.match((await visit.look()).words, /under way/);
    await run.pass();
    assert.equal(stageOf((await visit.pay("0712345678", { amount: "100" })).html), "waiting");
    assert.equal((await checkouts(run)).length, 1, "the same checkout goes on");
    await run.pass();
    const other = await createLink(run, { amount: null });
    const second = new LinkVisit(run, other.url);
    await second.pay("0700001032", { amount: "100" });
    await run.pass();
    await second.pay("0712345678", { amount: "700" });
    await run.pass();
    const asked = run.simulator.world.requests.list().filter(({ operation }) => operation === "stk");
    assert.equal((asked.at(-1)?.body as { Amount: unknown }).Amount, 700, "a prompt asks for what was typed");
    assert.deepEqual([(await getLink(run, other.id)).amount_received, (await getLink(run, other.id)).times_paid], [
      70_000,
      1,
    ]);
    const unclear = await createLink(run, { amount: null });
    const third = new LinkVisit(run, unclear.url);
    await third.pay("0700009009", { amount: "100" });
    await run.pass(180_000);
    const before = prompts(run);
    assert.match(wordsOf((await third.pay("0712345678", { amount: "700" })).html), /under way/);
    assert.equal(prompts(run), before, "a request that may still be paid keeps the link");
  }));

Deno.test("money of an earlier checkout that comes late is recorded too, and the link shows that it was paid twice", () =>
  inProcess(async (run) => {
    const link = await createLink(run);
    const visit = new LinkVisit(run, link.url);
    await visit.pay("0700001032");
    await run.pass(1_801_000);
    const [first] = await checkouts(run);
    assert.equal(first?.status, "expired");
    await visit.pay("0722345678");
    await run.pass();
    assert.equal((await getLink(run, link.id)).times_paid, 1);
    await payOpenly(run, first?.account_reference ?? "", 1_500, "UKM0000009");
    await run.pass();
    const after = await getLink(run, link.id);
    assert.deepEqual([after.status, after.times_paid, after.amount_received], ["paid", 2, 300_000]);
  }));

Deno.test("a link that has ended, is disabled, or whose merchant is, takes nobody's money", () =>
  inProcess(async (run) => {
    const soon = new Date(run.time.now() + 60_000).toISOString();
    const link = await createLink(run, { expires_at: soon, reusable: true });
    const visit = new LinkVisit(run, link.url);
    const { start } = await visit.look();
    run.time.skip(61_000);
    assert.match((await visit.look()).words, /This link has ended.*Questions\? Ask Demo Shop/);
    const late = await visit.shopper.post(visit.path, { start, phone: "0712345678" });
    assert.match(wordsOf(late.html), /This link has ended/);
    await run.call("PATCH", `/v1/payment-links/${link.id}`, { expires_at: null, status: "disabled" });
    assert.match((await visit.look()).words, /This link is not in use/);
    await visit.shopper.post(visit.path, { start, phone: "0712345678" });
    assert.deepEqual([(await checkouts(run)).length, prompts(run)], [0, 0]);
    await run.call("PATCH", `/v1/payment-links/${link.id}`, { status: "active" });
    await run.db.write([{
      sql: "UPDATE merchants SET status = 'disabled', disabled_at = 1 WHERE name = 'demo'",
      args: [],
    }]);
    await visit.shopper.post(visit.path, { start: "a".repeat(20), phone: "0712345678" });
    assert.match((await visit.look()).words, /not in use/);
    assert.deepEqual([(await checkouts(run)).length, prompts(run)], [0, 0]);
  }));

Deno.test("a chat shows a preview, with a logo that it can show, and every text is escaped", () =>
  inProcess(async (run) => {
    const { url } = await createLink(run, { description: `Rent "A" <b>&` });
    const logo = { logo: png(4, 4).toBase64(), display_name: "Duka & Mama" };
    await run.call("PATCH", "/v1/merchant", logo, { client: "cli_operator" });
    const { html } = await new LinkVisit(run, url).look();
    assert.match(html, /<meta property="og:title" content="KES 1,500 – Rent &quot;A&quot; &lt;b&gt;&amp;">/);
    assert.match(html, /<meta property="og:description" content="Pay Duka &amp; Mama with M-Pesa">/);
    assert.match(html, /<meta property="og:image" content="http:\/\/127\.0\.0\.1:8000\/logos\/[0-9a-f]{32}\.png">/);
    assert.match(html, new RegExp(`<meta property="og:url" content="${url}">`));
    assert.doesNotMatch(html, /<b>&/);
    const sw = await new LinkVisit(run, url, { "accept-language": "sw" }).look();
    assert.match(sw.html, /Lipa Duka &amp; Mama kwa M-Pesa/);
  }));

Deno.test("codes can't be tried one by one, upper case opens the same link, and a flood of prompts is refused", async () => {
  await inProcess(async (run) => {
    const { url } = await createLink(run);
    const path = new URL(url).pathname;
    assert.equal((await run.app.request(path.toUpperCase().replace("/P/", "/p/"))).status, 200);
    const wrong = ["/p/00000000", "/p/abc", "/p/2222222%32", "/p/22222222", "/p/33333333"];
    for (const [i, path] of wrong.entries()) {
      const { status, headers } = await run.app.request(path);
      assert.deepEqual([status, headers.get("content-type")?.slice(0, 9)], [i < 3 ? 404 : 429, "text/html"], path);
    }
    assert.equal((await run.app.request(path)).status, 429, "also a right one, which a refusal must not tell");
    run.time.skip(60_000);
    assert.equal((await run.app.request(path)).status, 200);
  }, { env: { RATE_LIMIT_TOKENS_PER_MINUTE: "3" } });
  await inProcess(async (run) => {
    const { url } = await createLink(run, { reusable: true });
    const visit = new LinkVisit(run, url);
    const answers = [];
    for (const last of ["1", "2", "3"]) answers.push((await visit.pay(`071234567${last}`)).response.status);
    assert.deepEqual(answers, [200, 200, 429]);
    assert.deepEqual([prompts(run), (await checkouts(run)).length], [2, 2], "a refusal leaves no checkout behind");
  }, { env: { PAGE_PROMPTS_PER_ADDRESS_PER_HOUR: "2" } });
});

const changeLink = (run: InProcess, id: string, body: unknown) =>
  run.call<{ status: string }>("PATCH", `/v1/payment-links/${id}`, body);

Deno.test("changing a link for one payment ends what was begun: no prompt goes out for the old amount, and nobody pays twice", () =>
  inProcess(async (run) => {
    const link = await createLink(run);
    const visit = new LinkVisit(run, link.url);
    const begun = await visit.pay("0712345678");
    assert.equal((await changeLink(run, link.id, { amount: 200_000 })).status, 200);
    assert.deepEqual((await checkouts(run)).map(({ status }) => status), ["cancelled"]);
    const other = new LinkVisit(run, link.url);
    assert.match((await other.look()).words, /A payment is under way/, "the prompt that is out may be paid");
    await other.pay("0722345678");
    assert.deepEqual([(await checkouts(run)).length, prompts(run)], [1, 1]);
    await visit.shopper.post(begun.location ?? "", { phone: "0712345678" });
    assert.equal(prompts(run), 1);
    await run.pass();
    const paid = await getLink(run, link.id);
    assert.deepEqual([paid.status, paid.times_paid, paid.amount_received], ["paid", 1, 150_000]);
    assert.equal((await other.pay("0722345678")).location, null);
  }));

Deno.test("when the prompt of a changed link has failed, the next payer is asked for the new amount; disabled, nobody is", () =>
  inProcess(async (run) => {
    const link = await createLink(run);
    const visit = new LinkVisit(run, link.url);
    const begun = await visit.pay("0700001032");
    await changeLink(run, link.id, { amount: 200_000 });
    await run.pass();
    await visit.shopper.post(begun.location ?? "", { phone: "0712345678" });
    await visit.pay("0700001032");
    await run.pass();
    assert.deepEqual((await checkouts(run)).map(({ status, amount }) => [status, amount]), [
      ["open", 200_000],
      ["cancelled", 150_000],
    ]);
    await changeLink(run, link.id, { status: "disabled" });
    assert.deepEqual((await checkouts(run)).map(({ status }) => status), ["cancelled", "cancelled"]);
    assert.deepEqual([prompts(run), (await getLink(run, link.id)).status], [2, "disabled"]);
  }));

Deno.test("a merchant who cancels the checkout of a link while its prompt is out does not let a second person pay", () =>
  inProcess(async (run) => {
    const link = await createLink(run);
    await new LinkVisit(run, link.url).pay("0712345678");
    const [begun] = await checkouts(run);
    await run.call("POST", `/v1/checkouts/${begun?.id}/cancel`);
    await new LinkVisit(run, link.url).pay("0722345678");
    await run.pass();
    assert.deepEqual([(await checkouts(run)).length, (await getLink(run, link.id)).times_paid], [1, 1]);
  }));
