import assert from "node:assert/strict";
import type { DeliveryView } from "../../src/webhooks/deliveries/contract.ts";
import type { EndpointWithSecret } from "../../src/webhooks/endpoints/contract.ts";
import { createCheckout } from "../support/checkouts.ts";
import { databases } from "../support/database.ts";
import { type Product, withProduct } from "../support/product.ts";

interface Guide {
  readonly paid: readonly string[];
  readonly default: { fetch(request: Request): Promise<Response> };
}

/** The receiver of docs/guides/webhooks.md, which holds these secrets. */
async function guideOf(secrets: string): Promise<Guide> {
  const text = await Deno.readTextFile(new URL("../../docs/guides/webhooks.md", import.meta.url));
  const code = /```js run\n([^]*?)```/.exec(text)?.[1] ?? "";
  const client = new URL("../../src/client/mod.ts", import.meta.url).href;
  const own = code.replace('"@malipo/client"', JSON.stringify(client))
    .replace(/\(globalThis[^)]*\)/, JSON.stringify(secrets));
  const folder = await Deno.makeTempDir({ prefix: "malipo-guide-" });
  try {
    await Deno.writeTextFile(`${folder}/receiver.js`, own);
    return await import(`file://${folder}/receiver.js`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A shop's server: counts what comes and hands it to the guide's receiver, unless it is down. */
class Shop {
  receiver: Guide | null = null;
  down = false;
  readonly ids: string[] = [];
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    if (this.down || this.receiver === null) return new Response("down", { status: 503 });
    const answer = await this.receiver.default.fetch(request);
    if (answer.ok) this.ids.push(request.headers.get("webhook-id") ?? "");
    return answer;
  });
  readonly url = `http://127.0.0.1:${this.#server.addr.port}/hooks`;
  close = () => this.#server.shutdown();
}

async function withShop(
  options: Parameters<typeof withProduct>[0],
  test: (p: Product, shop: Shop, id: string) => Promise<void>,
) {
  const shop = new Shop();
  try {
    await withProduct(options, async (product) => {
      const body = { url: shop.url, events: ["checkout.succeeded"] };
      const made = await product.call<EndpointWithSecret>("POST", "/v1/webhook-endpoints", body);
      assert.equal(made.status, 201, JSON.stringify(made.body));
      shop.receiver = await guideOf(made.body.secret);
      await test(product, shop, made.body.id);
    });
  } finally {
    await shop.close();
  }
}

const fast = { SIMULATOR_CALLBACK_DELAY_MS: "50" };

for (const database of databases()) {
  Deno.test(`the guide's receiver hears of a paid checkout, and acts once on an event that comes twice (${database})`, () =>
    withShop({ database, env: fast }, async (product, shop) => {
      await createCheckout(product, { phone_number: "0712345678", reference: "order-1" });
      await product.waitFor(() => Promise.resolve(shop.ids.length === 1));
      assert.deepEqual(shop.receiver?.paid, ["order-1"]);
      const again = await product.call("POST", `/v1/events/${shop.ids[0]}/redeliver`);
      assert.equal(again.status, 202);
      await product.waitFor(() => Promise.resolve(shop.ids.length === 2));
      assert.deepEqual([shop.receiver?.paid, new Set(shop.ids).size], [["order-1"], 1]);
    }));

  Deno.test(`an event survives a shop that is down and a service that is killed (${database})`, () =>
    withShop({ database, env: { ...fast, PLAN_SCALE: "0.05" } }, async (product, shop, endpoint) => {
      shop.down = true;
      await createCheckout(product, { phone_number: "0712345678", reference: "order-2" });
      await product.waitFor(async () => {
        const path = `/v1/webhook-endpoints/${endpoint}/deliveries?status=failed`;
        return (await product.call<{ data: DeliveryView[] }>("GET", path)).body.data.length > 0;
      });
      await product.kill("SIGKILL");
      shop.down = false;
      await product.restart();
      await product.waitFor(() => Promise.resolve(shop.ids.length > 0));
      assert.deepEqual(shop.receiver?.paid, ["order-2"]);
    }));
}
