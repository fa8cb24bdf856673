import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { pathAfter } from "../../src/console/session/enter.ts";
import { Authenticator } from "../support/authenticator.ts";
import { linkOf, personId, signIn, Visitor } from "../support/console.ts";
import { addPasskeyTo, passkeyForm } from "../support/people.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";

const HOME = `/console/m/${DEMO_MERCHANT}/home`;

/** Signs in by passkey; `change` alters what is sent. */
async function enter(
  run: InProcess,
  device: Authenticator,
  path = "/console/sign-in",
): Promise<{ visitor: Visitor; response: Response; sent: string }> {
  const visitor = new Visitor(run);
  const { html } = await visitor.go(path);
  const { action, options } = passkeyForm(html);
  const sent = await device.sign(options);
  return { visitor, sent, response: await visitor.submit(action, { passkey: sent }) };
}

Deno.test("a person adds a passkey, and signs in with it, without typing who they are", () =>
  inProcess(async (run) => {
    const device = await addPasskeyTo(await signIn(run, "finance@demo.test"));
    const { visitor, response } = await enter(run, device);
    assert.deepEqual([response.status, response.headers.get("location")], [303, HOME]);
    const me = await visitor.go("/console/me");
    assert.match(me.html, /finance@demo\.test/);
    assert.match(me.html, /my phone/);
    const back = await enter(
      run,
      device,
      `/console/sign-in?next=${encodeURIComponent(`/console/m/${DEMO_MERCHANT}/x?a=1`)}`,
    );
    assert.equal(back.response.headers.get("location"), `/console/m/${DEMO_MERCHANT}/x?a=1`);
    const actions = (await run.sql("SELECT action, actor FROM audit WHERE action LIKE 'passkey.%'")).map(String);
    assert.deepEqual(actions, [`passkey.added,${personId("finance@demo.test")}`]);
  }));

Deno.test("what a passkey signed counts once, for five minutes, on our pages, with the person verified", () =>
  inProcess(async (run) => {
    const device = await addPasskeyTo(await signIn(run, "finance@demo.test"));
    const first = await enter(run, device);
    assert.equal(first.response.status, 303);
    const again = await new Visitor(run).submit("/console/sign-in", { passkey: first.sent });
    assert.equal(again.status, 422, "a replay");
    assert.equal(again.headers.getSetCookie().length, 0);

    const { options } = passkeyForm((await new Visitor(run).go("/console/sign-in")).html);
    const refused = async (what: string, passkey: string) =>
      assert.equal((await new Visitor(run).submit("/console/sign-in", { passkey })).status, 422, what);
    await refused("a challenge of nobody", await device.sign({ ...options, challenge: "AAAA" }));
    await refused("not verified", await device.sign(options, 0x01));
    await refused("another host's passkey", await device.sign({ ...options, rpId: "evil.example" }));
    device.origin = "https://evil.example";
    await refused("another page", await device.sign(options));
    device.origin = publicUrl;
    await refused("an unknown passkey", await (await Authenticator.create(publicUrl)).sign(options));
    for (const junk of ["", "{}", "null", '{"id":"x"}', "[".repeat(5_000)]) await refused("junk", junk);
    const parts = { clientDataJSON: "A", authenticatorData: "AAAA", signature: "AAAA" };
    await refused("letters that no bytes give", JSON.stringify({ id: "AAAA", response: parts }));
    const late = await device.sign(options);
    run.time.skip(5 * 60_000);
    await refused("too late", late);
  }));

Deno.test("a replay is refused also where the device does not count its signatures, and when two come at once", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "finance@demo.test");
    const device = await addPasskeyTo(visitor);
    device.isCounting = false;
    const { sent, response } = await enter(run, device);
    assert.equal(response.status, 303);
    assert.equal((await new Visitor(run).submit("/console/sign-in", { passkey: sent })).status, 422);
    const { options } = passkeyForm((await new Visitor(run).go("/console/sign-in")).html);
    const passkey = await device.sign(options);
    const both = await Promise.all([1, 2].map(() => new Visitor(run).submit("/console/sign-in", { passkey })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [303, 422]);
  }));

Deno.test("an unknown passkey, a removed person and a wrong signature get one and the same answer", () =>
  inProcess(async (run) => {
    const device = await addPasskeyTo(await signIn(run, "finance@demo.test"));
    const texts = new Set<string>();
    const seen = async (by: Authenticator) => {
      const visitor = new Visitor(run);
      const { options } = passkeyForm((await visitor.go("/console/sign-in")).html);
      const { response, html } = await visitor.go("/console/sign-in", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new TextEncoder().encode(String(new URLSearchParams({ passkey: await by.sign(options) }))),
      });
      assert.equal(response.status, 422);
      texts.add(html.replaceAll(/data-options="[^"]+"/g, ""));
    };
    await seen(await Authenticator.create(publicUrl));
    await run.db.write([{
      sql: "UPDATE people SET status = 'removed', removed_at = 1 WHERE id = ?",
      args: [personId("finance@demo.test")],
    }]);
    await seen(device);
    device.origin = "https://evil.example";
    await seen(device);
    assert.equal(texts.size, 1);
  }));

