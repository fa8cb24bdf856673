import assert from "node:assert/strict";
import { Hono } from "hono";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { contextOf } from "../../src/console/session/context-of.ts";
import { csrfTokenOf, readForm } from "../../src/console/session/csrf.ts";
import { PageRefused } from "../../src/console/session/page-refused.ts";
import { requireRole, requireViewer } from "../../src/console/session/require-viewer.ts";
import { IDLE_MS, LONGEST_MS } from "../../src/domain/people/sessions.ts";
import type { Env } from "../../src/http/env.ts";
import { toProblem } from "../../src/http/respond.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";
import { linkOf, personId, signIn, Visitor } from "../support/console.ts";

/** A page that says who looks at it, a page for admins, and a form. */
function pagesOn(run: InProcess): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.set("fields", {});
    c.set("headers", {});
    c.set("requestId", "req_test");
    c.set("address", "127.0.0.1");
    await next();
  });
  app.use("/console/m/:merchant/*", requireViewer(run.services));
  app.get("/console/m/:merchant/who", (c) => {
    const { actor, merchantId, reach, scopes } = contextOf(c, run.services);
    return c.json({ actor, merchantId, reach: reach.kind, canPay: scopes.has("payouts:write") });
  });
  app.get("/console/m/:merchant/admins", requireRole("admin"), (c) => c.text("yes"));
  app.post("/console/m/:merchant/act", readForm(run.services), (c) => c.text(String(c.get("form").get("what"))));
  app.onError((error, c) =>
    error instanceof PageRefused ? c.text(error.reason, 403) : c.text(toProblem(error).code, 404)
  );
  return app;
}

/** The same browser on those pages. */
function on(run: InProcess, visitor: Visitor): Visitor {
  const app = pagesOn(run);
  const there = new Visitor({ ...run, app } as InProcess); // the visitor uses the app only
  for (const [name, value] of visitor.cookies) there.cookies.set(name, value);
  return there;
}

const sessionOf = async (run: InProcess): Promise<string> =>
  String((await run.sql("SELECT id FROM sessions ORDER BY id DESC LIMIT 1"))[0]?.[0]);

