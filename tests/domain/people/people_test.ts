import assert from "node:assert/strict";
import { routes } from "../../../src/app/routes.ts";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../../src/cli/seed.ts";
import type { InvitedPerson, PersonView, RemovedPerson, SessionView } from "../../../src/domain/people/contract.ts";
import { Proposal } from "../../../src/http/operation.ts";
import { problems } from "../../../src/problems/problem.ts";
import { type DemoEmail, linkOf, personId, signIn, Visitor } from "../../support/console.ts";
import { contextAs } from "../../support/people.ts";
import { type InProcess, inProcess, type ProblemBody, publicUrl } from "../../support/in-process.ts";

const asOperator = { client: "cli_operator" } as const;
const viewer = { email: "Zawadi@Shop.example", name: "Zawadi", roles: ["viewer"] };

const invite = <T = InvitedPerson>(run: InProcess, changes: Record<string, unknown> = {}) =>
  run.call<T>("POST", "/v1/people", { ...viewer, ...changes }, asOperator);

/** Runs an operation as a person does in the console. */
async function as<T>(run: InProcess, email: DemoEmail, operation: string, input: unknown): Promise<T> {
  const found = routes.find((route) => route.operation.id === operation);
  assert.ok(found !== undefined);
  return await found.run(await contextAs(run, email), input) as T;
}

/** People become active by their link. */
async function join(run: InProcess, url: string): Promise<Visitor> {
  const visitor = new Visitor(run);
  assert.equal((await visitor.submit(url.replace(publicUrl, ""), {})).status, 303);
  return visitor;
}

const code = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(() => null, (error: { code: string }) => error);
  return error?.code ?? "none";
};

Deno.test("a person is invited, joins by the link, is found by e-mail, renamed and given another role", () =>
  inProcess(async (run) => {
    const { status, body } = await invite(run);
    assert.deepEqual([status, body.status, body.roles, body.merchant], [201, "invited", ["viewer"], DEMO_MERCHANT]);
    assert.equal(body.email, viewer.email);
    await join(run, body.sign_in_url);
    const [found] =
      (await run.call<{ data: PersonView[] }>("GET", "/v1/people?q=zawadi@shop.EXAMPLE", undefined, asOperator))
        .body.data;
    assert.deepEqual([found?.id, found?.status, found?.version], [body.id, "active", 2]);
    assert.notEqual(found?.last_seen_at, null);
    const changed = await as<PersonView>(run, "admin@demo.test", "updatePerson", {
      id: body.id,
      name: "Zawadi K.",
      roles: ["cashier"],
    });
    assert.deepEqual([changed.name, changed.roles, changed.version], ["Zawadi K.", ["cashier"], 3]);
    const read = await run.call<PersonView>("GET", `/v1/people/${body.id}`, undefined, asOperator);
    assert.deepEqual(read.body, changed);
    const all = await run.call<{ data: PersonView[] }>("GET", "/v1/people", undefined, asOperator);
    assert.equal(all.body.data.length, 4);
    const [audit] = await run.sql("SELECT before, after FROM audit WHERE action = 'person.updated'");
    assert.deepEqual(audit, ['{"roles":["viewer"]}', '{"roles":["cashier"]}']);
  }));

Deno.test("an address is one person's, whatever its case, also when two invite at once", () =>
  inProcess(async (run) => {
    const answers = await Promise.all(
      ["Zawadi@Shop.example", "zawadi@shop.example"].map((email) => invite(run, { email })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
    assert.equal((await invite<ProblemBody>(run)).body.code, "email_taken");
    const other = await run.sql(
      "SELECT count(*) FROM people WHERE status = 'invited' AND merchant_id = ?",
      DEMO_MERCHANT,
    );
    assert.deepEqual(other, [[4]]); // with the three of the seed
  }));

Deno.test("wrong input is refused at its field", () =>
  inProcess(async (run) => {
    const wrong: [Record<string, unknown>, string][] = [
      [{ email: "zawadi" }, "/email"],
      [{ email: `${"a".repeat(250)}@shop.example` }, "/email"],
      [{ name: "" }, "/name"],
      [{ roles: [] }, "/roles"],
      [{ roles: ["owner"] }, "/roles/0"],
      [{ roles: ["platform"] }, "/roles/0"],
    ];
    for (const [changes, pointer] of wrong) {
      const { status, body } = await invite<ProblemBody>(run, changes);
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, pointer], JSON.stringify(changes));
    }
    const none = await run.call<ProblemBody>("PATCH", "/v1/people/per_none", { name: "x" }, asOperator);
    assert.equal(none.status, 404);
  }));

