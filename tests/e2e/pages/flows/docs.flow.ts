import assert from "node:assert/strict";
import { assertClean } from "./clean.ts";
import { desktop, phone, picture, shopUrl, withBrowser, withPage } from "./browser.ts";

const create = `${shopUrl}/docs/checkouts/create-checkout`;

Deno.test("a developer finds a call by its everyday name, reads it in Python, and runs it", () =>
  withBrowser(async (browser) => {
    await withPage(browser, desktop, async (page) => {
      await page.goto(`${shopUrl}/docs`);
      await page.keyboard.press("/");
      await page.keyboard.type("create checkout");
      await page.click("#hits a >> nth=0");
      await page.waitForURL(create);
      assert.equal(await page.locator(".samples .panel:visible").count(), 1);
      await page.click("role=tab[name=Python]");
      assert.match(await page.locator(".samples .panel:visible").innerText(), /malipo\.create_checkout/);
      await assertClean(page, "an operation");
      await page.click("#run button[type=submit]");
      const answer = page.locator("#run output", { hasText: "201" });
      await answer.waitFor();
      assert.match(await answer.innerText(), /"status": "pending"/);
      await picture(page, "docs");
    });
    await withPage(browser, { ...phone, colorScheme: "dark" }, async (page) => {
      for (const path of ["", "/guides/take-a-payment", "/test-numbers"]) {
        await page.goto(`${shopUrl}/docs${path}`);
        await assertClean(page, path);
      }
    });
  }));

Deno.test("the documentation fits 180 pixels, and without JavaScript all languages and the search are there", () =>
  withBrowser(async (browser) => {
    await withPage(browser, { viewport: { width: 180, height: 740 } }, async (page) => {
      for (const path of ["", "/checkouts/create-checkout", "/guides/webhooks", "/test-numbers", "/search?q=payout"]) {
        await page.goto(`${shopUrl}/docs${path}`);
        assert.equal(await page.evaluate("document.documentElement.scrollWidth"), 180, path);
      }
    });
    await withPage(browser, { ...phone, javaScriptEnabled: false }, async (page) => {
      await page.goto(create);
      assert.equal(await page.locator(".samples .panel:visible").count(), 4);
      assert.equal(await page.locator("#run:visible").count(), 0);
      await page.fill("#q", "reversal");
      await page.click("text=Search");
      await page.click("main .hits a >> nth=0");
      await page.waitForURL(`${shopUrl}/docs/refunds/create-refund`);
    });
  }));
