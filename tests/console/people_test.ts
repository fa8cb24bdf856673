import assert from "node:assert/strict";
import { OTHER_MERCHANT } from "../../src/cli/seed.ts";
import { consoleUrl, formOf, personId, signIn, signInAs, Visitor } from "../support/console.ts";
import { type InProcess, inProcess, publicUrl } from "../support/in-process.ts";

const cashier = { email: "till@demo.test", name: "Zawadi", roles: "cashier" };

async function post(
  visitor: Visitor,
  page: string,
  fields: Record<string, string>,
): Promise<{ response: Response; html: string }> {
  const path = consoleUrl(page);
  const csrf = await visitor.csrf(path);
  return await visitor.go(path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new TextEncoder().encode(String(new URLSearchParams({ csrf, ...fields }))),
  });
}

/** Presses the button of an act, as its page has it. */
async function act(visitor: Visitor, page: string, more: Record<string, string> = {}): Promise<number> {
  const path = consoleUrl(page);
  const { html } = await visitor.go(path);
  return (await visitor.submit(path, { ...formOf(html, path), ...more })).status;
}

const linkIn = (html: string): string => /value="(http[^"]*\/console\/sign-in\/[^"]+)"/.exec(html)?.[1] ?? "";

async function invited(run: InProcess, admin: Visitor): Promise<{ id: string; link: string }> {
  const { html } = await post(admin, "people/invite", cashier);
  const [[id] = []] = await run.sql("SELECT id FROM people ORDER BY id DESC LIMIT 1");
  return { id: String(id), link: linkIn(html) };
}

Deno.test("an admin invites a cashier by two presses and three fields, and the link shown once signs them in", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const list = await admin.go(consoleUrl("people"));
    assert.match(list.html, /finance@demo\.test/);
    assert.match(list.html, /people\/invite/);
    const { response, html } = await post(admin, "people/invite", cashier);
    assert.equal(response.status, 200);
    const link = linkIn(html);
    assert.notEqual(link, "");
    assert.doesNotMatch((await admin.go(consoleUrl("people"))).html, /sign-in\//);
    const visitor = new Visitor(run);
    assert.equal((await visitor.submit(link.replace(publicUrl, ""), {})).status, 303);
    assert.match((await visitor.go("/console/me")).html, /till@demo\.test/);
  }));

Deno.test("what was typed wrong is said at its field, and what is taken too", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    for (
      const [fields, said] of [
        [{ ...cashier, email: "till" }, /must be an e-mail address/],
        [{ email: "till@demo.test", name: "Zawadi" }, /must name at least one role/],
        [{ ...cashier, email: "finance@demo.test" }, /has this e-mail address already/],
      ] as const
    ) {
      const { response, html } = await post(admin, "people/invite", fields);
      assert.equal(response.status, 422);
      assert.match(html, said);
      assert.match(html, /value="Zawadi"/, "input is kept");
    }
  }));

Deno.test("an admin changes a role, gives a new link, ends sessions and removes, and the last admin stays", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const { id, link } = await invited(run, admin);
    const again = await post(admin, `people/${id}/link`, {});
    assert.equal((await new Visitor(run).submit(link.replace(publicUrl, ""), {})).status, 404, "it ended");
    const visitor = new Visitor(run);
    await visitor.submit(linkIn(again.html).replace(publicUrl, ""), {});
    assert.equal(await act(admin, `people/${id}/role`, { roles: "viewer" }), 303);
    assert.deepEqual(await run.sql("SELECT roles FROM people WHERE id = ?", id), [['["viewer"]']]);
    assert.equal(await act(admin, `people/${id}/end-sessions`), 303);
    assert.equal((await visitor.go("/console/me")).response.status, 303);
    assert.equal(await act(admin, `people/${id}/remove`), 303);
    assert.deepEqual(await run.sql("SELECT status FROM people WHERE id = ?", id), [["removed"]]);
    assert.equal(await act(admin, `people/${personId("admin@demo.test")}/remove`), 422);
    const actors = await run.sql("SELECT DISTINCT actor FROM audit WHERE action LIKE 'person.%'");
    assert.deepEqual(actors, [[personId("admin@demo.test")]]);
  }));

Deno.test("a role that pays waits for a second person, and the page says so", () =>
  inProcess(async (run) => {
    const admin = await signIn(run, "admin@demo.test");
    const { html } = await post(admin, "people/invite", { ...cashier, roles: "finance" });
    assert.match(html, /a second person confirms it first/);
    assert.equal(linkIn(html), "");
    assert.equal(await run.count("change_requests"), 1);
    assert.equal(await run.count("people"), 4);
  }, { env: { CHANGE_DELAY_HOURS: "24" } }));

Deno.test("people are an admin's matter, of one's own merchant, and a name is text wherever it stands", () =>
  inProcess(async (run) => {
    const pages = [
      "people",
      "people/invite",
      ...["link", "role", "remove", "end-sessions"].map((name) => `people/${personId("finance@demo.test")}/${name}`),
    ];
    for (const role of ["viewer", "cashier", "finance", "approver"] as const) {
      const visitor = await signInAs(run, [role]);
      for (const page of pages) {
        assert.equal((await visitor.go(consoleUrl(page))).response.status, 403, `${role} ${page}`);
      }
    }
    const other = await signInAs(run, ["admin"], OTHER_MERCHANT);
    for (const page of pages.slice(2)) {
      assert.equal((await other.go(consoleUrl(page, OTHER_MERCHANT))).response.status, 404, page);
      assert.equal((await other.go(consoleUrl(page))).response.status, 404, page);
    }
    const admin = await signIn(run, "admin@demo.test");
    const name = `<script>alert(1)</script>"'${"😀".repeat(40)}`;
    await post(admin, "people/invite", { ...cashier, name });
    const { html } = await admin.go(consoleUrl("people"));
    assert.doesNotMatch(html, /<script>alert/);
    assert.match(html, /&lt;script&gt;alert/);
  }));
