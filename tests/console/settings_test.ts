import assert from "node:assert/strict";
import { OTHER_MERCHANT } from "../../src/cli/seed.ts";
import type { MerchantView } from "../../src/domain/merchants/settings-contract.ts";
import { consoleUrl, formOf, signIn, type Visitor } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { wordsOf } from "../pages/shopper.ts";

const SETTINGS = consoleUrl("settings");
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>alert(1)</script>' +
  '<circle cx="4" cy="4" r="4" fill="#0b7a3b"/></svg>';

const merchant = async (run: InProcess): Promise<MerchantView> =>
  (await run.call<MerchantView>("GET", "/v1/merchant")).body;

/** The form as the page has it. */
const opened = async (admin: Visitor): Promise<Record<string, string>> => {
  const { logo: _, ...fields } = formOf((await admin.go(SETTINGS)).html, SETTINGS);
  return fields;
};

const send = (admin: Visitor, fields: Record<string, string | File>) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return admin.go(SETTINGS, { method: "POST", body });
};

Deno.test("an admin changes brand, logo and rules; only what differs is written", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const before = await merchant(run);
    const fields = await opened(admin);
    const logo = new File([SVG], "logo.svg", { type: "image/svg+xml" });
    const typed = {
      display_name: "Duka la Mama",
      support_whatsapp: "0712345678",
      overpayment: "keep_within",
      overpayment_within: "25.50",
    };
    const { response } = await send(admin, { ...fields, ...typed, logo });
    assert.equal(response.status, 303);
    const shown = await admin.go(response.headers.get("location") ?? "");
    assert.match(wordsOf(shown.html), /Settings saved by Joseph Mwangi at \d\d:\d\d\./);
    const after = await merchant(run);
    assert.deepEqual(
      [after.display_name, after.support.whatsapp, after.overpayment, after.overpayment_within, after.version],
      ["Duka la Mama", "+254712345678", "keep_within", 2_550, before.version + 1],
    );
    assert.deepEqual([after.partial, after.duplicates], [before.partial, before.duplicates]);
    const picture = await admin.go(new URL(after.logo ?? "").pathname);
    assert.equal(picture.response.status, 200);
    assert.doesNotMatch(picture.html, /script/);
    const [[data] = []] = await run.sql("SELECT data FROM audit WHERE action = 'merchant.updated'");
    assert.deepEqual(
      JSON.parse(String(data)).fields.toSorted(),
      ["display_name", "logo", "overpayment", "overpayment_within", "support"],
    );
    const removed = await send(admin, { ...await opened(admin), remove_logo: "yes" });
    assert.equal(removed.response.status, 303);
    assert.equal((await merchant(run)).logo, null);
  }));

Deno.test("what is refused comes back as it was typed, with the reason at its field", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const before = await merchant(run);
    const fields = await opened(admin);
    for (
      const [field, value] of [
        ["support_whatsapp", "12"],
        ["support_email", "nobody"],
        ["colour", "red"],
        ["overpayment_within", "1,000.50.1"],
        ["overpayment_within", "5000"],
        ["duplicates_payouts", "always"],
        ["kra_pin", "<b>"],
      ] as const
    ) {
      const { response, html } = await send(admin, { ...fields, display_name: "Kept", [field]: value });
      assert.equal(response.status, 422, field);
      assert.match(html, new RegExp(`id="f-${field}-error"`), field);
      assert.match(html, /value="Kept"/);
      assert.doesNotMatch(html, /<b>"/);
    }
    for (const logo of [new File(["no picture"], "a.svg"), new File([new Uint8Array(36_001)], "a.png")]) {
      const { response, html } = await send(admin, { ...fields, logo });
      assert.deepEqual([response.status, /id="f-logo-error"/.test(html)], [422, true]);
    }
    assert.deepEqual(await merchant(run), before);
  }));

Deno.test("settings: a second press, a stale form, no token, another role, another merchant", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const first = { ...await opened(admin), display_name: "First" };
    const second = { ...await opened(admin), display_name: "Second" };
    assert.equal((await send(admin, { ...first, csrf: "" })).response.status, 403);
    assert.equal((await send(admin, first)).response.status, 303);
    const again = await send(admin, first);
    assert.match(
      wordsOf((await admin.go(again.response.headers.get("location") ?? "")).html),
      /Done once\. The second press changed nothing\./,
    );
    const stale = await send(admin, second);
    assert.equal(stale.response.status, 409);
    assert.match(wordsOf(stale.html), /This changed while you looked\. Nothing was done\./);
    assert.match(stale.html, /value="First"/, "what is stored now");
    assert.equal((await merchant(run)).display_name, "First");
    const same = await send(admin, await opened(admin));
    assert.match(
      wordsOf((await admin.go(same.response.headers.get("location") ?? "")).html),
      /Nothing was changed/,
    );
    assert.equal((await admin.go(consoleUrl("settings", OTHER_MERCHANT))).response.status, 404);
    const finance = await signIn(run, "finance@demo.test");
    assert.equal((await finance.go(SETTINGS)).response.status, 403);
    const fields = { ...second, csrf: await finance.csrf(consoleUrl("home")) };
    assert.equal((await send(finance, fields)).response.status, 403);
  }));
