import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { type Context, type Services, systemContext } from "../../src/context/context.ts";
import { event } from "../../src/db/trail.ts";
import type { Outbound } from "../../src/platform/ports.ts";
import { createEndpoint } from "../../src/webhooks/endpoints/create-endpoint.ts";
import { waitUntil, withServices } from "./services.ts";

const EVENTS = 1_000;
/** Told at once before the rest, so that the hanging endpoints hold all that they can hold. */
const FIRST = 10;
const ENDPOINTS = 20;
const HANGING = 5;

/** Only an endpoint that is held up takes so long: 15,000 requests take less than 20 s on a busy machine. */
const HELD_UP_MS = 240_000;

/** Counts what arrives on each path; what is under `/hang` gets no answer before {@link Receiver.release}. */
class Receiver {
  readonly arrived = new Map<string, Set<string>>();
  /** Paths of the requests that wait for their answer. */
  readonly held: string[] = [];
  readonly #released = Promise.withResolvers<void>();
  readonly #server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname } = new URL(request.url);
    const ids = this.arrived.get(pathname) ?? new Set();
    this.arrived.set(pathname, ids.add(request.headers.get("webhook-id") ?? ""));
    await request.arrayBuffer();
    if (pathname.startsWith("/hang")) {
      this.held.push(pathname);
      await this.#released.promise;
    }
    return new Response(null, { status: 204 });
  });

  readonly url = `http://127.0.0.1:${this.#server.addr.port}`;

  /** Answers what was held. */
  release(): void {
    this.#released.resolve();
  }

  async close(): Promise<void> {
    this.release();
    await this.#server.shutdown();
  }
}

/** Requests to `/hang` outlast WEBHOOK_TIMEOUT_MS: they end when the receiver releases them, however slow the machine. */
const withoutTimeout = (real: Outbound): Outbound => ({
  ...real,
  post: (request) =>
    real.post(
      request.url.pathname.startsWith("/hang") ? { ...request, signal: new AbortController().signal } : request,
    ),
});

const merchant = (services: Services): Context => ({
  ...systemContext(services, DEMO_MERCHANT, "system", "test", () => {}),
  scopes: new Set(["webhooks:write"]),
});

async function sendAll(services: Services, receiver: Receiver): Promise<void> {
  const ctx = merchant(services);
  for (let i = 0; i < ENDPOINTS; i++) {
    const url = `${receiver.url}/${i < HANGING ? "hang" : "healthy"}/${i}`;
    await createEndpoint(ctx, { url, events: ["*"], status: "enabled" });
  }
  const data = { id: "chk_1", status: "succeeded", amount: 150_000, reference: "order-1001", metadata: {} };
  const told = (i: number) => event(ctx, "checkout.succeeded", `chk_${i}`, data);
  await services.db.write(Array.from({ length: FIRST }, (_, i) => told(i)));
  await waitUntil("a request at each hanging endpoint", () => new Set(receiver.held).size === HANGING, HELD_UP_MS);
  await Promise.all(Array.from({ length: EVENTS - FIRST }, (_, i) => services.db.write([told(FIRST + i)])));
  const healthy = () => [...receiver.arrived].filter(([path]) => path.startsWith("/healthy"));
  const all = () => healthy().length === ENDPOINTS - HANGING && healthy().every(([, ids]) => ids.size === EVENTS);
  await waitUntil("the last event", all, HELD_UP_MS);
  const [answered] = await services.db.read([{
    sql: "SELECT count(*) FROM deliveries WHERE ended_at IS NOT NULL AND url LIKE '%/hang/%'",
    args: [],
  }]);
  assert.deepEqual(answered?.rows, [[0]], "no request to a hanging endpoint has ended");
}

Deno.test("1,000 events reach 15 healthy endpoints while 5 others hang, and none of those has answered", async () => {
  const receiver = new Receiver();
  try {
    await withServices(
      (services) => sendAll(services, receiver).finally(() => receiver.release()), // the service can't stop before
      withoutTimeout,
    );
  } finally {
    await receiver.close();
  }
});