Deno.test("nobody gives a role whose scopes they do not have", () =>
  inProcess(async (run) => {
    for (const role of ["cashier", "finance", "approver", "admin"]) {
      const { status, body } = await invite<ProblemBody>(run, { roles: [role] });
      assert.deepEqual([status, body.code], [403, "scope_not_held"], role);
    }
    const { body: { id } } = await invite(run);
    const raised = await run.call<ProblemBody>("PATCH", `/v1/people/${id}`, { roles: ["admin"] }, asOperator);
    assert.deepEqual([raised.status, raised.body.code], [403, "scope_not_held"]);
    assert.equal(await code(as(run, "finance@demo.test", "invitePerson", viewer)), "insufficient_scope");
  }));

Deno.test("a role that pays or approves waits for a second person; the link is the inviter's", () =>
  inProcess(async (run) => {
    for (const role of ["finance", "approver", "admin"]) {
      const proposal = await as<Proposal>(run, "admin@demo.test", "invitePerson", {
        email: `${role}@shop.example`,
        name: role,
        roles: [role],
      });
      assert.ok(proposal instanceof Proposal, role);
      const change = proposal.view as { id: string; after: Record<string, unknown> };
      assert.equal("sign_in_url" in change.after, false);
      assert.equal(await code(as(run, "admin@demo.test", "confirmChange", { id: change.id })), "own_lineage");
    }
    assert.equal(await run.count("people"), 4, "those of the seed");
    const direct = await as<InvitedPerson>(run, "admin@demo.test", "invitePerson", { ...viewer, roles: ["cashier"] });
    assert.match(direct.sign_in_url, /^http/);
    const raised = await as<Proposal>(run, "admin@demo.test", "updatePerson", { id: direct.id, roles: ["finance"] });
    assert.ok(raised instanceof Proposal);
    const { id: change } = raised.view as { id: string };
    const confirmed = await run.call("POST", `/v1/change-requests/${change}/confirm`, undefined, asOperator);
    assert.equal(confirmed.status, 200);
    const after = await as<PersonView>(run, "admin@demo.test", "getPerson", { id: direct.id });
    assert.deepEqual(after.roles, ["finance"]);
  }, { env: { CHANGE_DELAY_HOURS: "24" } }));

/** Makes another person an admin, as the command line does; their id. */
async function makeAdminOfFinance(run: InProcess): Promise<string> {
  const id = personId("finance@demo.test");
  await signIn(run, "finance@demo.test");
  await run.db.write([{ sql: "UPDATE people SET roles = '[\"admin\"]' WHERE id = ?", args: [id] }]);
  return id;
}

Deno.test("somebody who was invited gets a new link from who invited them; who has signed in, from the command line only", () =>
  inProcess(async (run) => {
    const { body: invited } = await invite(run);
    const again = await run.call<InvitedPerson>("POST", `/v1/people/${invited.id}/link`, undefined, asOperator);
    assert.equal(again.status, 200);
    assert.equal(
      (await new Visitor(run).submit(invited.sign_in_url.replace(publicUrl, ""), {})).status,
      404,
      "it ended",
    );
    assert.equal(await code(as(run, "admin@demo.test", "linkPerson", { id: invited.id })), "other_lineage");
    await join(run, again.body.sign_in_url);
    const late = await run.call<ProblemBody>("POST", `/v1/people/${invited.id}/link`, undefined, asOperator);
    assert.deepEqual([late.status, late.body.code], [409, "wrong_state"]);
    const approver = personId("approver@demo.test");
    const foreign = await run.call<ProblemBody>("POST", `/v1/people/${approver}/link`, undefined, asOperator);
    assert.deepEqual([foreign.status, foreign.body.code], [403, "other_lineage"]);
  }));

