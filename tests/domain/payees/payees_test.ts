import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { systemContext } from "../../../src/context/context.ts";
import { parseResult } from "../../../src/daraja/notices.ts";
import type { Database } from "../../../src/db/database.ts";
import type { PayeeView } from "../../../src/domain/payees/contract.ts";
import { followPayout } from "../../../src/domain/payouts/follow-payout.ts";
import { Pacer } from "../../../src/domain/payouts/pace.ts";
import { settlePayout } from "../../../src/domain/payouts/settle-payout.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { act, createPayout, eventTypes, getPayout } from "../../support/payouts.ts";

/** The simulator's customer of 0712345678. */
const NAME = "ACHIENG MERCY MOHAMED";
const approver = { client: "cli_approver" } as const;
const given = (given_name: string) => ({ payee: { given_name } });

const book = async (run: InProcess, query = ""): Promise<readonly PayeeView[]> => {
  const { status, body } = await run.call<{ data: PayeeView[] }>("GET", `/v1/payees${query}`);
  assert.equal(status, 200);
  return body.data;
};

/** A payout that M-Pesa paid to somebody else than the caller thinks. */
async function paidToAnother(run: InProcess): Promise<void> {
  const { id } = await createPayout(run, given("Peter Otieno"));
  await run.pass();
  assert.equal((await getPayout(run, id)).status, "succeeded");
}

const moved = (run: InProcess) => run.simulator.world.transactions.list().length;

Deno.test("a payout has the name that was given, and the one that M-Pesa returned", () =>
  inProcess(async (run) => {
    const made = await createPayout(run, given("Mercy Achieng"));
    assert.deepEqual(made.payee, {
      name: null,
      given_name: "Mercy Achieng",
      match: "unknown",
      confirmed_by: null,
      confirmed_at: null,
    });
    await run.pass();
    const paid = await getPayout(run, made.id);
    assert.deepEqual([paid.status, paid.payee.name, paid.payee.match], ["succeeded", NAME, "match"]);
    const [payee, ...others] = await book(run);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [payee?.phone_number, payee?.name, payee?.given_name, payee?.match, payee?.name_source, payee?.version],
      ["2547•••••678", NAME, "Mercy Achieng", "match", "payout", 1],
    );
    await createPayout(run, given("Mercy Achieng"));
    await run.pass();
    assert.equal((await book(run))[0]?.version, 1, "the same names again change nothing");
    const one = await run.call<PayeeView>("GET", `/v1/payees/${payee?.id}`);
    assert.deepEqual(one.body, (await book(run, "?phone=0712345678"))[0]);
    assert.deepEqual(await book(run, "?phone=0712345679"), []);
    assert.equal((await book(run, "?match=mismatch")).length, 0);
  }));

Deno.test("names are nowhere in clear: events have first letters, and the tables are sealed", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, given("Zebedayo Kirwa"));
    await run.pass();
    const { body } = await run.call<{ data: { type: string; data: { payee?: unknown } }[] }>(
      "GET",
      `/v1/events?subject=${id}`,
    );
    const paid = body.data.find(({ type }) => type === "payout.succeeded");
    assert.deepEqual(paid?.data.payee, {
      name: "A••• M••• M•••",
      given_name: "Z••• K•••",
      match: "mismatch",
      confirmed_by: null,
      confirmed_at: null,
    });
    const tables = await run.sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'");
    for (const [table] of tables) {
      const rows = JSON.stringify(await run.sql(`SELECT * FROM "${table}"`));
      assert.doesNotMatch(rows, /zebedayo|kirwa|achieng/i, `in ${table}`);
    }
  }));

