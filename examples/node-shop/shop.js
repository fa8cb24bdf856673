// A shop with one article. It asks M-Pesa for the money, and shows the buyer what happens.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import process from "node:process";
import { isMalipoError, Malipo } from "@malipo/client";
import { failedPage, formPage, paidPage, waitingPage } from "./pages.js";

const malipo = new Malipo({
  baseUrl: process.env.MALIPO_URL ?? "http://127.0.0.1:8000",
  clientId: process.env.MALIPO_CLIENT_ID ?? "cli_demo",
  clientSecret: process.env.MALIPO_CLIENT_SECRET ?? "demo-secret", // keep it on the server
});

const PRICE = 15_000; // cents: KES 150
const orders = new Map(); // order id -> checkout id; a real shop has a database

/** The buyer has sent the form: ask the phone for the money. */
async function buy(order, phone) {
  const known = orders.get(order);
  if (known === undefined) {
    const checkout = await malipo.checkouts.create(
      { amount: PRICE, currency: "KES", reference: order, phone_number: phone },
      { idempotencyKey: order }, // a second click on the button finds the same checkout, and prompts nobody twice
    );
    orders.set(order, checkout.id);
    return;
  }
  const checkout = await malipo.checkouts.get(known);
  if (checkout.status !== "open") return; // a prompt is on the phone, or the order is paid
  await malipo.checkouts.attempt(
    known,
    { phone_number: phone },
    { idempotencyKey: `${order}-${checkout.attempts.length + 1}` },
  );
}

/** What the buyer sees of an order. The state always comes from Malipo, never from the browser. */
async function show(order) {
  const checkout = await malipo.checkouts.get(orders.get(order));
  if (checkout.status === "succeeded") return paidPage(checkout.payment.receipt);
  if (checkout.status === "pending") return waitingPage();
  if (checkout.status === "open") return formPage(order, PRICE, checkout.last_failure?.message ?? "Please try again.");
  return failedPage(checkout.status);
}

async function answer(request) {
  const { pathname } = new URL(request.url, "http://shop");
  const order = /^\/orders\/([0-9a-f-]{36})$/.exec(pathname)?.[1];
  if (request.method === "GET" && pathname === "/") return { html: formPage(randomUUID(), PRICE, "") };
  if (order === undefined) return { status: 404, html: failedPage("not found") };
  if (request.method === "POST") {
    const form = new URLSearchParams(await bodyOf(request));
    try {
      await buy(order, form.get("phone") ?? "");
    } catch (error) {
      if (!isMalipoError(error)) throw error;
      // The same order id again: if the first request did arrive, the next one finds it.
      return { status: 422, html: formPage(order, PRICE, error.errors[0]?.detail ?? error.message) };
    }
    return { status: 303, location: `/orders/${order}` };
  }
  if (!orders.has(order)) return { status: 404, html: failedPage("not found") };
  return { html: await show(order) };
}

/** Reads a form of at most 10,000 characters. */
async function bodyOf(request) {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 10_000) throw new Error("The form is too large.");
  }
  return text;
}

const server = createServer(async (request, response) => {
  try {
    const { status = 200, html = "", location } = await answer(request);
    const headers = { "content-type": "text/html; charset=utf-8", ...(location === undefined ? {} : { location }) };
    response.writeHead(status, headers).end(html);
  } catch (error) {
    console.error(error);
    response.writeHead(500, { "content-type": "text/plain" }).end("Something failed. Please try again.");
  }
});

server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`The shop is open: http://127.0.0.1:${server.address().port}`);
});
process.on("SIGTERM", () => server.close(() => process.exit(0)));
