import assert from "node:assert/strict";
import type { BatchView } from "../../../src/domain/payouts/batch-contract.ts";
import type { PayoutView } from "../../../src/domain/payouts/contract.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { act, createPayout as createFixture, payoutBody } from "../../support/payouts.ts";

type Refusal = ProblemBody & { readonly duplicate_of?: string };

/** Unlike the fixture, this one is refused if it looks like an earlier one. */
const createPayout = (run: InProcess, changes: Record<string, unknown> = {}) =>
  createFixture(run, { allow_duplicate: undefined, ...changes });

const again = (run: InProcess, changes: Record<string, unknown> = {}) =>
  run.call<Refusal>("POST", "/v1/payouts", payoutBody(changes));

const batchOf = (...payouts: Record<string, unknown>[]) => ({ payouts });
const line = (n: number, changes: Record<string, unknown> = {}) =>
  payoutBody({ phone_number: `07123456${10 + n}`, reference: `emp-${n}`, ...changes });

const setRule = (run: InProcess, payouts: string) =>
  run.call("PATCH", "/v1/merchant", { duplicates: { payouts } }, { client: "cli_operator" });

Deno.test("a payout with the payee, amount and reference of an earlier one is a 409 that names it, and nothing is created", () =>
  inProcess(async (run) => {
    const first = await createPayout(run);
    const { status, body } = await again(run);
    assert.deepEqual([status, body.code, body.duplicate_of], [409, "looks_like_a_duplicate", first.id]);
    assert.match(body.detail, new RegExp(first.id));
    assert.match(body.detail, /allow_duplicate: true/);
    assert.equal(await run.count("payouts"), 1);
  }));

Deno.test("another payee, amount or reference is no duplicate, and allow_duplicate sends it all the same", () =>
  inProcess(async (run) => {
    await createPayout(run);
    for (const changes of [{ phone_number: "0712345679" }, { amount: 150_100 }, { reference: "pay-1002" }]) {
      assert.equal((await again(run, changes)).status, 202);
    }
    const meant = await run.call<PayoutView>("POST", "/v1/payouts", payoutBody({ allow_duplicate: true }));
    assert.deepEqual([meant.status, meant.body.possible_duplicate_of], [202, null]);
  }));

Deno.test("businesses are compared with their account: the same amount to another account of a paybill is no duplicate", () =>
  inProcess(async (run) => {
    const to = (account_reference: string) => ({
      phone_number: undefined,
      purpose: undefined,
      destination: { type: "paybill", number: "888880", account_reference },
    });
    await createPayout(run, to("A1"));
    assert.equal((await again(run, to("A2"))).status, 202);
    assert.equal((await again(run, to("A1"))).status, 409);
  }));

Deno.test("a payout that was cancelled may be made again; after the window of days nothing is compared", () =>
  inProcess(async (run) => {
    const first = await createPayout(run, { amount: 1_500_000 }); // waits for approval
    assert.equal((await act(run, first.id, "cancel")).status, 200);
    await createPayout(run, { amount: 1_500_000 });
    await run.pass(3 * 86_400_000 + 1);
    assert.equal((await again(run, { amount: 1_500_000 })).status, 202);
  }));

Deno.test("another merchant's payouts are never compared", () =>
  inProcess(async (run) => {
    await createPayout(run);
    const { status } = await run.call("POST", "/v1/payouts", payoutBody(), { client: "cli_other" });
    assert.equal(status, 202);
  }));

Deno.test("of ten equal payouts at once, one is created", () =>
  inProcess(async (run) => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => again(run)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, ...Array(9).fill(409)]);
    assert.equal(await run.count("payouts"), 1);
  }));

Deno.test("a request that is repeated with its own key is no duplicate", () =>
  inProcess(async (run) => {
    const first = await run.call<PayoutView>("POST", "/v1/payouts", payoutBody(), { key: "pay-17" });
    const replay = await run.call<PayoutView>("POST", "/v1/payouts", payoutBody(), { key: "pay-17" });
    assert.deepEqual([replay.status, replay.body], [202, first.body]);
  }));

Deno.test("the same batch under another key is a 409 that names the batch, and allow_duplicate sends it", () =>
  inProcess(async (run) => {
    const file = batchOf(line(1), line(2));
    const first = await run.call<BatchView>("POST", "/v1/payout-batches", file);
    assert.equal(first.status, 202);
    const second = await run.call<Refusal>("POST", "/v1/payout-batches", file);
    assert.deepEqual(
      [second.status, second.body.code, second.body.duplicate_of],
      [409, "looks_like_a_duplicate", first.body.id],
    );
    assert.deepEqual(second.body.errors?.map(({ pointer }) => pointer), ["/payouts/0", "/payouts/1"]);
    const meant = await run.call("POST", "/v1/payout-batches", { ...file, allow_duplicate: true });
    assert.equal(meant.status, 202);
  }));

Deno.test("a line that stands twice in a file is named with the line that it repeats", () =>
  inProcess(async (run) => {
    const csv = [
      "phone_number,amount_kes,reference,purpose,remarks",
      "0712345611,1500,emp-1,salary,",
      "0712345612,1500,emp-2,salary,",
      "0712 345 611,1500,emp-1,salary,again",
    ].join("\r\n");
    const send = (query = "") =>
      run.call<Refusal>("POST", `/v1/payout-batches${query}`, undefined, {
        raw: csv,
        headers: { "content-type": "text/csv" },
      });
    const { status, body } = await send();
    assert.deepEqual([status, body.code], [409, "looks_like_a_duplicate"]);
    assert.deepEqual(body.errors, [{ pointer: "/rows/4", detail: "repeats /rows/2 of this request" }]);
    assert.equal(await run.count("payouts"), 0);
    assert.equal((await send("?allow_duplicate=true")).status, 202);
  }));

Deno.test("a merchant's rule `warn` creates the payout and names the earlier one; `off` does not compare", () =>
  inProcess(async (run) => {
    const first = await createPayout(run);
    assert.equal((await setRule(run, "warn")).status, 200);
    const warned = await run.call<PayoutView>("POST", "/v1/payouts", payoutBody());
    assert.deepEqual([warned.status, warned.body.possible_duplicate_of], [202, first.id]);
    const read = await run.call<PayoutView>("GET", `/v1/payouts/${warned.body.id}`);
    assert.equal(read.body.possible_duplicate_of, first.id);
    const file = batchOf(line(1), line(1));
    const batch = await run.call<BatchView>("POST", "/v1/payout-batches", file);
    const [one, two] = batch.body.data.map(({ id }) => id);
    const twin = await run.call<PayoutView>("GET", `/v1/payouts/${two}`);
    assert.equal(twin.body.possible_duplicate_of, one);
    assert.equal((await setRule(run, "off")).status, 200);
    const free = await run.call<PayoutView>("POST", "/v1/payouts", payoutBody());
    assert.deepEqual([free.status, free.body.possible_duplicate_of], [202, null]);
  }));

Deno.test("a payout of another merchant, and one from before the window, are no repetition", () =>
  inProcess(async (run) => {
    const ask = async (client: "cli_demo" | "cli_other") =>
      (await run.call("POST", "/v1/payouts", payoutBody({ reference: "window" }), { client })).status;
    assert.deepEqual([await ask("cli_other"), await ask("cli_demo")], [202, 202]);
    assert.equal(await ask("cli_demo"), 409);
    await run.db.write([{ sql: "UPDATE payouts SET created_at = created_at - 400 * 86400000", args: [] }]);
    assert.equal(await ask("cli_demo"), 202);
  }, { withoutJobs: true }));
