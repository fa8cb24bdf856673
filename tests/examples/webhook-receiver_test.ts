import assert from "node:assert/strict";
import { Webhook } from "standardwebhooks";
import type { Child } from "../support/child.ts";
import { type Product, withProduct } from "../support/product.ts";
import { addressOf, type Example, withExample } from "./install.ts";

const fast = { env: { SIMULATOR_CALLBACK_DELAY_MS: "50", PLAN_SCALE: "0.01" } };

const deliveredBy = (receiver: Child): string[] => receiver.lines.filter((line) => line.startsWith("deliver "));

/** Registers an endpoint by the example's script, which prints the secret. */
async function register(example: Example, product: Product): Promise<{ id: string; secret: string }> {
  const env = { MALIPO_URL: product.api };
  const { code, stdout, stderr } = await example.run("register.js", ["http://127.0.0.1:1/hooks/malipo"], env);
  assert.equal(code, 0, stderr);
  const secret = /^MALIPO_WEBHOOK_SECRETS=(whsec_\S+)\n$/.exec(stdout)?.[1] ?? "";
  const { body } = await product.call<{ data: { id: string }[] }>("GET", "/v1/webhook-endpoints");
  return { id: body.data[0]?.id ?? "", secret };
}

async function pay(product: Product, reference: string): Promise<void> {
  const order = { amount: 15_000, currency: "KES", reference, phone_number: "0712345678" };
  assert.equal((await product.call("POST", "/v1/checkouts", order)).status, 201);
}

Deno.test("webhook-receiver: acts on a signed event once, also after a restart", async () => {
  await withExample("webhook-receiver", async (example) => {
    await withProduct(fast, async (product) => {
      const { id, secret } = await register(example, product);
      // The port is known once the receiver listens, so the endpoint is moved to it.
      const start = async () => {
        const receiver = example.start("receiver.js", { MALIPO_WEBHOOK_SECRETS: secret, PORT: "0" });
        const url = await addressOf(receiver);
        assert.equal((await product.call("PATCH", `/v1/webhook-endpoints/${id}`, { url })).status, 200);
        return { receiver, url };
      };
      const first = await start();
      try {
        await pay(product, "order-1");
        await product.waitFor(() => deliveredBy(first.receiver).length > 0, { what: "the first delivery" });
        await refusesForgeries(first.url, secret, first.receiver);
      } finally {
        await first.receiver.end("SIGTERM");
      }
      const second = await start();
      try {
        await redeliver(product);
        await pay(product, "order-2");
        await product.waitFor(() => deliveredBy(second.receiver).includes("deliver order-2"));
        assert.deepEqual(deliveredBy(first.receiver), ["deliver order-1"]);
        assert.deepEqual(deliveredBy(second.receiver), ["deliver order-2"], "the copy is not acted on");
      } finally {
        await second.receiver.end("SIGTERM");
      }
    });
  });
});

/** Sends the event of order-1 once more, and waits until the receiver has answered it. */
async function redeliver(product: Product): Promise<void> {
  const { body } = await product.call<{ data: { id: string; type: string }[] }>("GET", "/v1/events");
  const event = body.data.find(({ type }) => type === "checkout.succeeded")?.id ?? "";
  assert.equal((await product.call("POST", `/v1/events/${event}/redeliver`)).status, 202);
  const [endpoint] = (await product.call<{ data: { id: string }[] }>("GET", "/v1/webhook-endpoints")).body.data;
  await product.waitFor(async () => {
    const path = `/v1/webhook-endpoints/${endpoint?.id}/deliveries`;
    const { data } = (await product.call<{ data: { event: string; status: string }[] }>("GET", path)).body;
    return data.filter((one) => one.event === event && one.status === "succeeded").length === 2;
  }, { what: "the second delivery of the same event" });
}

async function refusesForgeries(url: string, secret: string, receiver: Child): Promise<void> {
  const at = new Date();
  const event = JSON.stringify({
    id: "evt_1",
    type: "checkout.succeeded",
    subject: "chk_1",
    data: { reference: "new" },
  });
  const post = async (body: string, signature: string): Promise<number> => {
    const headers = {
      "webhook-id": "evt_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": signature,
    };
    const answer = await fetch(url, { method: "POST", body, headers });
    await answer.body?.cancel();
    return answer.status;
  };
  const signature = new Webhook(secret).sign("evt_1", at, event);
  assert.equal(await post(event.replace("new", "old"), signature), 400);
  assert.equal(await post(event, "v1,AAAA"), 400);
  assert.equal(await post("x".repeat(1_000_001), signature), 413);
  assert.deepEqual(deliveredBy(receiver), ["deliver order-1"]);
}
