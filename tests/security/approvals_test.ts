import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import type { BatchView } from "../../src/domain/payouts/batch-contract.ts";
import { type Answer, type InProcess, inProcess, type ProblemBody } from "../support/in-process.ts";
import { act, createPayout, eventTypes, getPayout, payoutBody } from "../support/payouts.ts";

/* What a person approves is what is sent: one payout or a batch, whoever writes to the database meanwhile. */

const LARGE = 1_000_000;
const approver = { client: "cli_approver" } as const;

interface Approval {
  readonly digest: string;
  readonly phone_number: string;
  readonly amount: number;
}
interface BatchApproval {
  readonly digest: string;
  readonly total: number;
  readonly data: readonly (Approval & { readonly payout: string })[];
}

const phone = (i: number): string => `07123456${String(i).padStart(2, "0")}`;

async function createBatch(run: InProcess, rows = 3, client: "cli_demo" | "cli_treasurer" = "cli_demo") {
  const payouts = Array.from(
    { length: rows },
    (_, i) => payoutBody({ phone_number: phone(i), amount: LARGE, reference: `wage-${i}` }),
  );
  const { status, body } = await run.call<BatchView>("POST", "/v1/payout-batches", { payouts }, { client });
  assert.equal(status, 202);
  return body;
}

const look = async (run: InProcess, id: string) =>
  (await run.call<Approval>("GET", `/v1/payouts/${id}/approval`, undefined, approver)).body;
const lookAtBatch = async (run: InProcess, id: string) =>
  (await run.call<BatchApproval>("GET", `/v1/payout-batches/${id}/approval`, undefined, approver)).body;
const decide = <T = BatchView>(run: InProcess, id: string, verb: string, body?: unknown, options: object = approver) =>
  run.call<T>("POST", `/v1/payout-batches/${id}/${verb}`, body, options);
const codeOf = ({ status, body }: Answer<ProblemBody>) => [status, body.code];
const sent = (run: InProcess) => run.simulator.world.transactions.list().length;
const write = (run: InProcess, sql: string, ...args: (string | number | Uint8Array)[]) => run.db.write([{ sql, args }]);

Deno.test("a batch is approved as a whole: one step, each payout told and sent, with what was approved", () =>
  inProcess(async (run) => {
    const { id, data, counts } = await createBatch(run, 3);
    assert.equal(counts.awaiting_approval, 3);
    const seen = await lookAtBatch(run, id);
    assert.deepEqual(seen.data.map(({ phone_number }) => phone_number), [0, 1, 2].map((i) => `25471234560${i}`));
    const { status, body } = await decide(run, id, `approve?digest=${seen.digest}`);
    assert.deepEqual([status, body.counts.queued, body.counts.awaiting_approval], [200, 3, 0]);
    const first = await getPayout(run, data[0]?.id ?? "");
    assert.deepEqual(
      first.approvals.map(({ by, digest, signed }) => [by, digest, signed]),
      [["cli_approver", seen.data[0]?.digest, false]],
    );
    assert.equal(first.version, (data[0]?.version ?? 0) + 1);
    await run.pass();
    const done = (await run.call<BatchView>("GET", `/v1/payout-batches/${id}`)).body;
    assert.deepEqual([done.status, done.counts.succeeded, sent(run)], ["completed", 3, 3]);
    assert.deepEqual(
      await eventTypes(run, data[2]?.id ?? ""),
      ["payout.created", "payout.approved", "payout.submitted", "payout.succeeded"],
    );
    assert.deepEqual(
      (await run.sql("SELECT action, actor FROM audit WHERE subject_id = ? ORDER BY seq", id)).map(([action]) =>
        action
      ),
      ["payout_batch.created", "payout_batch.payees_shown", "payout_batch.approved"],
    );
  }));

Deno.test("a rejected batch gives its allowance back, and nothing of it leaves", () =>
  inProcess(async (run) => {
    const { id, data } = await createBatch(run, 3);
    const total = async () => (await run.sql("SELECT sum(total) FROM counters WHERE name LIKE 'payout/%'"))[0]?.[0];
    assert.notEqual(await total(), 0);
    const { status, body } = await decide(run, id, "reject", { reason: "Not on the list" });
    assert.deepEqual([status, body.status, body.counts.rejected], [200, "completed", 3]);
    assert.equal(await total(), 0);
    assert.equal((await getPayout(run, data[1]?.id ?? "")).reason, "Not on the list");
    assert.equal(await run.count("jobs WHERE kind = 'payout'"), 0);
    await run.pass(100_000);
    assert.equal(sent(run), 0);
  }));