Deno.test("a one-time link signs in by its button, once, and nobody by merely opening it", () =>
  inProcess(async (run) => {
    const link = await linkOf(run, personId("finance@demo.test"));
    const visitor = new Visitor(run);
    for (let opened = 0; opened < 3; opened++) {
      const { response, html } = await visitor.go(link);
      assert.equal(response.status, 200);
      assert.match(html, /Sign in as finance@demo.test/);
      assert.equal(visitor.cookies.size, 0);
    }
    const signedIn = await visitor.submit(link, {});
    assert.deepEqual([signedIn.status, signedIn.headers.get("location")], [303, `/console/m/${DEMO_MERCHANT}/home`]);
    assert.match(
      signedIn.headers.getSetCookie()[0] ?? "",
      /^malipo_session=mls_[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const again = new Visitor(run);
    assert.equal((await again.submit(link, {})).status, 404, "it was used");
    assert.equal((await again.go(link)).response.status, 404);
    assert.equal(again.cookies.size, 0);
  }));

Deno.test("two who press the button of one link at once: one is signed in", () =>
  inProcess(async (run) => {
    await signIn(run, "finance@demo.test"); // joining would be refused a second time by itself
    const link = await linkOf(run, personId("finance@demo.test"));
    const answers = await Promise.all([1, 2, 3].map(async () => (await new Visitor(run).submit(link, {})).status));
    assert.deepEqual(answers.sort(), [303, 404, 404]);
  }));

Deno.test("over https the cookie is one that no other host and no page over http can set", () =>
  inProcess(async (run) => {
    const link = await linkOf(run, personId("finance@demo.test"));
    const response = await new Visitor(run).submit(link, {});
    assert.match(
      response.headers.getSetCookie()[0] ?? "",
      /^__Host-malipo_session=mls_[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  }, { env: { PUBLIC_URL: "https://pay.example.co.ke" } }));

Deno.test("a link ends with its time, and so does one that another page makes the visitor send", () =>
  inProcess(async (run) => {
    const late = await linkOf(run, personId("finance@demo.test"), 60_000);
    run.time.skip(60_000);
    assert.equal((await new Visitor(run).submit(late, {})).status, 404);
    const link = await linkOf(run, personId("admin@demo.test"));
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { origin: "https://evil.example" }]) {
      assert.equal((await new Visitor(run).submit(link, {}, headers)).status, 403);
    }
    assert.equal((await new Visitor(run).submit(link, {}, { origin: publicUrl })).status, 303);
  }));

Deno.test("without a session every page leads to the sign-in page, and back", () =>
  inProcess(async (run) => {
    const path = `/console/m/${DEMO_MERCHANT}/who?a=1`;
    const { response } = await on(run, new Visitor(run)).go(path);
    assert.equal(response.status, 303);
    assert.equal(response.headers.get("location"), `/console/sign-in?next=${encodeURIComponent(path)}`);
    const forged = on(run, new Visitor(run));
    forged.cookies.set("malipo_session", "mls_forged");
    assert.equal((await forged.go(path)).response.status, 303);
  }));

Deno.test("the person acts, with the scopes of their role, on their own merchant only", () =>
  inProcess(async (run) => {
    const finance = on(run, await signIn(run, "finance@demo.test"));
    const who = JSON.parse((await finance.go(`/console/m/${DEMO_MERCHANT}/who`)).html);
    assert.deepEqual(who, {
      actor: personId("finance@demo.test"),
      merchantId: DEMO_MERCHANT,
      reach: "own",
      canPay: true,
    });
    for (const merchant of [OTHER_MERCHANT, "mer_nobody"]) {
      assert.equal((await finance.go(`/console/m/${merchant}/who`)).response.status, 404);
    }
    assert.deepEqual(await statusAndText(finance, "admins"), [403, "role"]);
    assert.deepEqual(await statusAndText(on(run, await signIn(run, "admin@demo.test")), "admins"), [200, "yes"]);
    const platform = on(run, await signIn(run, "platform@malipo.test"));
    const other = JSON.parse((await platform.go(`/console/m/${OTHER_MERCHANT}/who`)).html);
    assert.deepEqual([other.merchantId, other.reach, other.canPay], [OTHER_MERCHANT, "own", false]);
    assert.equal((await platform.go("/console/m/mer_nobody/who")).response.status, 404);
  }));

async function statusAndText(visitor: Visitor, page: string): Promise<[number, string]> {
  const { response, html } = await visitor.go(`/console/m/${DEMO_MERCHANT}/${page}`);
  return [response.status, html];
}

Deno.test("a form counts only with the token of its session, from a page of ours", () =>
  inProcess(async (run) => {
    const finance = on(run, await signIn(run, "finance@demo.test"));
    const csrf = csrfTokenOf(run.services, await sessionOf(run));
    await signIn(run, "finance@demo.test");
    const ofAnother = csrfTokenOf(run.services, await sessionOf(run));
    const act = (fields: Record<string, string>, headers = {}) =>
      finance.submit(`/console/m/${DEMO_MERCHANT}/act`, { what: "done", ...fields }, headers);
    assert.equal((await act({ csrf })).status, 200);
    for (const fields of [{}, { csrf: "" }, { csrf: "0".repeat(64) }, { csrf: ofAnother }]) {
      assert.equal((await act(fields)).status, 403, JSON.stringify(fields));
    }
    for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "null" }]) {
      assert.equal((await act({ csrf }, headers)).status, 403, JSON.stringify(headers));
    }
    assert.equal((await act({}, { "x-csrf-token": csrf, "sec-fetch-site": "same-origin" })).status, 200);
  }));

Deno.test("a form with a file carries the token too", () =>
  inProcess(async (run) => {
    const finance = on(run, await signIn(run, "finance@demo.test"));
    const upload = async (csrf: string) => {
      const body = new FormData();
      body.set("csrf", csrf);
      body.set("what", "file");
      body.set("file", new File(["a,b"], "a.csv"));
      const request = new Request(publicUrl, { method: "POST", body });
      const bytes = await request.arrayBuffer();
      const headers = { "content-type": request.headers.get("content-type") ?? "" };
      return (await finance.go(`/console/m/${DEMO_MERCHANT}/act`, { method: "POST", headers, body: bytes })).response;
    };
    assert.equal((await upload(csrfTokenOf(run.services, await sessionOf(run)))).status, 200);
    assert.equal((await upload("")).status, 403);
  }));

Deno.test("a session ends by itself when nobody uses it, and after a working day however it is used", () =>
  inProcess(async (run) => {
    const opens = async (visitor: Visitor) =>
      (await visitor.go(`/console/m/${DEMO_MERCHANT}/who`)).response.status === 200;
    const idle = on(run, await signIn(run, "finance@demo.test"));
    run.time.skip(IDLE_MS - 60_000);
    assert.equal(await opens(idle), true);
    run.time.skip(IDLE_MS - 60_000);
    assert.equal(await opens(idle), true, "using it counts");
    run.time.skip(IDLE_MS);
    assert.equal(await opens(idle), false);
    const busy = on(run, await signIn(run, "finance@demo.test"));
    for (let used = 0; used < LONGEST_MS - IDLE_MS / 2; used += IDLE_MS / 2) {
      assert.equal(await opens(busy), true);
      run.time.skip(IDLE_MS / 2);
    }
    assert.equal(await opens(busy), true);
    run.time.skip(IDLE_MS / 2);
    assert.equal(await opens(busy), false, "it was used a quarter of an hour ago, and the working day is over");
  }));

