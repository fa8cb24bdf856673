import type { Browser, Page } from "playwright-core";
import { assertClean } from "./clean.ts";
import { api, newCheckout, phone, picture, shopUrl, stage, withBrowser, withPage } from "./browser.ts";

/** The shortest life of a checkout is 30 s: it begins before the rest and is looked at last. */
const expiring = newCheckout({ expires_in: 30 });

/** A checkout in every state that a shopper can meet. */
async function everyState(): Promise<[name: string, url: string, prepare?: (page: Page) => Promise<unknown>][]> {
  const [open, waiting, failed, unclear, paid, review, cancelled] = await Promise.all([
    newCheckout(),
    newCheckout({ phone_number: "0700009004" }),
    newCheckout({ phone_number: "0700002001" }),
    newCheckout({ phone_number: "0700009009" }),
    newCheckout({ phone_number: "0712345678" }),
    newCheckout({ phone_number: "0700009005" }),
    newCheckout(),
  ]);
  await api.call("POST", `/v1/checkouts/${cancelled.id}/cancel`);
  const unfold = (page: Page) => page.click("#paybill summary");
  const mistype = async (page: Page) => {
    await page.fill("#phone", "12");
    await page.click("button[data-busy]:visible");
    await page.locator("#phone-error").waitFor();
  };
  return [
    ["ready", open.hosted_url, unfold],
    ["ready", open.hosted_url, mistype],
    ["waiting", waiting.hosted_url, (page) => page.click("#no-prompt summary")],
    ["failed", failed.hosted_url],
    ["unclear", unclear.hosted_url],
    ["paid", paid.hosted_url],
    ["review", review.hosted_url],
    ["cancelled", cancelled.hosted_url],
  ];
}

async function inBothSchemes(browser: Browser, locale: string, test: (page: Page, name: string) => Promise<void>) {
  for (const colorScheme of ["light", "dark"] as const) {
    await withPage(browser, { ...phone, locale, colorScheme }, async (page) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await test(page, `${locale}-${colorScheme}`);
    });
  }
}

Deno.test("axe finds nothing in any state of the page, in both languages and both colour schemes", () =>
  withBrowser(async (browser) => {
    const states = await everyState();
    for (const locale of ["en-KE", "sw-KE"]) {
      await inBothSchemes(browser, locale, async (page, name) => {
        for (const [state, url, prepare] of states) {
          await page.goto(url);
          await stage(page, state);
          await prepare?.(page);
          await assertClean(page, `${state} ${name}`);
          await picture(page, `axe-${name}-${state}`);
        }
        await page.goto(`${states[0]?.[1]}0`);
        await assertClean(page, `not found ${name}`);
      });
    }
  }));

Deno.test("axe finds nothing in the demo shop", () =>
  withBrowser((browser) =>
    inBothSchemes(browser, "en-KE", async (page, name) => {
      await page.goto(`${shopUrl}/demo`);
      await page.click("[name=add][value=kiondo]");
      await assertClean(page, `shop ${name}`);
      await page.goto(`${shopUrl}/demo/thanks`);
      await assertClean(page, `thanks ${name}`);
    })
  ));

Deno.test("axe finds nothing when the time to pay is over", () =>
  withBrowser(async (browser) => {
    const { hosted_url } = await expiring;
    for (const locale of ["en-KE", "sw-KE"]) {
      await inBothSchemes(browser, locale, async (page, name) => {
        await page.goto(hosted_url);
        await stage(page, "expired");
        await assertClean(page, `expired ${name}`);
        await picture(page, `axe-${name}-expired`);
      });
    }
  }));
