import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { ask, desktop, fits, phone, picture, shopUrl, simulatorUrl, stage, withBrowser, withPage } from "./browser.ts";

async function fill(page: Page): Promise<void> {
  await page.goto(`${shopUrl}/demo`);
  await page.click("[name=add][value=coffee]");
  await page.click("[name=add][value=leso]");
  assert.match(await page.textContent("#cart") ?? "", /KES 1,550/);
  await fits(page);
  await picture(page, `shop-${page.viewportSize()?.width}`);
  await page.click("#cart button:has-text('Pay with M-Pesa')");
  await stage(page, "ready");
}

for (const [name, device] of Object.entries({ "on a desktop": desktop, "on a phone 360 px wide": phone })) {
  Deno.test(`bought in the demo shop ${name}: cart, page, prompt, receipt, signed way back, events`, () =>
    withBrowser((browser) =>
      withPage(browser, device, async (page) => {
        await fill(page);
        await fits(page);
        await ask(page, "0712 345 678");
        await stage(page, "waiting");
        await stage(page, "paid");
        await fits(page);
        await page.click("text=Return to Demo Shop");
        await page.waitForURL(/\/demo\/thanks\?/);
        assert.equal(await page.getAttribute("#outcome", "data-outcome"), "paid");
        await page.locator("#events .delivered", { hasText: "checkout.succeeded" }).first().waitFor(); // by webhook
        await fits(page);
        await picture(page, `thanks-${page.viewportSize()?.width}`);
        await page.goto(`${shopUrl}/demo`);
        assert.match(await page.textContent("#cart") ?? "", /Nothing yet/);
      })
    ));
}

Deno.test("answered by hand on the virtual handset beside the shop", () =>
  withBrowser((browser) =>
    withPage(browser, desktop, async (page) => {
      await page.goto(`${shopUrl}/demo`);
      const handsets = page.frameLocator("iframe");
      await handsets.locator("input[name=phone]").fill("0722 000 111");
      await handsets.locator("text=Hold this phone").click();
      await handsets.locator("text=+254722000111").waitFor();
      await fill(page);
      await ask(page, "0722000111");
      await stage(page, "waiting");
      const handset = await page.context().newPage();
      await handset.goto(`${simulatorUrl}/_simulator/?phone=254722000111`);
      await handset.click("text=Enter PIN and pay");
      await stage(page, "paid");
    })
  ));

Deno.test("bought with JavaScript off: forms, and a page that looks again by itself", () =>
  withBrowser((browser) =>
    withPage(browser, { ...phone, javaScriptEnabled: false }, async (page) => {
      await fill(page);
      await page.check("input[name=remember]:visible");
      await ask(page, "0700001032");
      await stage(page, "waiting");
      await stage(page, "failed"); // by the page's own refresh
      assert.equal(await page.inputValue("#phone"), "0700001032"); // remembered
      await ask(page, "0712345678");
      await stage(page, "waiting");
      await page.click("text=Check now");
      await stage(page, "paid");
      assert.equal(await page.locator("[data-print]").isVisible(), false);
      await page.click("text=Return to Demo Shop");
      assert.equal(await page.getAttribute("#outcome", "data-outcome"), "paid");
    })
  ));