Deno.test("signing out ends the session, and signing in again ends the one before", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "finance@demo.test");
    const before = on(run, visitor);
    assert.equal((await visitor.submit(await linkOf(run, personId("admin@demo.test")), {})).status, 303);
    assert.equal((await before.go(`/console/m/${DEMO_MERCHANT}/who`)).response.status, 303, "it can't be used again");
    const now = on(run, visitor);
    assert.equal((await now.go(`/console/m/${DEMO_MERCHANT}/who`)).response.status, 200);
    assert.equal((await visitor.submit("/console/sign-out", {})).status, 403, "not without the token");
    const csrf = csrfTokenOf(run.services, await sessionOf(run));
    assert.equal((await visitor.submit("/console/sign-out", { csrf })).status, 303);
    assert.equal((await now.go(`/console/m/${DEMO_MERCHANT}/who`)).response.status, 303);
  }));

Deno.test("a person who is removed, or a disabled merchant, opens nothing more", () =>
  inProcess(async (run) => {
    const finance = on(run, await signIn(run, "finance@demo.test"));
    await run.db.write([{
      sql: "UPDATE merchants SET status = 'disabled', disabled_at = 1 WHERE id = ?",
      args: [DEMO_MERCHANT],
    }]);
    assert.deepEqual(await statusAndText(finance, "who"), [404, "merchant_disabled"]);
    await run.db.write([{
      sql: "UPDATE merchants SET status = 'active', disabled_at = NULL WHERE id = ?",
      args: [DEMO_MERCHANT],
    }]);
    assert.equal((await statusAndText(finance, "who"))[0], 200);
    const link = await linkOf(run, personId("finance@demo.test"));
    await run.db.write([{
      sql: "UPDATE people SET status = 'removed', removed_at = 1 WHERE id = ?",
      args: [personId("finance@demo.test")],
    }]);
    assert.equal((await statusAndText(finance, "who"))[0], 303);
    assert.equal((await new Visitor(run).submit(link, {})).status, 404);
  }));

Deno.test("names and e-mails of people are stored sealed, and of links and sessions only hashes", () =>
  inProcess(async (run) => {
    const link = await linkOf(run, personId("finance@demo.test"));
    const visitor = new Visitor(run);
    await visitor.submit(link, {});
    const tables = ["people", "sign_in_links", "sessions", "audit"];
    const all = await Promise.all(tables.map((table) => run.sql(`SELECT * FROM ${table}`)));
    const text = JSON.stringify(
      all,
      (_, value) => value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
    );
    const secrets = ["demo.test", "Wanjiru", link.split("/").at(-1) ?? "", visitor.cookies.get("malipo_session") ?? ""];
    for (const secret of secrets) assert.ok(secret !== "" && !text.includes(secret), secret.slice(0, 8));
    const [entry] = await run.sql("SELECT actor, merchant_id FROM audit WHERE action = 'session.started'");
    assert.deepEqual(entry, [personId("finance@demo.test"), DEMO_MERCHANT]);
  }));

Deno.test("the pages before signing in offer the languages, remember the choice, and keep where the visitor was going", () =>
  inProcess(async (run) => {
    const next = `/console/m/${DEMO_MERCHANT}/payments`;
    const visitor = new Visitor(run);
    const english = (await visitor.go(`/console/sign-in?${new URLSearchParams({ next })}`)).html;
    assert.match(english, /<html lang="en">/);
    const href = /<a href="([^"]+)" lang="sw"/.exec(english)?.[1]?.replaceAll("&amp;", "&") ?? "";
    assert.equal(new URLSearchParams(href).get("next"), next);
    const swahili = (await visitor.go(`/console/sign-in${href}`)).html;
    assert.match(swahili, /<html lang="sw">[^]*<a [^>]*lang="sw"[^>]*aria-current="true"/);
    assert.match((await visitor.go("/console/sign-in")).html, /<html lang="sw">/);
    const used = await visitor.go("/console/sign-in/mls_none");
    assert.match(used.html, /<a href="\?lang=en" lang="en"/);
  }));
