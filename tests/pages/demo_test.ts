import assert from "node:assert/strict";
import { Hono } from "hono";
import { Webhook } from "standardwebhooks";
import type { Env } from "../../src/http/env.ts";
import { demoShop } from "../../src/pages/demo/routes.tsx";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";
import { Shopper, stageOf, wordsOf } from "./shopper.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** The service with the shop in front, as `deno task dev` puts them together; `webhooks` answers for what is not built. */
function withShop(run: InProcess): Shopper {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set("fields", {});
    await next();
  });
  app.route(
    "/",
    demoShop({
      shopUrl: publicUrl,
      simulatorUrl: "http://127.0.0.1:8001",
      credentials: { id: "cli_demo", secret: "demo-secret" },
      call: async (request) => {
        const { pathname } = new URL(request.url);
        if (!pathname.startsWith("/v1/webhook-endpoints")) return await run.app.fetch(request);
        return Response.json(request.method === "GET" ? { data: [] } : { id: "whe_1", secret });
      },
    }),
  );
  app.all("*", (c) => run.app.fetch(c.req.raw));
  return new Shopper((request) => app.fetch(request));
}

Deno.test("a cart is filled and emptied by forms alone", () =>
  inProcess(async (run) => {
    const shopper = withShop(run);
    assert.match(wordsOf((await shopper.go("/demo")).html), /Nothing yet\. Add something/);
    await shopper.post("/demo/cart", { add: "coffee" });
    const { html } = await shopper.post("/demo/cart", { add: "leso" });
    assert.match(wordsOf(html), /Total KES 1,550/);
    await shopper.post("/demo/cart", { remove: "leso" });
    assert.match(wordsOf((await shopper.post("/demo/cart", { add: "<x>" })).html), /Total KES 650/);
    assert.match(wordsOf((await shopper.post("/demo/cart", { remove: "coffee" })).html), /Nothing yet/);
    assert.equal((await shopper.post("/demo/pay", {})).location, "/demo");
  }));

Deno.test("bought: cart, hosted page, phone, signed way back, empty cart", () =>
  inProcess(async (run) => {
    const shopper = withShop(run);
    await shopper.post("/demo/cart", { add: "kiondo" });
    const { html, location } = await shopper.post("/demo/pay", {});
    assert.equal(stageOf(html), "ready");
    assert.match(html, /KES 1,800/);
    const page = new URL(location ?? "");
    const token = page.searchParams.get("token") ?? "";
    await shopper.post(`${page.pathname}/prompt`, { token, phone: "0712345678" });
    await run.pass();
    const back = await shopper.go(`${page.pathname}/return?token=${token}`);
    const thanks = await shopper.go(back.response.headers.get("location") ?? "");
    assert.match(thanks.html, /data-outcome="paid"/);
    assert.match(wordsOf(thanks.html), /checkout\.succeeded/);
    assert.match(wordsOf((await shopper.go("/demo")).html), /Nothing yet\. Add something/);
  }, { startMs: Date.now() })); // the shop checks the age of a result by the machine's clock

Deno.test("a way back that Malipo did not sign proves nothing", () =>
  inProcess(async (run) => {
    const shopper = withShop(run);
    for (const query of ["", "?checkout=chk_1&status=succeeded&reference=x", "?signature=a.b.c&checkout=chk_1"]) {
      const { response, html } = await shopper.go(`/demo/thanks${query}`);
      assert.equal(response.status, 400);
      assert.match(html, /data-outcome="forged"/);
    }
  }));

Deno.test("the shop shows which events came by webhook, and takes none that is not signed for it", () =>
  inProcess(async (run) => {
    const shopper = withShop(run);
    await shopper.post("/demo/cart", { add: "leso" });
    await shopper.post("/demo/pay", {});
    const [[id] = []] = await run.sql("SELECT id FROM events ORDER BY id DESC LIMIT 1");
    const body = JSON.stringify({ type: "checkout.created" });
    const deliver = (signature: string) =>
      shopper.go("/demo/webhook", {
        method: "POST",
        body,
        headers: {
          "webhook-id": String(id),
          "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
          "webhook-signature": signature,
        },
      });
    assert.equal((await deliver("v1,AAAA")).response.status, 401);
    assert.match(wordsOf((await shopper.go("/demo/events")).html), /no webhook yet/);
    const signature = new Webhook(secret).sign(String(id), new Date(), body);
    assert.equal((await deliver(signature)).response.status, 204);
    assert.match(wordsOf((await shopper.go("/demo/events")).html), /webhook received, signature right/);
  }));

Deno.test("the shop may frame the simulator and nothing else", () =>
  inProcess(async (run) => {
    const { response } = await withShop(run).go("/demo");
    const csp = response.headers.get("content-security-policy") ?? "";
    assert.match(csp, /frame-src http:\/\/127\.0\.0\.1:8001$/);
    assert.match(csp, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.match(csp, /frame-ancestors 'none'/);
  }));

Deno.test("the service itself has no demo shop", () =>
  inProcess(async (run) => {
    for (const path of ["/demo", "/demo/thanks", "/demo/shop.css", "/demo/webhook"]) {
      assert.equal((await run.app.request(path)).status, 404);
      assert.equal((await run.app.request(path, { method: "POST" })).status, 404);
    }
  }));