Deno.test("a removed person is out at once: sessions, links and passkeys; they may be invited anew", () =>
  inProcess(async (run) => {
    const { body } = await invite(run);
    const visitor = await join(run, body.sign_in_url);
    const link = await linkOf(run, body.id);
    assert.equal((await visitor.go("/console/me")).response.status, 200);
    const removed = await run.call<RemovedPerson>("POST", `/v1/people/${body.id}/remove`, undefined, asOperator);
    assert.deepEqual([removed.status, removed.body.status, removed.body.clients], [200, "removed", []]);
    assert.equal((await visitor.go("/console/me")).response.status, 303);
    assert.equal((await new Visitor(run).submit(link, {})).status, 404);
    const twice = await run.call<ProblemBody>("POST", `/v1/people/${body.id}/remove`, undefined, asOperator);
    assert.deepEqual([twice.status, twice.body.code], [409, "wrong_state"]);
    const changed = await run.call<ProblemBody>("PATCH", `/v1/people/${body.id}`, { name: "x" }, asOperator);
    assert.equal(changed.body.code, "wrong_state");
    assert.equal((await invite(run)).status, 201);
  }));

Deno.test("the last admin stays, also when two are removed at once", () =>
  inProcess(async (run) => {
    const admin = personId("admin@demo.test");
    await signIn(run, "admin@demo.test");
    const remove = (id: string) => run.call<ProblemBody>("POST", `/v1/people/${id}/remove`, undefined, asOperator);
    assert.deepEqual([(await remove(admin)).body.code, problems.last_admin.status], ["last_admin", 409]);
    const demoted = await run.call<ProblemBody>("PATCH", `/v1/people/${admin}`, { roles: ["viewer"] }, asOperator);
    assert.equal(demoted.body.code, "last_admin");
    const second = await makeAdminOfFinance(run);
    const both = await Promise.all([remove(admin), remove(second)]);
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409]);
  }));

Deno.test("an operator lists and ends the sessions of a person", () =>
  inProcess(async (run) => {
    const finance = personId("finance@demo.test");
    const [first, second] = [await signIn(run, "finance@demo.test"), await signIn(run, "finance@demo.test")];
    const { body } = await run.call<{ data: SessionView[] }>(
      "GET",
      `/v1/people/${finance}/sessions`,
      undefined,
      asOperator,
    );
    assert.deepEqual(body.data.map(({ method }) => method), ["link", "link"]);
    const end = async (session?: string) =>
      (await run.call<{ ended: number }>("POST", `/v1/people/${finance}/end-sessions`, { session }, asOperator)).body
        .ended;
    assert.equal(await end(body.data[0]?.id), 1);
    assert.deepEqual([await statusOf(first), await statusOf(second)], [200, 303]);
    assert.equal(await end(), 1);
    assert.equal(await end(), 0);
    assert.equal(await statusOf(first), 303);
  }));

const statusOf = async (visitor: Visitor): Promise<number> => (await visitor.go("/console/me")).response.status;

Deno.test("another merchant's people are not there", () =>
  inProcess(async (run) => {
    const platform = personId("platform@malipo.test");
    for (
      const [method, path] of [["GET", ""], ["PATCH", ""], ["POST", "/remove"], ["POST", "/link"], ["GET", "/sessions"]]
    ) {
      const body = method === "PATCH" ? { name: "x" } : undefined;
      const { status } = await run.call(method ?? "", `/v1/people/${platform}${path}`, body, asOperator);
      assert.equal(status, 404, `${method} ${path}`);
    }
    const foreign = await run.call<ProblemBody>("GET", `/v1/people?merchant=${OTHER_MERCHANT}`, undefined, asOperator);
    assert.equal(foreign.status, 403);
  }));

Deno.test("a client that a person makes is of their lineage: they approve nothing that it creates", () =>
  inProcess(async (run) => {
    const made = await as<{ id: string; owner: string; parent: string }>(run, "admin@demo.test", "createClient", {
      name: "wages",
      scopes: ["payouts:write"],
    });
    const admin = personId("admin@demo.test");
    assert.deepEqual([made.owner, made.parent], [admin, admin]);
    const ctx = { ...await contextAs(run, "admin@demo.test"), actor: made.id };
    const create = routes.find(({ operation }) => operation.id === "createPayout");
    const payout = await create?.run(ctx, {
      amount: 2_000_000,
      currency: "KES",
      phone_number: "254712345678",
      reference: "w-1",
      purpose: "business",
    }) as { id: string; status: string };
    assert.equal(payout.status, "awaiting_approval");
    assert.equal(await code(as(run, "admin@demo.test", "approvePayout", { id: payout.id })), "own_lineage");
    const removed = await as<RemovedPerson>(run, "admin@demo.test", "removePerson", { id: admin }).catch(() => null);
    assert.equal(removed, null, "the last admin");
  }));
