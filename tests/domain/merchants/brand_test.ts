import assert from "node:assert/strict";
import type { MerchantView } from "../../../src/domain/merchants/settings-contract.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { png } from "../../support/png.ts";

const change = <T = MerchantView>(run: InProcess, body: unknown) =>
  run.call<T>("PATCH", "/v1/merchant", body, { client: "cli_operator" });
const read = async (run: InProcess) => (await run.call<MerchantView>("GET", "/v1/merchant")).body;
const page = async (run: InProcess, url: string) => await run.app.request(url);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" onload="x()"/></svg>';
const support = { phone: "0800 720 720", whatsapp: "0712345678", email: "help@duka.example" };

Deno.test("a brand is read back, each field can be changed alone, and null removes", () =>
  inProcess(async (run) => {
    const { display_name, logo, colour, language, kra_pin } = await read(run);
    assert.deepEqual([display_name, logo, colour, language, kra_pin], ["Demo Shop", null, null, null, null]);
    const set = await change(run, {
      display_name: "Duka la Mama",
      colour: "#0B5394",
      support,
      language: "sw",
      kra_pin: "p051234567x",
    });
    assert.equal(set.status, 200, JSON.stringify(set.body));
    const { body } = set;
    assert.deepEqual([body.display_name, body.colour, body.language, body.kra_pin, body.version], [
      "Duka la Mama",
      "#0b5394",
      "sw",
      "P051234567X",
      2,
    ]);
    assert.deepEqual(body.support, { ...support, whatsapp: "+254712345678" });
    assert.deepEqual(body.duplicates, { payouts: "refuse", checkouts: "warn" }, "the rules stay");
    const less = await change(run, { support: { email: null }, colour: null });
    assert.deepEqual([less.body.support, less.body.colour, less.body.display_name], [
      { phone: support.phone, whatsapp: "+254712345678", email: null },
      null,
      "Duka la Mama",
    ]);
    assert.deepEqual(await read(run), less.body);
    const other = await run.call<MerchantView>("GET", "/v1/merchant", undefined, { client: "cli_other" });
    assert.deepEqual([other.body.display_name, other.body.kra_pin], ["other", null]);
  }));

Deno.test("a logo is cleaned, stored, and served from our origin under its hash with a policy of its own", () =>
  inProcess(async (run) => {
    const first = (await change(run, { logo: SVG })).body;
    assert.match(first.logo ?? "", /^http:\/\/127\.0\.0\.1:8000\/logos\/[0-9a-f]{32}\.svg$/);
    const served = await page(run, first.logo ?? "");
    assert.deepEqual(
      [served.status, served.headers.get("content-type"), served.headers.get("x-content-type-options")],
      [
        200,
        "image/svg+xml",
        "nosniff",
      ],
    );
    assert.match(served.headers.get("content-security-policy") ?? "", /^default-src 'none'; sandbox/);
    assert.match(served.headers.get("cache-control") ?? "", /immutable/);
    assert.doesNotMatch(await served.text(), /onload/);
    const kept = await change(run, { logo: first.logo, colour: "#112233" });
    assert.equal(kept.body.logo, first.logo, "its own address keeps it");
    const picture = png(4, 4);
    for (const logo of [picture.toBase64(), `data:image/png;base64,${picture.toBase64()}`]) {
      const { body } = await change(run, { logo });
      assert.match(body.logo ?? "", /\.png$/);
      const answer = await page(run, body.logo ?? "");
      assert.deepEqual([answer.headers.get("content-type"), await answer.bytes()], ["image/png", picture]);
    }
    assert.equal((await page(run, first.logo ?? "")).status, 404, "a logo that was replaced is gone");
    assert.equal((await change(run, { logo: null })).body.logo, null);
    assert.equal(await run.count("merchant_logos"), 0);
    const audit = JSON.stringify(
      await run.sql("SELECT data, before, after FROM audit WHERE action = 'merchant.updated'"),
    );
    assert.doesNotMatch(audit, /<svg|iVBOR/, "the audit trail names the hash, not the picture");
    assert.match(audit, /"kind\\*":\\*"png/);
  }));

Deno.test("pages show the name, the logo and the colour of their own merchant", () =>
  inProcess(async (run) => {
    const { hosted_url } = await createCheckout(run);
    const before = await (await page(run, hosted_url)).text();
    assert.doesNotMatch(before, /\/logos\/|\/themes\//);
    const { body } = await change(run, { display_name: 'Duka & "Mama"', logo: SVG, colour: "#ffee00", language: "sw" });
    const html = await (await page(run, hosted_url)).text();
    assert.match(html, /<html lang="sw">/, "the merchant's language where the browser asks for none");
    assert.match(html, /Duka &amp; &quot;Mama&quot;/);
    assert.ok(html.includes(`src="${new URL(body.logo ?? "").pathname}"`));
    assert.ok(html.includes('href="/themes/ffee00.css"'));
    const css = await page(run, "http://127.0.0.1:8000/themes/ffee00.css");
    assert.deepEqual([css.status, css.headers.get("content-type")], [200, "text/css; charset=utf-8"]);
    const others = await createCheckout(run, {}, { client: "cli_other" });
    assert.doesNotMatch(await (await page(run, others.hosted_url)).text(), /Mama|\/logos\/|\/themes\//);
  }));

Deno.test("what can't be shown is refused, names its field, and changes nothing", () =>
  inProcess(async (run) => {
    const cases: readonly (readonly [unknown, string])[] = [
      [{ display_name: "" }, "/display_name"],
      [{ display_name: "x".repeat(61) }, "/display_name"],
      [{ display_name: "Duka\u202e" }, "/display_name"],
      [{ display_name: "<b>" }, "/display_name"],
      [{ colour: "red" }, "/colour"],
      [{ colour: "#fff;}" }, "/colour"],
      [{ logo: "https://evil.example/logo.svg" }, "/logo"],
      [{ logo: "data:image/svg+xml;base64,!!!" }, "/logo"],
      [{ logo: "<svg>" }, "/logo"],
      [{ logo: btoa("GIF89a") }, "/logo"],
      [{ logo: png(600, 4).toBase64() }, "/logo"],
      [{ logo: "x".repeat(48_001) }, "/logo"],
      [{ support: { phone: "call me" } }, "/support/phone"],
      [{ support: { whatsapp: "12345" } }, "/support/whatsapp"],
      [{ support: { email: "nobody" } }, "/support/email"],
      [{ support: { fax: "1" } }, "/support/fax"],
      [{ language: "fr" }, "/language"],
      [{ kra_pin: "12345" }, "/kra_pin"],
    ];
    for (const [body, pointer] of cases) {
      const { status, body: problem } = await change<ProblemBody>(run, body);
      assert.deepEqual([status, problem.errors?.[0]?.pointer], [422, pointer], JSON.stringify(body).slice(0, 60));
    }
    assert.equal((await read(run)).version, 1);
    for (const path of ["/logos/0.svg", `/logos/${"0".repeat(32)}.svg`, "/themes/zzzzzz.css", "/themes/ffee00.js"]) {
      assert.equal((await page(run, `http://127.0.0.1:8000${path}`)).status, 404, path);
    }
  }));
