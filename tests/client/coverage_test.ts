import assert from "node:assert/strict";
import { Malipo } from "../../src/client/mod.ts";
import { document, templateOf } from "../support/document.ts";
import { FakeService } from "./support.ts";

/** What no caller of the package asks for: the token it fetches itself, keys, the probes of hosts, and Daraja's way in. */
const NOT_FOR_CALLERS = [
  "POST /oauth/token",
  "GET /.well-known/oauth-authorization-server",
  "GET /.well-known/jwks.json",
  "GET /health/live",
  "GET /health/ready",
  "POST /notify/{capability}",
];

/** They repeat other calls. */
const COMPOSED = ["wait", "createAndWait", "constructor"];

type Verbs = Record<string, (...args: unknown[]) => PromiseLike<unknown>>;

const verbsOf = (value: object): string[] =>
  Object.getOwnPropertyNames(Object.getPrototypeOf(value)).filter((verb) => !COMPOSED.includes(verb));

Deno.test("every operation of the document is one call of the client, and it has no others", async () => {
  const service = new FakeService();
  const malipo = service.client({ fetch: async (request) => await answered(service, request) });
  const resources = Object.entries(malipo).filter(([name]) => name !== "webhooks").map(([, resource]) => resource);
  for (const resource of resources as object[]) {
    for (const verb of verbsOf(resource)) {
      await (resource as Verbs)[verb]?.call(resource, "abc_1", {}); // an id, or a body that nobody reads here
    }
  }
  await Promise.all([malipo.summary(), malipo.status(), malipo.drift(), malipo.search("UKM1A2B3C4")]);

  const called = service.requests.map(({ method, url }) => `${method} ${templateOf(new URL(url).pathname)}`);
  const all = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assert.deepEqual(called.sort(), all.filter((name) => !NOT_FOR_CALLERS.includes(name)).sort());
});

async function answered(service: FakeService, request: Request): Promise<Response> {
  const response = await service.fetch(request);
  return request.url.endsWith("/oauth/token") ? response : Response.json({ data: [], next_cursor: null });
}

Deno.test("a client that misses settings says which ones, before any request", () => {
  const environment = ["MALIPO_CLIENT_ID", "MALIPO_CLIENT_SECRET", "MALIPO_URL"];
  const before = environment.map((name) => Deno.env.get(name));
  try {
    for (const name of environment) Deno.env.delete(name);
    assert.throws(() => new Malipo(), {
      code: "not_configured",
      message:
        "not_configured: Malipo needs clientId (or MALIPO_CLIENT_ID), clientSecret (or MALIPO_CLIENT_SECRET), baseUrl (or MALIPO_URL)",
    });
    const some = { clientId: "cli_demo", clientSecret: "s" };
    assert.throws(() => new Malipo(some), { message: "not_configured: Malipo needs baseUrl (or MALIPO_URL)" });
    assert.throws(() => new Malipo({ ...some, baseUrl: "pay.shop.example" }), /must be an address such as https/);
    Deno.env.set("MALIPO_URL", "http://127.0.0.1:1");
    assert.ok(new Malipo(some));
  } finally {
    for (const [i, name] of environment.entries()) {
      const value = before[i];
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
  }
});

Deno.test("the logger hears of each try, without secrets, bodies or queries", async () => {
  const heard: unknown[] = [];
  const service = new FakeService([
    () => new Response("busy", { status: 503, headers: { "request-id": "req_1" } }),
    () => Response.json({ data: [], next_cursor: null }),
  ]);
  const malipo = service.client({ logger: ({ ms: _, ...call }) => heard.push(call) });
  await malipo.checkouts.list({ phone: "0712345678" });
  assert.deepEqual(heard, [
    { method: "POST", path: "/oauth/token", status: 200, requestId: undefined },
    { method: "GET", path: "/v1/checkouts", status: 503, requestId: "req_1" },
    { method: "GET", path: "/v1/checkouts", status: 200, requestId: undefined },
  ]);
});
