import assert from "node:assert/strict";
import { demoShortcodes } from "../../src/simulator/demo.ts";
import { createSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import { callbackUrl, pushBody, shop } from "./harness.ts";

const loopback = { hostname: "127.0.0.1", port: 0, onListen: () => {} };

interface Wire {
  readonly simulator: Simulator;
  readonly push: (phone: string, callback: string) => Promise<Response>;
}

/** Runs `test` against a simulator that listens on a real port. */
async function overTheWire(test: (wire: Wire) => Promise<void>, lateMs = 60_000): Promise<void> {
  const simulator = createSimulator({ callbackDelayMs: 0, lateCallbackDelayMs: lateMs, shortcodes: demoShortcodes });
  const server = Deno.serve(loopback, simulator.app.fetch);
  const base = `http://127.0.0.1:${server.addr.port}`;
  const authorization = `Basic ${btoa(`${shop.consumerKey}:${shop.consumerSecret}`)}`;
  const issued = await fetch(`${base}/oauth/v1/generate?grant_type=client_credentials`, { headers: { authorization } });
  const token: string = (await issued.json()).access_token;
  const push = (phone: string, CallBackURL: string) =>
    fetch(`${base}/mpesa/stkpush/v1/processrequest`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ ...pushBody(phone), CallBackURL }),
    });
  try {
    await test({ simulator, push });
  } finally {
    await simulator.close();
    await server.shutdown();
  }
}

/** A server that collects callbacks; `done` resolves at the `count`th. */
function receiver(count: number) {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const ids: string[] = [];
  const server = Deno.serve(loopback, async (request) => {
    ids.push((await request.json()).Body.stkCallback.CheckoutRequestID);
    if (ids.length === count) resolve();
    return Response.json({ ResultCode: 0, ResultDesc: "Accepted" });
  });
  return { url: `http://127.0.0.1:${server.addr.port}/cb`, ids, done, close: () => server.shutdown() };
}

Deno.test("a cut connection is one to the client: the answer breaks off, and the callback still comes", async () => {
  const shopSide = receiver(1);
  await overTheWire(async ({ simulator, push }) => {
    await assert.rejects(async () => await (await push("254700009006", shopSide.url)).text());
    await shopSide.done;
    assert.equal(simulator.world.transactions.list().length, 1);
  });
  await shopSide.close();
});

Deno.test("a thousand pushes at once make a thousand callbacks, each for its own", async () => {
  const shopSide = receiver(1_000);
  await overTheWire(async ({ simulator, push }) => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, async (_, index) => {
      const response = await push(`25471234${5_000 + index}`, shopSide.url);
      return (await response.json()).CheckoutRequestID;
    }));
    await shopSide.done;
    assert.equal(new Set(answers).size, 1_000);
    assert.deepEqual([...shopSide.ids].sort(), [...answers].sort());
    assert.equal(new Set(simulator.world.transactions.list().map((entry) => entry.receipt)).size, 1_000);
  });
  await shopSide.close();
});

Deno.test("receivers that are dead or never answer hold nothing up, and closing ends all that waits", async () => {
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const silent = Deno.serve(loopback, async () => {
    resolve();
    await release.promise;
    return new Response();
  });
  await overTheWire(async ({ push }) => {
    const phones = ["254700009004", "254712345678", "254700009003"];
    for (const phone of phones) assert.equal((await (await push(phone, callbackUrl)).json()).ResponseCode, "0");
    await (await push("254712345678", `http://127.0.0.1:${silent.addr.port}/cb`)).json();
    await reached;
  });
  release.resolve();
  await silent.shutdown();
});
