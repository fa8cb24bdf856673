import assert from "node:assert/strict";
import { type Product, withProduct } from "../support/product.ts";
import { addressOf, withExample } from "./install.ts";

const fast = { env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } };

/** A person at the shop's address. */
class Buyer {
  constructor(readonly shop: string, readonly product: Product) {}

  async form(): Promise<string> {
    const html = await (await fetch(this.shop)).text();
    return /action="(\/orders\/[0-9a-f-]{36})"/.exec(html)?.[1] ?? "no form";
  }

  async send(order: string, phone: string): Promise<{ status: number; text: string }> {
    const answer = await fetch(this.shop + order, {
      method: "POST",
      body: new URLSearchParams({ phone }),
      redirect: "manual",
    });
    return { status: answer.status, text: await answer.text() };
  }

  async page(order: string): Promise<string> {
    return await (await fetch(this.shop + order)).text();
  }

  waitForPage(order: string, text: RegExp): Promise<string> {
    return this.product.waitFor(async () => {
      const html = await this.page(order);
      return text.test(html) && html;
    }, { what: String(text) });
  }
}

Deno.test("node-shop: a buyer pays, declines and tries again, and two clicks are one prompt", async () => {
  await withExample("node-shop", async (example) => {
    await withProduct(fast, async (product) => {
      const server = example.start("shop.js", { MALIPO_URL: product.api, PORT: "0" });
      try {
        const buyer = new Buyer(await addressOf(server), product);
        await paysAfterMistake(buyer);
        await declinesThenPays(buyer);
        assert.match(await buyer.page("/orders/00000000-0000-4000-8000-000000000000"), /not found/);
        assert.doesNotMatch(server.lines.join("\n"), /Error/);
      } finally {
        await server.end("SIGTERM");
      }
    });
  });
});

async function paysAfterMistake(buyer: Buyer): Promise<void> {
  const order = await buyer.form();
  const refused = await buyer.send(order, '<b>"12"</b>');
  assert.equal(refused.status, 422);
  assert.doesNotMatch(refused.text, /<b>/);
  const twice = await Promise.all([buyer.send(order, "0712345678"), buyer.send(order, "0712345678")]);
  assert.deepEqual(twice.map(({ status }) => status), [303, 303]);
  await buyer.waitForPage(order, /is paid[^]*receipt: [A-Z0-9]{10}/);
  const moved = await buyer.product.transactions({ phone: "254712345678" });
  assert.deepEqual(moved.map(({ amount }) => amount), [150]);
}

async function declinesThenPays(buyer: Buyer): Promise<void> {
  const order = await buyer.form();
  assert.equal((await buyer.send(order, "0700001032")).status, 303);
  const html = await buyer.waitForPage(order, /cancelled on the phone/);
  assert.ok(html.includes(`action="${order}"`), "the form is of the same order");
  assert.equal((await buyer.send(order, "0722000111")).status, 303);
  await buyer.waitForPage(order, /is paid/);
  const [paid, ...more] = await buyer.product.transactions({ phone: "254722000111" });
  assert.deepEqual([paid?.amount, more], [150, []]);
}
