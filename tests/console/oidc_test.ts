import assert from "node:assert/strict";
import type { JWTPayload } from "jose";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { insertPerson, newPerson } from "../../src/domain/people/store.ts";
import { formOf, personId, signIn, Visitor } from "../support/console.ts";
import { type InProcess, inProcess } from "../support/in-process.ts";
import { Issuer } from "../support/issuer.ts";
import { addPasskeyTo } from "../support/people.ts";

const FINANCE: JWTPayload = { email: "Finance@demo.test", email_verified: true };
const START = "/console/sign-in/oidc";

/** Runs a test on a service that knows the issuer. */
async function withIssuer(test: (run: InProcess, issuer: Issuer) => Promise<void>): Promise<void> {
  let issuer: Issuer | null = null;
  await inProcess(async (run) => {
    issuer = new Issuer(() => run.time.now());
    await test(run, issuer);
  }, { env: { CONSOLE_OIDC: Issuer.setting }, daraja: (request) => issuer?.answer(request) ?? null });
}

/** Goes to the issuer and comes back. */
async function comeBack(visitor: Visitor, issuer: Issuer, claims: JWTPayload, start = START) {
  const { response } = await visitor.go(start);
  assert.equal(response.status, 303);
  const back = issuer.consent(response.headers.get("location") ?? "", claims);
  return { back, ...await visitor.go(back) };
}

Deno.test("a person whom the issuer knows by a verified address signs in, and who was invited joins", () =>
  withIssuer(async (run, issuer) => {
    const visitor = new Visitor(run);
    assert.match((await visitor.go("/console/sign-in")).html, /Sign in with Example/);
    const { response } = await comeBack(visitor, issuer, FINANCE);
    assert.deepEqual([response.status, response.headers.get("location")], [303, `/console/m/${DEMO_MERCHANT}/home`]);
    assert.match((await visitor.go("/console/me")).html, /finance@demo\.test/);
    const next = `${START}?next=${encodeURIComponent("/console/me")}`;
    assert.equal((await comeBack(visitor, issuer, FINANCE, next)).response.headers.get("location"), "/console/me");
    const [row] = await run.sql("SELECT method FROM sessions LIMIT 1");
    assert.deepEqual(row, ["oidc"]);
  }));

Deno.test("an address that is not verified, unknown, of the platform or of a removed person gets one answer", () =>
  withIssuer(async (run, issuer) => {
    await run.db.write([{
      sql: "UPDATE people SET status = 'removed', removed_at = 1 WHERE id = ?",
      args: [personId("approver@demo.test")],
    }]);
    const answers = new Set<string>();
    const claims: JWTPayload[] = [
      { email: "finance@demo.test" },
      { email: "finance@demo.test", email_verified: false },
      { email: "finance@demo.test", email_verified: "true" },
      { email: "nobody@demo.test", email_verified: true },
      { email: "platform@malipo.test", email_verified: true },
      { email: "approver@demo.test", email_verified: true },
      { email_verified: true },
    ];
    for (const each of claims) {
      const visitor = new Visitor(run);
      const { response, html } = await comeBack(visitor, issuer, each);
      assert.equal(response.status, 422, JSON.stringify(each));
      assert.equal(visitor.cookies.has("malipo_session"), false);
      answers.add(html);
    }
    assert.equal(answers.size, 1);
  }));

Deno.test("what comes back counts once, in the browser that asked, with the issuer's signature and nonce", () =>
  withIssuer(async (run, issuer) => {
    const visitor = new Visitor(run);
    const { back } = await comeBack(visitor, issuer, FINANCE);
    assert.equal((await visitor.go(back)).response.status, 422, "again");
    const { response } = await new Visitor(run).go(START);
    const stolen = issuer.consent(response.headers.get("location") ?? "", FINANCE);
    assert.equal((await new Visitor(run).go(stolen)).response.status, 422, "without the browser's own half");
    const other = new Visitor(run);
    await other.go(START);
    assert.equal((await other.go(stolen)).response.status, 422, "another attempt's answer");
    assert.equal((await comeBack(new Visitor(run), issuer, { ...FINANCE, nonce: "other" })).response.status, 422);
    issuer.isForged = true;
    assert.equal((await comeBack(new Visitor(run), issuer, FINANCE)).response.status, 422, "another key");
  }));

Deno.test("while the issuer does not answer, the page says so, and passkeys still work", () =>
  withIssuer(async (run, issuer) => {
    issuer.isDown = true;
    assert.equal((await new Visitor(run).go(START)).response.status, 422);
    assert.equal((await new Visitor(run).go("/console/sign-in")).response.status, 200);
  }));

Deno.test("an address of people at two merchants asks which, and the answer counts once", () =>
  withIssuer(async (run, issuer) => {
    const author = { ...run.services, merchantId: OTHER_MERCHANT, actor: "cli" };
    const person = await newPerson(author, { email: "finance@demo.test", name: "Faith" }, ["viewer"]);
    await run.db.write([insertPerson(person)]);
    const visitor = new Visitor(run);
    const { response, html } = await comeBack(visitor, issuer, FINANCE);
    assert.equal(response.status, 200);
    assert.match(html, /Which business\?/);
    const fields = formOf(html, START);
    const chosen = await visitor.submit(START, fields);
    assert.equal(chosen.status, 303);
    assert.equal((await new Visitor(run).submit(START, fields)).status, 422, "a replay");
    const swapped = { ...fields, person: personId("admin@demo.test") };
    assert.equal((await new Visitor(run).submit(START, swapped)).status, 422, "another person");
    const foreign = await new Visitor(run).submit(START, fields, { "sec-fetch-site": "cross-site" });
    assert.equal(foreign.status, 403);
  }));

Deno.test("whoever signs in by the issuer adds no passkey beside those of the person", () =>
  withIssuer(async (run, issuer) => {
    const first = new Visitor(run);
    await comeBack(first, issuer, FINANCE);
    await addPasskeyTo(first);
    const later = new Visitor(run);
    await comeBack(later, issuer, FINANCE);
    const { html } = await later.go("/console/me");
    assert.match(html, /sign in again with one/);
    await addPasskeyTo(await signIn(run, "finance@demo.test"));
  }));