Deno.test("another name than was given holds the next payout to the phone until a second person confirms it", () =>
  inProcess(async (run) => {
    await paidToAnother(run);
    const [payee] = await book(run);
    assert.equal(payee?.match, "mismatch");
    assert.deepEqual(await eventTypes(run, payee?.id ?? ""), ["payee.name_mismatch"]);

    const next = await createPayout(run, given("Peter Otieno"));
    const nameless = await createPayout(run);
    const right = await createPayout(run, given("Achieng Mohamed"));
    await run.pass();
    for (const { id } of [next, nameless]) {
      const held = await getPayout(run, id);
      assert.deepEqual([held.status, held.needs_person, held.payee.name], ["queued", true, NAME]);
      assert.deepEqual(await eventTypes(run, id), ["payout.created", "payout.held"]);
    }
    assert.equal((await getPayout(run, right.id)).status, "succeeded", "the name that was given is M-Pesa's");
    assert.equal(moved(run), 2);
    const { body } = await run.call<{ data: { kind: string; subject: unknown; actions: string[] }[] }>(
      "GET",
      "/v1/attention?kind=mismatch",
    );
    assert.deepEqual(body.data.map(({ actions }) => actions[0]), ["confirm-payee", "confirm-payee"]);
    await run.pass(3 * 86_400_000);
    assert.equal(moved(run), 2, "it waits for a person, however long");

    const confirmed = await act(run, next.id, "confirm-payee", approver);
    assert.deepEqual(
      [confirmed.status, confirmed.body.needs_person, confirmed.body.payee.confirmed_by],
      [200, false, "cli_approver"],
    );
    await run.pass();
    assert.equal((await getPayout(run, next.id)).status, "succeeded");
    assert.deepEqual((await eventTypes(run, next.id)).slice(0, 3), [
      "payout.created",
      "payout.held",
      "payout.released",
    ]);
    assert.equal(moved(run), 3);
    const [[actor]] = await run.sql(
      "SELECT actor FROM audit WHERE action = 'payout.name_confirmed' AND subject_id = ?",
      next.id,
    ) as [[string]];
    assert.equal(actor, "cli_approver");

    const later = await createPayout(run, given("OTIENO Peter"));
    const third = await createPayout(run, given("Juma Abdi"));
    await run.pass();
    assert.equal((await getPayout(run, later.id)).status, "succeeded", "these two names are confirmed");
    assert.equal((await getPayout(run, third.id)).needs_person, true, "another name is not");
    assert.equal((await book(run))[0]?.confirmed?.by, "cli_approver");
  }));

Deno.test("a held payout can be cancelled or rejected, and not resolved, approved or sent by a refresh", () =>
  inProcess(async (run) => {
    await paidToAnother(run);
    const [one, two] = [await createPayout(run, given("Peter Otieno")), await createPayout(run, given("Peter O"))];
    await run.pass();
    const resolved = await act<ProblemBody>(run, one.id, "resolve", { client: "cli_operator" }, {
      outcome: "succeeded",
      evidence: "seen in the portal",
    });
    assert.deepEqual([resolved.status, resolved.body.code], [409, "wrong_state"]);
    assert.match(resolved.body.detail, /confirm-payee/);
    assert.equal((await act(run, one.id, "approve", approver)).status, 409);
    await act(run, one.id, "refresh");
    await run.pass();
    assert.equal(moved(run), 1);
    assert.equal((await act(run, one.id, "cancel")).body.status, "cancelled");
    const rejected = await act(run, two.id, "reject", approver, { reason: "Not our Peter" });
    assert.deepEqual([rejected.body.status, rejected.body.needs_person], ["rejected", false]);
    const late = await act<ProblemBody>(run, one.id, "confirm-payee", approver);
    assert.deepEqual([late.status, late.body.code], [409, "wrong_state"]);
    await run.pass();
    assert.equal(moved(run), 1);
  }));

Deno.test("neither the maker nor its lineage confirms a name", () =>
  inProcess(async (run) => {
    await paidToAnother(run);
    const own = { client: "cli_treasurer" } as const;
    const { id } = await createPayout(run, given("Peter Otieno"), own);
    await run.pass();
    const self = await act<ProblemBody>(run, id, "confirm-payee", own);
    assert.deepEqual([self.status, self.body.code], [403, "own_payout"]);
    await run.db.write([{ sql: "UPDATE clients SET owner_id = 'cli_treasurer' WHERE id = 'cli_approver'", args: [] }]);
    const child = await act<ProblemBody>(run, id, "confirm-payee", approver);
    assert.deepEqual([child.status, child.body.code], [403, "own_lineage"]);
    const writer = await act<ProblemBody>(run, id, "confirm-payee");
    assert.deepEqual([writer.status, writer.body.code], [403, "insufficient_scope"]);
    assert.equal((await getPayout(run, id)).needs_person, true);
  }));

