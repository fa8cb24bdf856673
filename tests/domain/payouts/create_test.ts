import assert from "node:assert/strict";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { act, createPayout, getPayout, payoutBody } from "../../support/payouts.ts";

const refused = async (run: InProcess, changes: Record<string, unknown>) => {
  const { status, body } = await run.call<ProblemBody>("POST", "/v1/payouts", payoutBody(changes));
  return { status, code: body.code, pointers: body.errors?.map(({ pointer }) => pointer) ?? [] };
};

Deno.test("a payout without an Idempotency-Key is a 400", () =>
  inProcess(async (run) => {
    const { status, body } = await run.call<ProblemBody>("POST", "/v1/payouts", payoutBody(), { key: null });
    assert.deepEqual([status, body.code], [400, "idempotency_key_missing"]);
    assert.equal(await run.count("payouts"), 0);
  }));

Deno.test("each bad field is a 422 that names it, and nothing is stored", () =>
  inProcess(async (run) => {
    const cases: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ phone_number: "+255712345678" }, "/phone_number"],
      [{ phone_number: "0202222222" }, "/phone_number"], // a Nairobi landline
      [{ phone_number: 712345678 }, "/phone_number"],
      [{ amount: 150_050 }, "/amount"],
      [{ amount: 1500.5 }, "/amount"],
      [{ amount: "150000" }, "/amount"],
      [{ amount: 0 }, "/amount"],
      [{ amount: -100 }, "/amount"],
      [{ amount: 900 }, "/amount"], // below Safaricom's KES 10
      [{ amount: 25_000_100 }, "/amount"], // above KES 250,000
      [{ currency: "USD" }, "/currency"],
      [{ purpose: "gift" }, "/purpose"],
      [{ purpose: undefined }, "/purpose"],
      [{ reference: "" }, "/reference"],
      [{ reference: "x".repeat(65) }, "/reference"],
      [{ remarks: "x".repeat(101) }, "/remarks"],
      [{ remarks: "x" }, "/remarks"],
      [{ remarks: "two\nlines" }, "/remarks"],
      [{ occasion: "x".repeat(101) }, "/occasion"],
      [{ shortcode: "999999" }, "/shortcode"],
      [{ shortcode: "500000" }, "/shortcode"], // a till
      [{ shortcode: "600001" }, "/shortcode"], // another merchant's
      [{ priority: "high" }, "/priority"],
    ];
    for (const [changes, pointer] of cases) {
      assert.deepEqual(await refused(run, changes), { status: 422, code: "validation_failed", pointers: [pointer] });
    }
    assert.equal(await run.count("payouts"), 0);
    assert.equal(await run.count("jobs"), 0);
  }));

Deno.test("the same key answers the same payout; another body with it is a 422", () =>
  inProcess(async (run) => {
    const key = "salary-17";
    const first = await run.call<PayoutView>("POST", "/v1/payouts", payoutBody(), { key });
    const again = await run.call<PayoutView>("POST", "/v1/payouts", payoutBody(), { key });
    assert.deepEqual([again.status, again.body], [202, first.body]);
    assert.equal(again.headers.get("idempotent-replayed"), "true");
    const other = await run.call<ProblemBody>("POST", "/v1/payouts", payoutBody({ amount: 200_000 }), { key });
    assert.deepEqual([other.status, other.body.code], [422, "idempotency_key_reused"]);
    await run.pass();
    assert.equal(run.simulator.world.transactions.list().length, 1);
  }));

Deno.test("payout, limits, event, audit and job are one batch, and the request makes no call to Daraja", () =>
  inProcess(async (run) => {
    const before = run.simulator.world.requests.list().length;
    const { id, originator_conversation_id } = await createPayout(run);
    const stored = await run.sql("SELECT originator_conversation_id, sends FROM payouts WHERE id = ?", id);
    assert.deepEqual(stored, [[originator_conversation_id, 0]]);
    const subjects = await run.sql(
      "SELECT 'job', kind FROM jobs WHERE subject_id = ?1 UNION ALL SELECT 'event', type FROM events WHERE subject_id = ?1 " +
        "UNION ALL SELECT 'audit', action FROM audit WHERE subject_id = ?1",
      id,
    );
    assert.deepEqual(subjects, [["job", "payout"], ["event", "payout.created"], ["audit", "payout.created"]]);
    assert.equal((await run.sql("SELECT count(*) FROM counters WHERE name LIKE 'payout/%'"))[0]?.[0], 3);
    assert.equal(run.simulator.world.requests.list().length, before);
  }, { withoutJobs: true }));

Deno.test("whoever lacks the scope is a 403, and another merchant's payout is a 404 on every call", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run);
    for (const client of ["cli_approver", "cli_operator"] as const) {
      const { status, body } = await run.call<ProblemBody>("POST", "/v1/payouts", payoutBody(), { client });
      assert.deepEqual([status, body.code], [403, "insufficient_scope"]);
    }
    assert.equal((await act(run, id, "approve")).status, 403);
    assert.equal((await act(run, id, "resolve", {}, { outcome: "failed", evidence: "none" })).status, 403);
    assert.equal((await run.call("GET", "/v1/payouts?merchant=all")).status, 403);
    assert.equal((await run.call("POST", "/v1/payouts/pause", {})).status, 403);
    const stranger = { client: "cli_other" } as const;
    assert.equal((await run.call("GET", `/v1/payouts/${id}`, undefined, stranger)).status, 404);
    for (const verb of ["cancel", "refresh"]) assert.equal((await act(run, id, verb, stranger)).status, 404);
    const theirs = await run.call<{ data: unknown[] }>("GET", "/v1/payouts", undefined, stranger);
    assert.deepEqual(theirs.body.data, []);
    for (const verb of ["approve", "cancel", "refresh"]) {
      assert.equal((await act(run, id, verb, { client: null })).status, 401);
    }
  }, { withoutJobs: true }));

Deno.test("lists go newest first, by status and reference, page by page", () =>
  inProcess(async (run) => {
    const made: string[] = [];
    for (let i = 0; i < 5; i++) made.push((await createPayout(run, { reference: `r-${i % 2}` })).id);
    type List = { data: PayoutView[]; next_cursor: string | null };
    const first = (await run.call<List>("GET", "/v1/payouts?limit=3")).body;
    const second = (await run.call<List>("GET", `/v1/payouts?limit=3&cursor=${first.next_cursor}`)).body;
    assert.deepEqual([...first.data, ...second.data].map(({ id }) => id), made.toReversed());
    assert.equal(second.next_cursor, null);
    const some = (await run.call<List>("GET", "/v1/payouts?reference=r-1&status=queued")).body;
    assert.deepEqual(some.data.map(({ id }) => id), [made[3], made[1]]);
    assert.equal((await run.call("GET", "/v1/payouts?status=lost")).status, 400);
  }, { withoutJobs: true }));

Deno.test("no whole phone number is stored in the clear, shown or told", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { phone_number: "0722000111" });
    await run.pass();
    const shown = JSON.stringify(await getPayout(run, id));
    const rows = JSON.stringify(await run.sql("SELECT * FROM payouts")) +
      JSON.stringify(await run.sql("SELECT * FROM events")) +
      JSON.stringify(await run.sql("SELECT * FROM audit"));
    for (const text of [shown, rows]) assert.doesNotMatch(text, /722000111/);
    const [row] = await run.sql("SELECT phone FROM payouts");
    assert.doesNotMatch(new TextDecoder().decode(row?.[0] as Uint8Array), /722000111/);
  }));
