import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";

const pathOf = (url: string): string => url.slice(publicUrl.length);

const open = async (run: InProcess, path: string, peer = "203.0.113.7") => {
  const answer = await run.app.fetch(new Request(publicUrl + path), { peer });
  return { status: answer.status, html: await answer.text() };
};

const prompt = async (run: InProcess, path: string, phone: string, peer = "203.0.113.7") => {
  const url = new URL(publicUrl + path);
  url.pathname += "/prompt";
  const body = new URLSearchParams({ phone, token: url.searchParams.get("token") ?? "" });
  const answer = await run.app.fetch(new Request(url, { method: "POST", body }), { peer });
  await answer.body?.cancel();
  return answer.status;
};

const pushes = (run: InProcess): number =>
  run.simulator.world.requests.list().filter((r) => r.operation === "stk").length;

/** The link that a token with one scope gets. */
async function linkFor(run: InProcess, id: string, scope: string): Promise<string> {
  const token = await run.token("cli_demo", scope);
  return pathOf((await run.call<CheckoutView>("GET", `/v1/checkouts/${id}`, undefined, { token })).body.hosted_url);
}

Deno.test("one link prompts few phones, not ten strangers", () =>
  inProcess(async (run) => {
    const path = pathOf((await createCheckout(run, {})).hosted_url);
    const statuses = [];
    for (let i = 0; i < 10; i++) statuses.push(await prompt(run, path, `071234561${i}`));
    assert.deepEqual(statuses, [303, 303, 303, 429, 429, 429, 429, 429, 429, 429]);
    assert.equal(pushes(run), 3);
    await run.pass(70_000);
  }, { env: { PHONES_PER_CHECKOUT: "3" } }));

Deno.test("shoppers at one address, and of one merchant, are prompted only so often", () =>
  inProcess(async (run) => {
    const links = [];
    for (let i = 0; i < 8; i++) links.push(pathOf((await createCheckout(run, { reference: `o-${i}` })).hosted_url));
    const statuses = [];
    for (const [i, link] of links.entries()) {
      statuses.push(await prompt(run, link, `071234562${i}`, i < 4 ? "203.0.113.7" : `198.51.100.${i}`));
    }
    assert.deepEqual(statuses, [303, 303, 429, 429, 303, 303, 429, 429]); // two of an address, four of the merchant
    assert.equal(pushes(run), 4);
    await run.pass(60_000);
  }, { env: { PAGE_PROMPTS_PER_ADDRESS_PER_HOUR: "2", PAGE_PROMPTS_PER_MERCHANT_PER_HOUR: "4" } }));

Deno.test("who may only read gets a link that shows the receipt and can't pay", () =>
  inProcess(async (run) => {
    const { id, hosted_url } = await createCheckout(run, { return_url: "https://shop.example/thanks" });
    const paying = pathOf(hosted_url);
    const reading = await linkFor(run, id, "checkouts:read");
    assert.notEqual(reading, paying);
    assert.equal(
      await linkFor(run, id, "checkouts:read checkouts:write"),
      paying,
      "answers are kept for each kind of reader",
    );
    assert.equal(await linkFor(run, id, "checkouts:read"), reading);
    const token = await run.token("cli_demo", "checkouts:read");
    const list = await run.call<{ data: CheckoutView[] }>("GET", "/v1/checkouts", undefined, { token });
    assert.equal(pathOf(list.body.data[0]?.hosted_url ?? ""), reading);

    const before = await open(run, reading);
    assert.deepEqual([before.status, before.html.includes("<form")], [200, false]);
    assert.equal(await prompt(run, reading, "0712345678"), 404);
    for (const part of ["/events", "/return"]) {
      assert.equal((await open(run, reading.replace("?", `${part}?`))).status, 404, part);
    }
    assert.equal(pushes(run), 0);

    assert.equal(await prompt(run, paying, "0712345678"), 303);
    await run.pass();
    const receipt = (await getCheckout(run, id)).payment?.receipt ?? "none";
    const after = await open(run, reading);
    assert.ok(after.html.includes(receipt));
    assert.ok(!after.html.includes("\u2022678") && !after.html.includes("/return"), "no phone, no way to the shop");
  }));

Deno.test("a day after the checkout's end its link shows the receipt only", () =>
  inProcess(async (run) => {
    const paid = await createCheckout(run, { phone_number: "0712345678", return_url: "https://shop.example/thanks" });
    const unpaid = await createCheckout(run, { reference: "o-2" });
    await run.pass();
    const receipt = (await getCheckout(run, paid.id)).payment?.receipt ?? "none";
    assert.ok((await open(run, pathOf(paid.hosted_url))).html.includes("/return"));
    await run.pass(1_800_000);
    assert.match((await open(run, pathOf(unpaid.hosted_url))).html, /o-2/);
    assert.equal(await prompt(run, pathOf(unpaid.hosted_url), "0712345670"), 303); // leads to the page, which says that it is over
    await run.pass(86_400_000);
    const old = await open(run, pathOf(paid.hosted_url));
    assert.ok(old.html.includes(receipt) && !old.html.includes("/return") && !old.html.includes("\u2022678"));
    const over = await open(run, pathOf(unpaid.hosted_url));
    assert.ok(!over.html.includes("o-2") && !over.html.includes("<form"));
    assert.equal(await prompt(run, pathOf(unpaid.hosted_url), "0712345670"), 404);
    assert.equal(pushes(run), 1);
  }));

Deno.test("the page of a disabled merchant prompts nobody, and does again once the merchant is enabled", () =>
  inProcess(async (run) => {
    const path = pathOf((await createCheckout(run, {})).hosted_url);
    const set = (status: string) =>
      run.call("PATCH", `/v1/merchants/${DEMO_MERCHANT}`, { status }, { client: "cli_platform" });
    assert.equal((await set("disabled")).status, 200);
    assert.equal(await prompt(run, path, "0712345630"), 503);
    assert.equal(pushes(run), 0);
    assert.equal((await set("active")).status, 200);
    assert.equal(await prompt(run, path, "0712345630"), 303);
    await run.pass(70_000);
    assert.equal(pushes(run), 1);
  }));
