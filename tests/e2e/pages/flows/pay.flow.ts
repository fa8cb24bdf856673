import assert from "node:assert/strict";
import {
  ask,
  desktop,
  fits,
  newCheckout,
  phone,
  picture,
  simulatorUrl,
  stage,
  withBrowser,
  withPage,
} from "./browser.ts";

const failures: readonly (readonly [number: string, message: RegExp])[] = [
  ["0700001032", /You cancelled the payment on your phone/],
  ["0700002001", /The M-Pesa PIN was wrong/],
  ["0700001037", /Your phone did not answer in time/],
  ["0700000001", /Your M-Pesa balance is too low/],
];

Deno.test("cancelled, wrong PIN, no answer, no money: each is said as it happens, then retried and paid", () =>
  withBrowser((browser) =>
    withPage(browser, phone, async (page) => {
      await page.goto((await newCheckout()).hosted_url);
      for (const [number, message] of failures) {
        await ask(page, number);
        await stage(page, "failed");
        assert.match(await page.textContent(".why") ?? "", message);
        await fits(page);
        await picture(page, `failed-${number}`);
      }
      await ask(page, "0712345678");
      await stage(page, "paid");
      await picture(page, "paid");
      assert.match(await page.title(), /Paid/);
    })
  ));

Deno.test("the news reach a screen reader and the keyboard alone is enough", () =>
  withBrowser((browser) =>
    withPage(browser, desktop, async (page) => {
      await page.goto((await newCheckout()).hosted_url);
      const focused = () => page.evaluate("document.activeElement.name || document.activeElement.tagName");
      for (let tabs = 0; await focused() !== "phone"; tabs++) {
        assert.ok(tabs < 5, "the field is a few tabs away");
        await page.keyboard.press("Tab");
      }
      await page.keyboard.type("0700001032");
      await page.keyboard.press("Enter");
      await stage(page, "waiting");
      await stage(page, "failed");
      assert.equal(await page.textContent("#say"), "You have not paid yet");
      assert.equal(await page.getAttribute("#say", "role"), "status");
      assert.equal(await focused(), "H1");
    })
  ));

Deno.test("a number being typed survives what happens meanwhile, and an error stays until it is mended", () =>
  withBrowser((browser) =>
    withPage(browser, phone, async (page) => {
      await page.goto((await newCheckout()).hosted_url);
      let refused = false;
      const told = new Promise<void>((resolve) =>
        page.on("response", (response) => {
          refused ||= response.status() === 422;
          if (refused && response.url().includes("/events")) resolve();
        })
      );
      await ask(page, "071234");
      await told; // of the page that was answered: the status that it knows already
      await page.locator("#phone-error").waitFor();
      assert.equal(await page.getAttribute("#phone", "aria-invalid"), "true");
      assert.equal(await page.inputValue("#phone"), "071234");
      await picture(page, "error");
      await ask(page, "0712345678");
      await stage(page, "paid");
    })
  ));

Deno.test("paid by paybill with the page's numbers while it is open", () =>
  withBrowser((browser) =>
    withPage(browser, phone, async (page) => {
      const checkout = await newCheckout();
      await page.goto(checkout.hosted_url);
      await page.click("#paybill summary");
      await fits(page);
      await picture(page, "paybill");
      const [shortcode, account] = await page.locator("#paybill dd").allInnerTexts();
      const copy = (text: string | undefined) => (text ?? "").split(/\s/)[0];
      const response = await fetch(`${simulatorUrl}/_simulator/c2b`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          shortcode: copy(shortcode),
          account_reference: copy(account),
          amount: 1500,
          phone: "254712345678",
        }),
      });
      const { receipt }: { receipt: string } = await response.json();
      await stage(page, "paid");
      assert.match(await page.textContent("main") ?? "", new RegExp(receipt));
    })
  ));

Deno.test("where events don't get through the page asks by itself", () =>
  withBrowser((browser) =>
    withPage(browser, phone, async (page) => {
      await page.route("**/events?*", (route) => route.fulfill({ status: 503 }));
      await page.goto((await newCheckout()).hosted_url);
      await ask(page, "0712345678");
      await stage(page, "paid");
    })
  ));

Deno.test("opened where the shop has prompted already: what is under way, then the receipt", () =>
  withBrowser((browser) =>
    withPage(browser, { ...phone, locale: "sw-KE", colorScheme: "dark" }, async (page) => {
      await page.goto((await newCheckout({ phone_number: "0712345678" })).hosted_url);
      await stage(page, "paid");
      assert.match(await page.textContent("h1") ?? "", /Umelipa/);
      await picture(page, "paid-sw-dark");
      await page.emulateMedia({ media: "print" });
      await picture(page, "paid-print");
      assert.equal(await page.locator("a:has-text('Rudi kwa Demo Shop')").isVisible(), false);
    })
  ));

Deno.test("after a part by paybill the page asks for the rest, in both languages, and the rest pays it", () =>
  withBrowser(async (browser) => {
    for (
      const [locale, left] of [["en-KE", /received KES 500 of KES 1,500/], [
        "sw-KE",
        /KES 500 kati ya KES 1,500/,
      ]] as const
    ) {
      await withPage(browser, { ...phone, locale }, async (page) => {
        const items = [{ name: "School fees, term 2", quantity: 1, amount: 120_000 }, {
          name: "Exercise books",
          quantity: 6,
          amount: 30_000,
        }];
        const checkout = await newCheckout({ items });
        await page.goto(checkout.hosted_url);
        await fetch(`${simulatorUrl}/_simulator/c2b`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({
            shortcode: checkout.paybill?.number,
            account_reference: checkout.account_reference,
            amount: 500,
            phone: "254712345678",
          }),
        });
        await page.locator(".part").waitFor();
        assert.match(await page.textContent(".bill") ?? "", left);
        assert.match(await page.textContent(".sum") ?? "", /KES 1,000/);
        await fits(page);
        await picture(page, `part-${locale}`);
        await ask(page, "0712345678");
        await stage(page, "paid");
      });
    }
  }));
