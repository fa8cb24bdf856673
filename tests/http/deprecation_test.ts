import assert from "node:assert/strict";
import { Hono } from "hono";
import { addDeprecationHeaders, deprecationHeaders } from "../../src/http/deprecation.ts";
import type { Env } from "../../src/http/env.ts";
import { jsonResponse } from "../../src/http/respond.ts";
import { logRequests } from "../../src/http/request-log.ts";

const old = { since: "2027-01-31", sunset: "2027-07-31", link: "/docs#listCheckouts" };

Deno.test("a deprecated call says since when, until when, and where that is explained", () => {
  assert.deepEqual(deprecationHeaders(old, "https://pay.shop.example"), {
    "Deprecation": "@1801353600",
    "Sunset": "Sat, 31 Jul 2027 00:00:00 GMT",
    "Link": '<https://pay.shop.example/docs#listCheckouts>; rel="deprecation"; type="text/html"',
  });
  assert.deepEqual(deprecationHeaders({ since: "2027-01-31" }, "https://pay.shop.example"), {
    "Deprecation": "@1801353600",
  });
});

Deno.test("its errors say so too", async () => {
  const app = new Hono<Env>();
  app.use(logRequests({ clock: { now: () => 0 }, log: { write() {} } }, "https://pay.shop.example"));
  app.use(addDeprecationHeaders(old, "https://pay.shop.example"));
  app.get("/good", (c) => jsonResponse(c, {}, 200));
  app.get("/bad", () => {
    throw new Error("no");
  });
  app.onError((_, c) => c.json({}, 500));
  for (const path of ["/good", "/bad"]) {
    const { headers } = await app.request(path);
    assert.equal(headers.get("deprecation"), "@1801353600");
    assert.equal(headers.get("sunset"), "Sat, 31 Jul 2027 00:00:00 GMT");
    assert.match(headers.get("request-id") ?? "", /^req_/);
  }
});