Deno.test("two confirmations at once are one, and another merchant finds nothing", () =>
  inProcess(async (run) => {
    await paidToAnother(run);
    const { id } = await createPayout(run, given("Peter Otieno"));
    await run.pass();
    const answers = await Promise.all([1, 2].map(() => act(run, id, "confirm-payee", approver)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
    await run.pass();
    assert.equal(moved(run), 2);
    const [payee] = await book(run);
    const foreign = { client: "cli_other" } as const;
    assert.equal((await run.call("GET", `/v1/payees/${payee?.id}`, undefined, foreign)).status, 404);
    assert.deepEqual((await run.call<{ data: unknown[] }>("GET", "/v1/payees", undefined, foreign)).body.data, []);
  }));

Deno.test("a mismatch that is learnt while the next payout is about to leave still holds it", () =>
  inProcess(async (run) => {
    const first = await createPayout(run, given("Peter Otieno"));
    await run.pass(100);
    await run.services.jobs.stop(1_000);
    const next = await createPayout(run, given("Peter Otieno"));
    assert.equal((await getPayout(run, first.id)).status, "submitted");
    // Between the read and the write of its start another process learns the name.
    let isFirst = true;
    const db: Database = {
      read: (statements) => run.services.db.read(statements),
      close: () => Promise.resolve(),
      write: async (statements) => {
        if (isFirst) {
          isFirst = false;
          await learnElsewhere(run, first.id);
        }
        return await run.services.db.write(statements);
      },
    };
    const ctx = systemContext(run.services, DEMO_MERCHANT, "system", "job", () => {});
    await followPayout({ ...ctx, db }, next.id, new Pacer(run.time, Infinity));
    const held = await getPayout(run, next.id);
    assert.deepEqual([held.status, held.needs_person], ["queued", true]);
    assert.equal(run.simulator.world.requests.list().filter(({ operation }) => operation === "b2c").length, 1);
  }));

/** The result of a payout, handled by another process. */
async function learnElsewhere(run: InProcess, id: string): Promise<void> {
  const notice = parseResult(JSON.stringify({
    Result: {
      ResultType: 0,
      ResultCode: 0,
      ResultDesc: "ok",
      ConversationID: "AG_20261122_2010000000000000000a",
      OriginatorConversationID: "x",
      TransactionID: "UKM1A2B3C4",
      ResultParameters: {
        ResultParameter: [
          { Key: "TransactionAmount", Value: 1500 },
          { Key: "TransactionReceipt", Value: "UKM1A2B3C4" },
          { Key: "ReceiverPartyPublicName", Value: `254712345678 - ${NAME}` },
        ],
      },
    },
  }));
  assert.equal(notice.kind, "result");
  if (notice.kind !== "result") return;
  const ctx = systemContext(run.services, "", "daraja", "notice", () => {});
  await settlePayout(ctx, id, { at: "result", notice }, () => []);
}

Deno.test("a refund by payout is not held: it goes back to the phone that paid", () =>
  inProcess(async (run) => {
    await paidToAnother(run);
    const checkout = await run.call<{ id: string }>("POST", "/v1/checkouts", {
      amount: 50_000,
      currency: "KES",
      reference: "order-7",
      phone_number: "0712345678",
    });
    await run.pass();
    const { body } = await run.call<{ payment: { id: string } }>("GET", `/v1/checkouts/${checkout.body.id}`);
    const refund = await run.call<{ id: string }>("POST", "/v1/refunds", {
      payment: body.payment.id,
      amount: 20_000,
      reason: "one item less",
      method: "payout",
    });
    assert.equal(refund.status, 202);
    await run.pass();
    const { body: done } = await run.call<{ status: string }>("GET", `/v1/refunds/${refund.body.id}`);
    assert.equal(done.status, "succeeded");
  }));

Deno.test("a name comes with a CSV file too, and is refused for a business and where it says nothing of use", () =>
  inProcess(async (run) => {
    const csv = (name: string) => ({
      raw: `phone_number,amount_kes,reference,purpose,remarks,payee_name\r\n0712345678,1500,e-1,salary,Pay,${name}\r\n`,
      headers: { "content-type": "text/csv" },
    });
    const good = await run.call<{ data: { id: string }[] }>(
      "POST",
      "/v1/payout-batches",
      undefined,
      csv("Mercy Achieng"),
    );
    assert.equal(good.status, 202);
    assert.equal((await getPayout(run, good.body.data[0]?.id ?? "")).payee.given_name, "Mercy Achieng");
    const formula = await run.call<ProblemBody>("POST", "/v1/payout-batches", undefined, csv("=1+1"));
    assert.deepEqual([formula.status, formula.body.errors?.[0]?.pointer], [422, "/rows/2/payee_name"]);
    const long = await run.call<ProblemBody>("POST", "/v1/payout-batches", undefined, csv("x".repeat(101)));
    assert.deepEqual([long.status, long.body.errors?.[0]?.pointer], [422, "/rows/2/payee_name"]);
    const business = await run.call<ProblemBody>("POST", "/v1/payouts", {
      amount: 100_000,
      currency: "KES",
      reference: "inv-1",
      destination: { type: "till", number: "777770" },
      ...given("Grace Kamau"),
    });
    assert.deepEqual([business.status, business.body.errors?.[0]?.pointer], [422, "/payee"]);
  }));
