import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { DEMO_MERCHANT } from "../../../../src/cli/seed.ts";
import { changeKinds } from "../../../../src/app/change-kinds.ts";
import { pagesOf } from "../../../../src/console/pages.ts";
import { payoutBody } from "../../../support/payouts.ts";
import { assertClean } from "./clean.ts";
import {
  api,
  desktop,
  fits,
  newCheckout,
  phone,
  picture,
  setting,
  simulatorUrl,
  withBrowser,
  withPage,
} from "./browser.ts";

interface Rows {
  readonly data: readonly { readonly id: string }[];
}

/** No other flow has an order of this name. */
const reference = `console-${crypto.randomUUID().slice(0, 8)}`;

/** The pages of the console that are looked at, with a payment that no order has and a checkout that failed. */
async function pagesToSee(): Promise<readonly (readonly [name: string, path: string])[]> {
  const failed = await newCheckout({ reference, phone_number: "0700001032" });
  await fetch(`${simulatorUrl}/_simulator/c2b`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ shortcode: "600000", amount: 1_500, phone: "254712345678", account_reference: "nobody" }),
  }).then((response) => response.body?.cancel());
  const toApprove = payoutBody({ amount: 2_000_000, reference: "a reference of many letters", allow_duplicate: true });
  await api.call("POST", "/v1/payouts", toApprove);
  let unmatched: string | undefined;
  while (unmatched === undefined) {
    const { body } = await api.call<Rows>("GET", "/v1/payments?status=unmatched&limit=1");
    unmatched = body.data[0]?.id;
  }
  const plain = pagesOf(changeKinds).filter(({ path, area, roles }) =>
    area === "merchant" && !path.includes(":") && roles.includes("admin")
  );
  return [
    ...plain.map(({ path }) => [path.replaceAll("/", "-"), path] as const),
    ["charts", "home?charts=all"],
    ["sell-link", "sell?by=link"],
    ["payments", "payments?amount_min_kes=1"],
    ["payment", `payments/${unmatched}`],
    ["unmatched-open", `unmatched?open=${unmatched}`],
    ["shortcode-keys", "shortcodes/new?kind=till&number=510000&store_number=510001"],
    ["match", `payments/${unmatched}/match?other=1`],
    ["give-back", `payments/${unmatched}/give-back`],
    ["checkouts", "checkouts?status=open"],
    ["checkout", `checkouts/${failed.id}`],
    ["bad-filter", "payments?status=nonsense"],
    ["not-found", "payments/pay_nothing"],
  ];
}

/** Signs the page in, and gives the address of the merchant's pages. */
async function enter(page: Page): Promise<string> {
  await page.goto(setting("ADMIN_LINK"));
  await page.click("button[type=submit]");
  await page.waitForURL(/\/console\/m\//);
  return `${new URL(page.url()).origin}/console/m/${DEMO_MERCHANT}`;
}

Deno.test("the console: axe finds nothing and nothing overflows, on a phone and a desktop, and keys lead about", () =>
  withBrowser((browser) =>
    withPage(browser, desktop, async (page) => {
      const base = await enter(page);
      const seen = await pagesToSee();
      for (
        const [viewport, colorScheme, lang] of [
          [phone.viewport, "light", "sw"],
          [desktop.viewport, "dark", "en"],
        ] as const
      ) {
        if (viewport) await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        for (const [name, path] of seen) {
          await page.goto(`${base}/${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
          await fits(page);
          await picture(page, `console-${name}-${lang}-${colorScheme}`);
          await assertClean(page, `${name} ${lang} ${colorScheme}`);
        }
      }
      for (const width of [1025, 1280, 1600]) { // the longest words, in the list with the most columns
        await page.setViewportSize({ width, height: 800 });
        await page.goto(`${base}/payouts?lang=sw`);
        await fits(page);
      }
      await page.goto(`${base}/home?lang=en`);
      await page.keyboard.press("g");
      await page.keyboard.press("p");
      await page.waitForURL(/\/payments$/);
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/payments\/pay_/);
      await page.keyboard.press("Escape");
      await page.waitForURL(/\/payments$/);
      await page.keyboard.press("/");
      await page.keyboard.type(reference);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/checkouts\/chk_/);
      await page.keyboard.press("?");
      await page.locator("dialog[open]").waitFor();
      assert.match(await page.locator("dialog[open]").innerText(), /Needs attention/);
    })
  ));
