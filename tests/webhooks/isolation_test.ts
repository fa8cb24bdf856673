import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { type Context, type Services, systemContext } from "../../src/context/context.ts";
import { event } from "../../src/db/trail.ts";
import { createEndpoint } from "../../src/webhooks/endpoints/create-endpoint.ts";
import { until, withServices } from "./services.ts";

const EVENTS = 1_000;
const ENDPOINTS = 20;
const HANGING = 5;

/** Counts what arrives on each path; what is under `/hang` gets no answer. */
class Receiver {
  readonly arrived = new Map<string, Set<string>>();
  latest = 0;
  readonly #held = new Set<() => void>();
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const ids = this.arrived.get(pathname) ?? new Set();
    this.arrived.set(pathname, ids.add(request.headers.get("webhook-id") ?? ""));
    await request.arrayBuffer();
    if (pathname.startsWith("/hang")) await new Promise<void>((resolve) => this.#held.add(resolve));
    else this.latest = performance.now();
    return new Response(null, { status: 204 });
  });

  readonly url = `http://127.0.0.1:${this.#server.addr.port}`;

  async close(): Promise<void> {
    for (const release of this.#held) release();
    await this.#server.shutdown();
  }
}

const merchant = (services: Services): Context => ({
  ...systemContext(services, DEMO_MERCHANT, "system", "test", () => {}),
  scopes: new Set(["webhooks:write"]),
});

Deno.test("1,000 events reach 15 healthy endpoints within 10 s while 5 others hang", async () => {
  const receiver = new Receiver();
  try {
    await withServices(async (services) => {
      const ctx = merchant(services);
      for (let i = 0; i < ENDPOINTS; i++) {
        const url = `${receiver.url}/${i < HANGING ? "hang" : "healthy"}/${i}`;
        await createEndpoint(ctx, { url, events: ["*"], status: "enabled" });
      }
      const began = performance.now();
      const data = { id: "chk_1", status: "succeeded", amount: 150_000, reference: "order-1001", metadata: {} };
      await Promise.all(
        Array.from(
          { length: EVENTS },
          (_, i) => services.db.write([event(ctx, "checkout.succeeded", `chk_${i}`, data)]),
        ),
      );
      const healthy = () => [...receiver.arrived].filter(([path]) => path.startsWith("/healthy"));
      const all = () => healthy().length === ENDPOINTS - HANGING && healthy().every(([, ids]) => ids.size === EVENTS);
      await until("the last event", all, 30_000);
      const took = receiver.latest - began;
      console.log(`${EVENTS} events, ${ENDPOINTS - HANGING} healthy endpoints: ${Math.round(took)} ms`);
      assert.ok(took < 10_000, `it took ${took} ms`);
    });
  } finally {
    await receiver.close();
  }
});
