import assert from "node:assert/strict";
import type { PayeeView } from "../../../src/domain/payees/contract.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type InProcessOptions, type ProblemBody } from "../../support/in-process.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";

const given = (given_name: string) => ({ payee: { given_name } });
const asked = (run: InProcess, operation: string) =>
  run.simulator.world.requests.list().filter((entry) => entry.operation === operation).length;
const moved = (run: InProcess) => run.simulator.world.transactions.list().filter(({ kind }) => kind === "b2c").length;

/** The demo's paybill with the name check switched on. */
const checking = (test: (run: InProcess) => Promise<void>, options: InProcessOptions = {}) =>
  inProcess(async (run) => {
    const { body } = await run.call<{ data: { id: string; kind: string }[] }>("GET", "/v1/shortcodes");
    const paybill = body.data.find(({ kind }) => kind === "paybill")?.id;
    const changed = await run.call<{ name_check: boolean }>("PATCH", `/v1/shortcodes/${paybill}`, { name_check: true });
    assert.deepEqual([changed.status, changed.body.name_check], [200, true]);
    await test(run);
  }, options);

Deno.test("the name is checked once before the money leaves, and a match lets it go", () =>
  checking(async (run) => {
    const { id } = await createPayout(run, given("Mercy Achieng"));
    await run.pass();
    const paid = await getPayout(run, id);
    assert.deepEqual([paid.status, paid.payee.name], ["succeeded", "ACHIENG MERCY MOHAMED"]);
    assert.deepEqual([asked(run, "name_check"), moved(run)], [1, 1]);
    const operations = run.simulator.world.requests.list().map(({ operation }) => operation);
    assert.ok(operations.indexOf("name_check") < operations.indexOf("b2c"));
    await createPayout(run);
    await run.pass();
    assert.equal(asked(run, "name_check"), 1, "without a name there is nothing to compare");
  }));

Deno.test("a mismatch holds the very first payout, and nothing has left", () =>
  checking(async (run) => {
    const { id } = await createPayout(run, given("Peter Otieno"));
    await run.pass(86_400_000);
    const held = await getPayout(run, id);
    assert.deepEqual([held.status, held.needs_person, held.payee.name, held.payee.match], [
      "queued",
      true,
      "achieng M****** M******",
      "mismatch",
    ]);
    assert.deepEqual([moved(run), asked(run, "b2c"), asked(run, "name_check")], [0, 0, 1]);
    assert.deepEqual(await eventTypes(run, id), ["payout.created", "payout.held"]);
    const { body } = await run.call<{ data: PayeeView[] }>("GET", "/v1/payees?match=mismatch");
    assert.deepEqual(body.data.map(({ name_source, given_name }) => [name_source, given_name]), [
      ["check", "Peter Otieno"],
    ]);
    await act(run, id, "confirm-payee", { client: "cli_approver" });
    await run.pass();
    const paid = await getPayout(run, id);
    assert.deepEqual([paid.status, paid.payee.name, moved(run)], ["succeeded", "ACHIENG MERCY MOHAMED", 1]);
  }));

const unclear = {
  "9031": "an HTML page of the edge",
  "9032": "a status that is no success",
  "9033": "a name whose letters are all hidden",
  "9034": "no body",
  "9035": "a connection that was cut",
  "9036": "an error of Daraja",
} as const;
for (const [last, what] of Object.entries(unclear)) {
  Deno.test(`${what} is neither a match nor a mismatch: the payout leaves, and the book stays empty until it is paid`, () =>
    checking(async (run) => {
      const { id } = await createPayout(run, { phone_number: `071234${last}`, ...given("Peter Otieno") });
      await run.pass(100);
      const sent = await getPayout(run, id);
      assert.deepEqual([sent.status, sent.payee.name, sent.payee.match], ["submitted", null, "unknown"]);
      assert.equal(await run.count("payees"), 0);
      await run.pass();
      assert.deepEqual([(await getPayout(run, id)).status, moved(run)], ["succeeded", 1]);
      assert.equal(run.logged("name_check_unanswered").length, 1);
      assert.ok(asked(run, "name_check") <= 2, "a broken connection is tried once more");
    }));
}

Deno.test("a wake-up that is lost between the check and the payout delays it, and it is paid once", () =>
  checking(async (run) => {
    const { id } = await createPayout(run, given("Mercy Achieng"));
    for (let minutes = 0; minutes < 4; minutes++) {
      await run.sweep();
      await run.pass();
    }
    assert.equal(asked(run, "name_check"), 1);
    assert.deepEqual([(await getPayout(run, id)).status, moved(run)], ["succeeded", 1]);
  }, { loseWakeUps: true }));

Deno.test("the name of a payment from the same phone is known before the first payout to it", () =>
  inProcess(async (run) => {
    const phone_number = "0712349013"; // paid by STK, and confirmed with the payer's name
    await createCheckout(run, { phone_number });
    const isNamed = async () => (await run.sql("SELECT 1 FROM payments WHERE payer_name IS NOT NULL")).length > 0;
    for (let tries = 0; tries < 40 && !await isNamed(); tries++) await run.pass();
    const { id } = await createPayout(run, { phone_number, ...given("Peter Otieno") });
    await run.pass();
    const held = await getPayout(run, id);
    assert.deepEqual([held.status, held.needs_person], ["queued", true]);
    assert.equal(moved(run), 0);
    const { body } = await run.call<{ data: PayeeView[] }>("GET", "/v1/payees");
    assert.deepEqual(body.data.map(({ name_source, match }) => [name_source, match]), [["payment", "mismatch"]]);
  }));

Deno.test("a till has no name check", () =>
  inProcess(async (run) => {
    const { body } = await run.call<{ data: { id: string; kind: string }[] }>("GET", "/v1/shortcodes");
    const till = body.data.find(({ kind }) => kind === "till")?.id;
    const refused = await run.call<ProblemBody>("PATCH", `/v1/shortcodes/${till}`, { name_check: true });
    assert.deepEqual([refused.status, refused.body.errors?.[0]?.pointer], [422, "/name_check"]);
  }));
