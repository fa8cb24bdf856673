import { type Context as HonoContext, Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { limitBody } from "../../http/body-limit.ts";
import type { Env } from "../../http/env.ts";
import { assets, minifyCss } from "../assets/assets.ts";
import { CONTENT_SECURITY_POLICY, pageHeaders } from "../headers.ts";
import { shopCss, shopJs } from "./assets.ts";
import { type Cart, change, readCart, totalOf, writeCart } from "./catalogue.ts";
import { EventFeed } from "./counter.tsx";
import { type Outcome, shopPage, type ShopView, thanksPage } from "./page.tsx";
import { Shop, type ShopOptions } from "./shop.ts";

const EVENTS_SHOWN = 10;
const FORM_BYTES = 1_024;
const WEBHOOK_BYTES = 262_144;
const CART_COOKIE = "demo_cart";

/** The demo shop at `/demo`, in development only. It takes payments as any storefront does. */
export function demoShop(options: ShopOptions): Hono<Env> {
  const app = new Hono<Env>();
  const shop = new Shop(options);
  const viewOf = async (): Promise<ShopView> => {
    const subscribed = await shop.subscribe();
    const [files, events] = await Promise.all([assets(), shop.events(EVENTS_SHOWN)]);
    return { assets: files, simulatorUrl: options.simulatorUrl, events, subscribed };
  };
  const ours = CONTENT_SECURITY_POLICY.filter((directive) => !directive.startsWith("form-action"));
  // The form redirects to `shopUrl`, which differs from 'self' where the page was opened as localhost.
  const form = `form-action 'self' ${options.shopUrl}`;
  const headers = pageHeaders([...ours, form, `frame-src ${options.simulatorUrl}`]);
  app.use("/demo", headers);
  app.use("/demo/*", headers);
  const css = minifyCss(shopCss);
  app.get("/demo/shop.css", (c) => c.body(css, 200, { "content-type": "text/css; charset=utf-8" }));
  app.get("/demo/shop.js", (c) => c.body(shopJs, 200, { "content-type": "text/javascript; charset=utf-8" }));

  app.get("/demo", async (c) => c.html(await shopPage(await viewOf(), cartOf(c), null)));
  app.post("/demo/cart", limitBody(FORM_BYTES), async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const added = change(cartOf(c), form.get("add") ?? "", 1);
    saveCart(c, change(added, form.get("remove") ?? "", -1));
    return c.redirect("/demo#cart", 303);
  });
  app.post("/demo/pay", async (c) => {
    const cart = cartOf(c);
    if (cart.size === 0) return c.redirect("/demo", 303);
    try {
      return c.redirect(await shop.checkOut(totalOf(cart)), 303);
    } catch (error) {
      c.get("fields").error = String(error);
      const message = "Malipo did not take the order. The log of the service says why.";
      return c.html(await shopPage(await viewOf(), cart, message), 502);
    }
  });
  app.get("/demo/thanks", async (c) => {
    const outcome = await outcomeOf(shop, new URL(c.req.url).searchParams);
    if (outcome.kind === "paid") saveCart(c, new Map());
    return c.html(await thanksPage(await viewOf(), outcome), outcome.kind === "forged" ? 400 : 200);
  });
  app.get("/demo/events", async (c) => {
    const { events, subscribed } = await viewOf();
    return c.html(await <EventFeed events={events} subscribed={subscribed} />);
  });
  app.post("/demo/webhook", limitBody(WEBHOOK_BYTES), async (c) => {
    const isSigned = await shop.receive(await c.req.text(), c.req.raw.headers);
    return c.body(null, isSigned ? 204 : 401);
  });
  return app;
}

/** Verifies the signed result, and reads the checkout. A real shop delivers after this read or after the webhook. */
async function outcomeOf(shop: Shop, query: URLSearchParams): Promise<Outcome> {
  const result = await shop.verify(query);
  if (result === null) return { kind: "forged", reference: "", status: "", payUrl: null };
  const { status, hosted_url } = await shop.statusOf(result.checkout);
  const payable = status === "open" || status === "pending";
  return {
    kind: status === "succeeded" ? "paid" : "unpaid",
    reference: result.reference,
    status,
    payUrl: payable ? hosted_url : null,
  };
}

const cartOf = (c: HonoContext<Env>): Cart => readCart(getCookie(c, CART_COOKIE));

function saveCart(c: HonoContext<Env>, cart: Cart): void {
  setCookie(c, CART_COOKIE, writeCart(cart), { path: "/demo", httpOnly: true, sameSite: "Lax" });
}
