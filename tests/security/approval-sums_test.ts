import assert from "node:assert/strict";
import { type InProcess, inProcess } from "../support/in-process.ts";

/* Many small payouts must not pass where one large one would need a second person. */

const HOUR_MS = 3_600_000;

interface Order {
  readonly phone_number?: string;
  readonly amount?: number;
  readonly reference: string;
}

const order = ({ phone_number = "0712345678", amount = 999_900, reference }: Order) => ({
  phone_number,
  amount,
  currency: "KES",
  purpose: "business",
  reference,
});

const send = (run: InProcess, given: Order) =>
  run.call<{ id: string; status: string }>("POST", "/v1/payouts", order(given), { key: `key-${given.reference}` });

/** How many payouts have each status. */
async function statuses(run: InProcess): Promise<Record<string, number>> {
  const rows = await run.sql("SELECT status, count(*) FROM payouts GROUP BY status ORDER BY status");
  return Object.fromEntries(rows.map(([status, count]) => [String(status), Number(count)]));
}

const phone = (i: number): string => `07123456${String(i).padStart(2, "0")}`;

Deno.test("40 payouts of KES 9,999 at once: what reaches the sum of their maker awaits approval", () =>
  inProcess(async (run) => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => send(run, { phone_number: phone(i), reference: `split-${i}` })),
    );
    assert.ok(answers.every(({ status }) => status === 202), JSON.stringify(answers.map(({ body }) => body)[0]));
    assert.deepEqual(await statuses(run), { awaiting_approval: 30, queued: 10 });
  }, { env: { PAYOUT_APPROVAL_FROM_PER_MAKER_KES: "100000" }, withoutJobs: true }));

Deno.test("the sum is of 24 hours, and only of what no second person has approved", () =>
  inProcess(async (run) => {
    const make = async (reference: string) => (await send(run, { phone_number: "0712345670", reference })).body.status;
    assert.deepEqual([await make("a"), await make("b"), await make("c")], ["queued", "queued", "awaiting_approval"]);
    await run.pass(23 * HOUR_MS);
    assert.equal(await make("d"), "awaiting_approval", "23 hours later they still count");
    await run.pass(2 * HOUR_MS);
    assert.equal(await make("e"), "queued", "25 hours later they do not");
  }, { env: { PAYOUT_APPROVAL_FROM_PER_MAKER_KES: "25000" }, withoutJobs: true }));

Deno.test("what one payee gets counts too, whoever sends it; another payee is not held", () =>
  inProcess(async (run) => {
    const first = await send(run, { reference: "p1" });
    const second = await send(run, { reference: "p2" });
    const other = await send(run, { phone_number: "0712345601", reference: "p3" });
    assert.deepEqual([first, second, other].map(({ body }) => body.status), ["queued", "awaiting_approval", "queued"]);
  }, { env: { PAYOUT_APPROVAL_FROM_PER_PAYEE_KES: "15000" }, withoutJobs: true }));

Deno.test("a batch whose sum is large awaits approval as a whole, and so does one that reaches a sum of 24 hours", () =>
  inProcess(async (run) => {
    const batch = (name: string, amount: number) =>
      run.call("POST", "/v1/payout-batches", {
        payouts: Array.from({ length: 3 }, (_, i) =>
          order({ phone_number: phone(i), amount, reference: `${name}-${i}` })),
      }, { key: name });
    assert.equal((await batch("large", 500_000)).status, 202);
    assert.deepEqual(await statuses(run), { awaiting_approval: 3 });
    assert.equal((await batch("small", 100_000)).status, 202);
    assert.deepEqual(await statuses(run), { awaiting_approval: 3, queued: 3 });
    assert.equal((await batch("again", 200_000)).status, 202);
    assert.deepEqual(await statuses(run), { awaiting_approval: 6, queued: 3 });
  }, {
    env: { PAYOUT_APPROVAL_FROM_BATCH_KES: "15000", PAYOUT_APPROVAL_FROM_PER_MAKER_KES: "9000" },
    withoutJobs: true,
  }));

Deno.test("a large payout to somebody who was never paid awaits approval; once paid, the payee is known", () =>
  inProcess(async (run) => {
    const small = await send(run, { amount: 100_000, reference: "n1" });
    const large = await send(run, { reference: "n2" });
    assert.deepEqual([small, large].map(({ body }) => body.status), ["queued", "awaiting_approval"]);
    await run.pass();
    assert.equal((await run.sql("SELECT status FROM payouts WHERE id = ?", small.body.id))[0]?.[0], "succeeded");
    assert.equal((await send(run, { reference: "n3" })).body.status, "queued");
  }, { env: { PAYOUT_APPROVAL_FROM_NEW_PAYEE_KES: "5000" } }));

Deno.test("a merchant's own thresholds are stricter than those of the service", () =>
  inProcess(async (run) => {
    const { status } = await run.call("PATCH", "/v1/payout-limits", { approval_from_per_maker: 1_500_000 }, {
      client: "cli_operator",
    });
    assert.equal(status, 200);
    const made = [await send(run, { reference: "m1" }), await send(run, { reference: "m2" })];
    assert.deepEqual(made.map(({ body }) => body.status), ["queued", "awaiting_approval"]);
  }, { withoutJobs: true }));