Deno.test("neither the maker of a batch nor its lineage approves it, nor does another merchant see it", () =>
  inProcess(async (run) => {
    const own = await createBatch(run, 1, "cli_treasurer");
    const byMaker = await decide<ProblemBody>(run, own.id, "approve", undefined, { client: "cli_treasurer" });
    assert.deepEqual(codeOf(byMaker), [403, "own_payout"]);
    await write(
      run,
      "UPDATE clients SET parent_id = 'cli_treasurer', owner_id = 'cli_treasurer' WHERE id = 'cli_approver'",
    );
    assert.deepEqual(codeOf(await decide<ProblemBody>(run, own.id, "approve")), [403, "own_lineage"]);
    assert.equal((await decide(run, own.id, "approve", undefined, { client: "cli_demo" })).status, 403);
    assert.equal((await getPayout(run, own.data[0]?.id ?? "")).status, "awaiting_approval");
  }, { withoutJobs: true }));

Deno.test("two who approve a batch at once, and one who cancels a row: all or nothing, and each row ends once", () =>
  inProcess(async (run) => {
    const { id, data } = await createBatch(run, 5);
    const [row] = data;
    const answers = await Promise.all([
      decide(run, id, "approve"),
      decide(run, id, "approve"),
      decide(run, id, "reject", { reason: "No" }),
      act(run, row?.id ?? "", "cancel"),
    ]);
    assert.ok(answers.every(({ status }) => status === 200 || status === 409), JSON.stringify(answers));
    const rows = await run.sql("SELECT status, count(*) FROM payouts WHERE id <> ? GROUP BY status", row?.id ?? "");
    assert.equal(rows.length, 1, JSON.stringify(rows));
    assert.equal(
      await run.count("events WHERE type IN ('payout.approved', 'payout.rejected', 'payout.cancelled')") >= 5,
      true,
    );
  }, { withoutJobs: true }));

Deno.test("what was cancelled, approved or has expired between the look and the approval: 409 with a code", () =>
  inProcess(async (run) => {
    const { id, data } = await createBatch(run, 3);
    const seen = await lookAtBatch(run, id);
    await act(run, data[1]?.id ?? "", "cancel");
    assert.deepEqual(codeOf(await decide<ProblemBody>(run, id, `approve?digest=${seen.digest}`)), [
      409,
      "payout_changed",
    ]);
    const again = await lookAtBatch(run, id);
    assert.equal(again.total, 2);
    assert.equal((await decide(run, id, `approve?digest=${again.digest}`)).status, 200);
    assert.deepEqual(codeOf(await decide<ProblemBody>(run, id, "approve")), [409, "wrong_state"]);
    assert.deepEqual(codeOf(await decide<ProblemBody>(run, id, "approve?digest=abc")), [400, "invalid_query"]);

    const one = await createPayout(run, { amount: LARGE });
    const { digest } = await look(run, one.id);
    const other = await createPayout(run, { amount: LARGE, reference: "another" });
    assert.deepEqual(codeOf(await act<ProblemBody>(run, other.id, `approve?digest=${digest}`, approver)), [
      409,
      "payout_changed",
    ]);
    await act(run, one.id, "cancel");
    assert.deepEqual(codeOf(await act<ProblemBody>(run, one.id, `approve?digest=${digest}`, approver)), [
      409,
      "wrong_state",
    ]);
    const late = await createBatch(run, 1).catch(() => null);
    assert.equal(late, null, "the same rows again look like a duplicate");
    await run.time.pass(25 * 3_600_000, () => Promise.resolve());
    assert.deepEqual(codeOf(await act<ProblemBody>(run, other.id, "approve", approver)), [409, "wrong_state"]);
  }, { withoutJobs: true }));

