import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { PayoutView } from "../../../../src/domain/payouts/contract.ts";
import { DEMO_MERCHANT } from "../../../../src/cli/seed.ts";
import { payoutBody } from "../../../support/payouts.ts";
import { api, desktop, fits, picture, setting, shopUrl, withBrowser, withPage } from "./browser.ts";

/** A device with a fingerprint reader, in Chromium itself. */
async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

Deno.test("an approver comes in by the printed link, makes a passkey, signs in with it and signs a payout", () =>
  withBrowser((browser) =>
    withPage(browser, desktop, async (page) => {
      await page.goto(setting("APPROVER_LINK"));
      assert.equal(new URL(page.url()).hostname, "localhost", "where browsers make passkeys");
      await page.click("button[type=submit]");
      await page.waitForURL(/\/console\/m\//);
      await addAuthenticator(page);
      const origin = new URL(page.url()).origin;
      await page.goto(`${origin}/console/me`);
      await page.fill("[name=name]", "test phone");
      await page.click("form[data-passkey] button");
      await page.getByText("test phone").waitFor();
      await picture(page, "console-me");
      await fits(page);

      await page.locator("form[action='/console/sign-out'] button:visible").first().click();
      await page.waitForURL(/\/console\/sign-in/);
      await picture(page, "console-sign-in");
      await page.click("form[data-passkey] button");
      await page.waitForURL(/\/console\/m\//);

      const body = payoutBody({ amount: 2_000_000, reference: "emp-17", allow_duplicate: true });
      const { body: payout } = await api.call<PayoutView>("POST", "/v1/payouts", body);
      assert.equal(payout.status, "awaiting_approval");
      await page.goto(`${origin}/console/m/${DEMO_MERCHANT}/sign/payouts/${payout.id}`);
      await picture(page, "console-sign");
      await fits(page);
      await page.click("form[data-passkey] button");
      await page.waitForURL(/done=/);
      const { body: after } = await api.call<PayoutView>("GET", `/v1/payouts/${payout.id}`);
      assert.deepEqual(after.approvals.map(({ signed }) => signed), [true]);
      assert.ok(shopUrl.startsWith("http://127.0.0.1"));
    })
  ));
