import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { CheckoutView } from "../../../../src/domain/checkouts/contract.ts";
import type { PaymentLinkView } from "../../../../src/domain/payment-links/contract.ts";
import type { PaymentDetail } from "../../../../src/domain/payments/contract.ts";
import {
  api,
  ask,
  desktop,
  fits,
  newCheckout,
  phone,
  picture,
  shopUrl,
  stage,
  withBrowser,
  withPage,
} from "./browser.ts";
import { assertClean } from "./clean.ts";

const narrow = { viewport: { width: 180, height: 400 } };

async function newLink(changes: Readonly<Record<string, unknown>> = {}): Promise<PaymentLinkView> {
  const body = { amount: 150_000, currency: "KES", description: "Rent December, house 12", ...changes };
  const answer = await api.call<PaymentLinkView>("POST", "/v1/payment-links", body);
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  return answer.body;
}

async function receiptOf({ id }: CheckoutView): Promise<string> {
  const { body } = await api.call<CheckoutView>("GET", `/v1/checkouts/${id}`);
  const payment = await api.call<PaymentDetail>("GET", `/v1/payments/${body.payment?.id}`);
  return payment.body.receipt_url;
}

Deno.test("a link is opened, paid, and leads to a receipt that the browser checks, also without a network", () =>
  withBrowser((browser) =>
    withPage(browser, phone, async (page) => {
      const { url } = await newLink();
      await page.goto(url);
      await assertClean(page, "link");
      await ask(page, "0712345678");
      await stage(page, "paid");
      await page.click("text=Receipt to share or save");
      await page.locator("main[data-state=paid]").waitFor();
      await assertClean(page, "receipt");
      await fits(page);
      await picture(page, "receipt");
      const code = await page.getAttribute(".code a", "href") ?? "";
      await page.click("text=Check this receipt");
      await page.locator("#result dl").waitFor();
      assert.match(await page.textContent("#result") ?? "", /The receipt is real.*Nothing of it was given back/);
      await assertClean(page, "check");
      await page.context().setOffline(true);
      for (
        const [given, said] of [[code, /is real.*Nobody could be asked/], [
          `${code.slice(0, -4)}AAAA`,
          /changed/,
        ]] as const
      ) {
        await page.fill("textarea", given);
        await page.click("button[type=submit]");
        await page.locator("#result .note").first().waitFor();
        await page.locator("#result", { hasText: said }).waitFor();
      }
    })
  ));

Deno.test("no stage of a page, no link and no receipt sticks out on a screen of 180 px", () =>
  withBrowser((browser) =>
    withPage(browser, narrow, async (page) => {
      const [ready, failed, paid, review] = await Promise.all([
        newCheckout({ items: [{ name: "Wholemeal-bread-from-the-bakery-in-Nyeri", quantity: 12, amount: 150_000 }] }),
        newCheckout({ phone_number: "0700002001" }),
        newCheckout({ phone_number: "0712345678", reference: "order-1001-of-the-shop-with-a-long-name" }),
        newCheckout({ phone_number: "0700009005" }),
      ]);
      const look = async (url: string, prepare?: (page: Page) => Promise<unknown>) => {
        await page.goto(url);
        await prepare?.(page);
        await fits(page);
      };
      await look(ready.hosted_url, (page) => page.click("#paybill summary"));
      await look(failed.hosted_url, () => stage(page, "failed"));
      await look(paid.hosted_url, () => stage(page, "paid"));
      await look(review.hosted_url, () => stage(page, "review"));
      await look(await receiptOf(paid));
      await look((await newLink({ amount: null })).url);
      await look(`${shopUrl}/r/verify`);
    })
  ));

Deno.test("a paid page goes back to the shop by itself after some seconds, unless it is stopped", () =>
  withBrowser(async (browser) => {
    const checkout = await newCheckout({ phone_number: "0712345678" });
    await withPage(browser, { ...desktop, goesBack: true }, async (page) => {
      await page.goto(checkout.hosted_url);
      await stage(page, "paid");
      await page.waitForURL(/\/demo\/thanks\?/);
      await page.goto(checkout.hosted_url);
      await stage(page, "paid");
      assert.equal(await page.isVisible("[data-stay]"), false, "who comes back to the page is not sent away again");
    });
    await withPage(browser, { ...desktop, goesBack: true }, async (page) => {
      await page.goto(checkout.hosted_url);
      await page.click("[data-stay]");
      assert.equal(await page.locator("[data-go]").count(), 0);
    });
  }));

Deno.test("sent without a network, a form says so and sends nothing; a countdown runs, and a wait is spoken of", () =>
  withBrowser((browser) =>
    withPage(browser, phone, async (page) => {
      const { hosted_url } = await newCheckout();
      await page.clock.install();
      await page.goto(hosted_url);
      assert.match(await page.textContent("[data-left]") ?? "", /Time left (29:5\d|30:00)/);
      await page.context().setOffline(true);
      await ask(page, "0700009004");
      await page.locator("[data-offline]").waitFor();
      assert.match(await page.textContent("[data-offline]") ?? "", /You are offline, so nothing was sent/);
      await page.context().setOffline(false);
      await ask(page, "0700009004");
      await stage(page, "waiting");
      assert.equal(await page.isVisible("[data-after]"), false);
      await page.clock.runFor(21_000);
      assert.match(await page.textContent("[data-after]:visible") ?? "", /Still waiting for M-Pesa/);
      assert.equal(await page.getAttribute("#paybill", "open"), null);
      await page.clock.runFor(41_000);
      assert.notEqual(await page.getAttribute("#paybill", "open"), null, "after a minute the other way is open");
    })
  ));