Deno.test("only payouts:approve sees a whole number, only while it awaits approval, and each look is audited", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { amount: LARGE });
    assert.equal((await look(run, id)).phone_number, "254712345678");
    for (const client of ["cli_demo", "cli_operator"] as const) {
      const refused = await run.call<ProblemBody>("GET", `/v1/payouts/${id}/approval`, undefined, { client });
      assert.deepEqual(codeOf(refused), [403, "insufficient_scope"]);
    }
    const looks = await run.sql("SELECT actor FROM audit WHERE action = 'payout.payee_shown' AND subject_id = ?", id);
    assert.deepEqual(looks, [["cli_approver"]]);
    await act(run, id, "cancel");
    const ended = await run.call<ProblemBody>("GET", `/v1/payouts/${id}/approval`, undefined, approver);
    assert.deepEqual(codeOf(ended), [409, "wrong_state"]);
  }, { withoutJobs: true }));

const CHANGES = [
  ["amount", "UPDATE payouts SET amount = amount + 100 WHERE id = ?1"],
  ["phone", "UPDATE payouts SET phone = x'01' WHERE id = ?1"],
  ["reference", "UPDATE payouts SET reference = 'other' WHERE id = ?1"],
  [
    "shortcode",
    "UPDATE shortcodes SET number = '600009' WHERE id = (SELECT shortcode_id FROM payouts WHERE id = ?1)",
  ],
  ["id of its requests", "UPDATE payouts SET originator_conversation_id = 'x' WHERE id = ?1"],
  ["approvals", "UPDATE payouts SET approvals = '[]' WHERE id = ?1"],
  ["state", "UPDATE payouts SET approvals = json_set(approvals, '$[0].digest', ?2) WHERE id = ?1"],
] as const;

Deno.test("what somebody changes in the database after the approval is not sent, and an alert fires", async () => {
  for (const [what, sql] of CHANGES) await changeAfterApproval(what, sql);
});

const changeAfterApproval = (what: string, sql: string): Promise<void> =>
  inProcess(async (run) => {
    await run.call("POST", "/v1/payouts/pause", { reason: "night" }, { client: "cli_operator" });
    const { id } = await createPayout(run, { amount: LARGE });
    await act(run, id, "approve", approver);
    await write(run, sql, id, ...(sql.includes("?2") ? ["0".repeat(64)] : []));
    run.services.shortcodes.forget(DEMO_MERCHANT);
    await run.call("POST", "/v1/payouts/resume", {}, { client: "cli_operator" });
    await run.pass(100_000);
    assert.equal(sent(run), 0, what);
    const [row] = await run.sql("SELECT status, needs_person FROM payouts WHERE id = ?", id);
    assert.deepEqual(row, ["queued", 1], what);
    assert.equal(run.logged("payout_altered")[0]?.level, "alert", what);
    const evidence = { outcome: "failed", evidence: "altered" };
    const { status, body } = await act(run, id, "resolve", { client: "cli_operator" }, evidence);
    assert.deepEqual([status, body.status, body.needs_person], [200, "failed", false], what);
  });

Deno.test("a number that is moved over from another payout is neither shown nor approved", () =>
  inProcess(async (run) => {
    const mine = await createPayout(run, { amount: LARGE, phone_number: "0722000111", reference: "mine" });
    const { id } = await createPayout(run, { amount: LARGE });
    await write(run, "UPDATE payouts SET phone = (SELECT phone FROM payouts WHERE id = ?) WHERE id = ?", mine.id, id);
    assert.deepEqual(codeOf(await act<ProblemBody>(run, id, "approve", approver)), [409, "payout_changed"]);
    assert.equal(run.logged("payout_altered")[0]?.level, "alert");
    assert.equal((await act(run, id, "reject", approver, { reason: "changed" })).status, 200);
  }, { withoutJobs: true }));

Deno.test("an approval of a client that was written into the database sends nothing, even with the digest that is shown", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { amount: LARGE });
    const { digest } = await look(run, id);
    const forged = JSON.stringify([{ by: "cli_treasurer", at: run.time.now(), digest, signed: false }]);
    await write(run, "UPDATE payouts SET approvals = ?, evidence = evidence | 1, status = 'queued'", forged);
    await write(run, "UPDATE jobs SET run_at = ? WHERE subject_id = ?", run.time.now(), id);
    await run.sweep();
    await run.pass();
    assert.deepEqual([sent(run), (await getPayout(run, id)).needs_person], [0, true]);
    assert.equal(run.logged("payout_altered")[0]?.level, "alert");
  }));
