import assert from "node:assert/strict";
import type { Malipo } from "../../src/client/mod.ts";
import { templateOf } from "../support/document.ts";
import { document } from "../support/document.ts";
import { FakeService } from "./support.ts";

const RESOURCES: readonly (keyof Malipo)[] = [
  "checkouts",
  "payments",
  "accounts",
  "paymentLinks",
  "payouts",
  "payees",
  "refunds",
  "reconciliations",
  "shortcodes",
  "webhookEndpoints",
  "events",
  "clients",
  "changeRequests",
  "merchant",
  "merchants",
  "jobs",
  "notices",
  "audit",
  "attention",
];

Deno.test("every call of the client is one of the document's, and no two are the same", async () => {
  const service = new FakeService();
  const malipo = service.client({ fetch: async (request) => await answered(service, request) });
  for (const name of RESOURCES) {
    const resource = malipo[name] as object;
    for (const verb of Object.getOwnPropertyNames(Object.getPrototypeOf(resource))) {
      if (verb === "constructor") continue;
      // the methods of a resource, each taking an id or a body first
      const call = (resource as Record<string, (...args: unknown[]) => PromiseLike<unknown>>)[verb];
      await call?.call(resource, verb === "create" || verb === "list" ? {} : "abc_1", {});
    }
  }
  const called = service.requests.map(({ method, url }) => {
    const { pathname } = new URL(url);
    const template = templateOf(pathname) ?? pathname;
    assert.ok(document.paths[template]?.[method.toLowerCase()], `${method} ${pathname} is not in the document`);
    return `${method} ${template}`;
  });
  assert.equal(new Set(called).size, called.length);
  assert.ok(called.length > 40);
});

async function answered(service: FakeService, request: Request): Promise<Response> {
  const response = await service.fetch(request);
  return request.url.endsWith("/oauth/token") ? response : Response.json({ data: [], next_cursor: null });
}
