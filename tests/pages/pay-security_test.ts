import assert from "node:assert/strict";
import { getCheckout } from "../support/checkouts.ts";
import { inProcess } from "../support/in-process.ts";
import { Shopper, shopping } from "./shopper.ts";

Deno.test("a wrong, missing or foreign token is 404 on every address, and looks at no store", () => {
  let reads = 0;
  return inProcess(async (run) => {
    const visit = await shopping(run);
    const other = await shopping(run);
    const wrong = [
      "",
      "x",
      other.token,
      visit.token.slice(0, -1),
      `${visit.token}0`,
      visit.token.toUpperCase(),
      visit.token.replace(/.$/, (last) => last === "0" ? "1" : "0"),
      run.services.capabilities.mint("stk", visit.checkout.id.replace("chk", "att")),
    ];
    const { shopper, path } = visit;
    reads = 0;
    for (const token of wrong) {
      for (const address of [path, `${path}/events`, `${path}/return`]) {
        const { response } = await shopper.go(`${address}?token=${encodeURIComponent(token)}`);
        assert.equal(response.status, 404, `${address} ${token}`);
      }
      const { response, html } = await shopper.post(`${path}/prompt`, { token, phone: "0712345678" });
      assert.equal(response.status, 404);
      assert.match(html, /There is no payment here/);
    }
    assert.equal(reads, 0);
    assert.equal((await shopper.go(`/pay/chk_x?token=${visit.token}`)).response.status, 404);
    assert.equal((await getCheckout(run, visit.checkout.id)).attempts.length, 0);
  }, {
    wrapDatabase: (db) => ({
      read: (statements) => (reads++, db.read(statements)),
      write: (statements) => db.write(statements),
      close: () => db.close(),
    }),
  });
});

Deno.test("pages carry a strict policy, tell no other site their address, and stay in no cache", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    for (const page of [await visit.look(), await visit.shopper.go("/pay/x"), await visit.prompt("1")]) {
      const { headers } = page.response;
      assert.equal(
        headers.get("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("x-frame-options"), "DENY");
      assert.equal(headers.get("cache-control"), "no-store");
      assert.doesNotMatch(page.html, / style="| on\w+="|<script(?![^>]* src=")|<style|https?:\/\/(?!www\.w3\.org)/);
    }
  }));

Deno.test("our files may be kept for ever, since their names follow their content; others are 404", () =>
  inProcess(async (run) => {
    const { html } = await (await shopping(run)).look();
    const files = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? "");
    assert.equal(new Set(files).size, 3);
    const shopper = new Shopper((request) => run.app.fetch(request));
    for (const path of files) {
      const { response } = await shopper.go(path);
      assert.equal(response.status, 200);
      assert.match(path, /\.[0-9a-f]{16}\.(css|js|svg)$/);
      assert.match(response.headers.get("cache-control") ?? "", /immutable/);
    }
    for (const path of ["/assets/pay.css", "/assets/..%2fx", "/assets/pay.0000000000000000.js"]) {
      assert.equal((await shopper.go(path)).response.status, 404);
    }
  }));

Deno.test("no log line and no redirect target but the page's own holds the token or the number", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { return_url: "https://shop.example/thanks" });
    const { location } = await visit.prompt("0712345678");
    assert.equal(location, `${visit.path}?token=${visit.token}`);
    await run.pass();
    const back = await visit.shopper.go(`${visit.path}/return?token=${visit.token}`);
    assert.doesNotMatch(back.response.headers.get("location") ?? "", new RegExp(visit.token));
    const lines = run.lines.map((line) => JSON.stringify(line)).join("\n");
    assert.match(lines, /"route":"\/pay\/:id"/);
    for (const secret of [visit.token, visit.token.slice(-64), "712345678"]) assert.ok(!lines.includes(secret));
  }));

Deno.test("the page shows a phone masked that someone else gave", () =>
  inProcess(async (run) => {
    const visit = await shopping(run, { phone_number: "0700001032" });
    await run.pass();
    const { html } = await visit.look();
    assert.doesNotMatch(html, /0700001032|254700001032/);
  }));

Deno.test("a cookie that is not ours, or was moved, is no number", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    for (const value of ["x", "%00", "AAAA", "A".repeat(5_000)]) {
      visit.shopper.cookies.set("malipo_phone", value);
      const { response, html } = await visit.look();
      assert.equal(response.status, 200);
      assert.match(html, /id="phone"[^>]* value=""/);
    }
  }));

Deno.test("a form beyond 8 KiB is refused", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    assert.equal((await visit.prompt("1".repeat(9_000))).response.status, 413);
  }));

Deno.test("the addresses take no other methods", () =>
  inProcess(async (run) => {
    const visit = await shopping(run);
    const { response } = await visit.shopper.go(`${visit.path}/prompt?token=${visit.token}`);
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("allow"), "POST");
  }));