Deno.test("failed sign-ins are counted by address", () =>
  inProcess(async (run) => {
    const device = await Authenticator.create(publicUrl);
    const statuses = new Set<number>();
    for (let tries = 0; tries < 40 && !statuses.has(429); tries++) {
      statuses.add((await enter(run, device)).response.status);
    }
    assert.deepEqual([...statuses], [422, 429]);
  }, { changeConfig: (config) => withFailures(config, 20) }));

const withFailures = (config: InProcess["config"], failedAuthenticationsPerMinute: number): InProcess["config"] => ({
  ...config,
  limits: { ...config.limits, requests: { ...config.limits.requests, failedAuthenticationsPerMinute } },
});

Deno.test("a passkey is added soon after signing in, by the browser that asked, and once", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "finance@demo.test");
    const device = await Authenticator.create(publicUrl);
    const { action, options, csrf } = passkeyForm((await visitor.go("/console/me")).html);
    const made = await device.make(options);
    const other = await signIn(run, "admin@demo.test");
    const ofOther = passkeyForm((await other.go("/console/me")).html);
    assert.equal(
      (await other.submit(action, { csrf: ofOther.csrf, passkey: made })).status,
      422,
      "another's challenge",
    );
    assert.equal((await visitor.submit(action, { csrf: "", passkey: made })).status, 403);
    assert.equal((await visitor.submit(action, { csrf, passkey: made })).status, 303);
    assert.equal((await visitor.submit(action, { csrf, passkey: made })).status, 422, "a replay");
    assert.equal(await run.count("passkeys"), 1);
    run.time.skip(20 * 60_000);
    await visitor.go("/console/me");
    run.time.skip(11 * 60_000);
    const { html } = await visitor.go("/console/me");
    assert.match(html, /sign in again/);
    const late = await (await Authenticator.create(publicUrl)).make(options);
    assert.equal((await visitor.submit(action, { csrf, passkey: late })).status, 422);
  }));

Deno.test("a removed passkey signs nothing, and nobody removes another's", () =>
  inProcess(async (run) => {
    const visitor = await signIn(run, "finance@demo.test");
    const device = await addPasskeyTo(visitor);
    const [[id]] = await run.sql("SELECT id FROM passkeys") as [[string]];
    const other = await signIn(run, "admin@demo.test");
    const path = `/console/me/passkeys/${id}/remove`;
    const { csrf: ofOther } = passkeyForm((await other.go("/console/me")).html);
    assert.equal((await other.submit(path, { csrf: ofOther })).status, 404);
    const { csrf } = passkeyForm((await visitor.go("/console/me")).html);
    assert.equal((await visitor.submit(path, { csrf })).status, 303);
    assert.equal((await enter(run, device)).response.status, 422);
  }));

Deno.test("whoever can only write to the database adds no passkey and gives none to another person", () =>
  inProcess(async (run) => {
    const device = await addPasskeyTo(await signIn(run, "finance@demo.test"));
    await run.db.write([{ sql: "UPDATE passkeys SET person_id = ?", args: [personId("admin@demo.test")] }]);
    assert.equal((await enter(run, device)).response.status, 422);
  }));

Deno.test("one sees where one is signed in, and ends a session there", () =>
  inProcess(async (run) => {
    const here = await signIn(run, "finance@demo.test");
    const there = new Visitor(run, { "user-agent": "A stolen phone" });
    await there.submit(await linkOf(run, personId("finance@demo.test")), {});
    const { html } = await here.go("/console/me");
    assert.match(html, /A stolen phone/);
    const [, id = ""] = /sessions\/(ses_\w+)\/end/.exec(html) ?? [];
    const { csrf } = passkeyForm(html);
    assert.equal((await here.submit(`/console/me/sessions/${id}/end`, { csrf })).status, 303);
    assert.equal((await there.go("/console/me")).response.status, 303);
    assert.equal((await here.go("/console/me")).response.status, 200);
  }));

Deno.test("after signing in one comes back to a page of the console and to nothing else", () => {
  assert.equal(pathAfter("/console/m/x/home?a=1"), "/console/m/x/home?a=1");
  const refused = [
    undefined,
    "",
    "//evil.example/console/",
    "https://evil.example/console/",
    "/\\evil.example/console/",
    "/pay/x",
    "/console/../pay",
    "/console/sign-in",
    "javascript:alert(1)",
  ];
  for (const next of refused) assert.equal(pathAfter(next), null, next);
});

Deno.test("in development a browser is led from 127.0.0.1 to localhost, where it makes passkeys; programs are not", () =>
  inProcess(async (run) => {
    const { response } = await new Visitor(run, { "sec-fetch-mode": "navigate" }).go("/console/sign-in?a=1");
    assert.deepEqual(
      [response.status, response.headers.get("location")],
      [307, publicUrl.replace("127.0.0.1", "localhost") + "/console/sign-in?a=1"],
    );
    assert.equal((await new Visitor(run).go("/console/sign-in")).response.status, 200);
  }));
