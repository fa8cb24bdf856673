import assert from "node:assert/strict";
import type { RefundView } from "../../../src/domain/refunds/contract.ts";
import { payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback, refreshed } from "../../support/facts.ts";
import { interrupted } from "../../support/interrupted.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, checkLedger } from "../../support/money.ts";

const rule = { account_reference: "INV1", overpayment: "refund_difference" } as const;
const refunds = async (run: InProcess): Promise<readonly RefundView[]> =>
  (await run.call<{ data: RefundView[] }>("GET", "/v1/refunds")).body.data;
const sent = (run: InProcess) =>
  run.simulator.world.transactions.list().filter(({ kind }) => kind === "b2c").map(({ amount, phone }) => [
    amount,
    phone,
  ]);
const isDecision = ({ sql }: { readonly sql: string }) => /^insert into "?differences/i.test(sql);

/**
 * A prompt asks for the KES 900 that are due beside KES 600. They are moved away, KES 700 come, and a query calls the prompt
 * paid: KES 100 too much, and the newest payment has no receipt. Answers the prompt's id.
 */
async function tooMuch(run: InProcess): Promise<string> {
  const { id } = await createCheckout(run, { ...rule, partial: "collect" });
  const other = await createCheckout(run, { account_reference: "INV2" });
  const moved = await payOpenly(run, "INV1", 600, "UKM0000001");
  const { status } = await run.call("POST", `/v1/checkouts/${id}/attempts`, { phone_number: "254700009001" });
  assert.equal(status, 201);
  const allocations = [{ checkout: other.id, amount: 60_000 }];
  assert.equal((await run.call("POST", `/v1/payments/${moved}/allocate`, { allocations })).status, 200);
  await payOpenly(run, "INV1", 700, "UKM0000002");
  await run.pass(10_000);
  const checkout = await getCheckout(run, id);
  await refreshed(run, checkout);
  assert.equal((await getCheckout(run, id)).amount_received, 160_000);
  return checkout.attempts[0]?.id ?? "";
}

Deno.test("a difference waits until M-Pesa has named the receipt, and then goes to the phone that was prompted", () =>
  inProcess(async (run) => {
    const attempt = await tooMuch(run);
    await run.pass(3_600_000);
    assert.deepEqual([await refunds(run), await run.count("differences")], [[], 0]);
    await callback(run, attempt, { receipt: "UKM0000004", amount: 900, at: run.time.now() });
    await run.pass(2 * 3_600_000);
    assert.deepEqual(sent(run), [[100, "254700009001"]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a receipt that was put to the prompt by inference sends no difference: the walk-in customer gets nothing", () =>
  inProcess(async (run) => {
    const attempt = await tooMuch(run);
    await payOpenly(run, "", 900, "UKM0000003");
    assert.deepEqual(await run.sql("SELECT receipt_source FROM payments WHERE receipt = 'UKM0000003'"), [["inferred"]]);
    await run.pass(2 * 3_600_000);
    assert.deepEqual([sent(run), await run.count("differences")], [[], 0]);
    await callback(run, attempt, { receipt: "UKM0000004", amount: 900, at: run.time.now() });
    await run.pass(2 * 3_600_000);
    assert.deepEqual(sent(run), [[100, "254700009001"]]);
  }));

Deno.test("a limit of the day holds the difference until midnight, and it goes then", () =>
  inProcess(async (run) => {
    await createCheckout(run, rule);
    await payOpenly(run, "INV1", 1_550, "UKM0000001");
    await run.pass(60_000);
    await createCheckout(run, { ...rule, account_reference: "INV2" });
    await payOpenly(run, "INV2", 1_540, "UKM0000002");
    await run.pass(60_000);
    assert.deepEqual([sent(run), await run.count("differences")], [[[50, "254712345678"]], 1]);
    await run.pass(23 * 3_600_000);
    assert.deepEqual(sent(run), [[50, "254712345678"], [40, "254712345678"]]);
  }, { env: { PAYOUT_DAILY_PER_PHONE_KES: "60" } }));

Deno.test("the job of a decided difference may run again: it ends, and decides nothing anew", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, rule);
    await payOpenly(run, "INV1", 1_505, "UKM0000001"); // no payout carries KES 5
    await run.pass(60_000);
    const before = [await run.sql("SELECT * FROM differences"), await run.count("events"), await run.count("audit")];
    await run.db.write([run.services.jobs.schedule("difference", id, "mer_demo", run.time.now())]);
    await run.sweep();
    await run.pass(60_000);
    assert.deepEqual(await run.sql("SELECT count(*) FROM jobs WHERE kind = 'difference'"), [[0]]);
    assert.deepEqual(run.logged("job_failed"), []);
    const after = [await run.sql("SELECT * FROM differences"), await run.count("events"), await run.count("audit")];
    assert.deepEqual(after, before);
  }));

for (const whose of ["the same payment", "another payment of the order"] as const) {
  Deno.test(`a person who gives back of ${whose} while the difference is decided has the last word`, () => {
    const { planned, options } = interrupted("before write", isDecision);
    return inProcess(async (run) => {
      await createCheckout(run, rule);
      const first = await payOpenly(run, "INV1", 1_000, "UKM0000001");
      run.time.skip(60_000);
      const newest = await payOpenly(run, "INV1", 550, "UKM0000002");
      let asked = 0;
      planned.happens = async () => {
        const of = whose === "the same payment" ? newest : first;
        asked = (await askRefund(run, of, { method: "payout", amount: 5_000 })).status;
      };
      for (let i = 0; i < 3; i++) {
        await run.sweep();
        await run.pass(60_000);
      }
      assert.deepEqual([planned.happens, asked], [null, 202]);
      assert.deepEqual([(await refunds(run)).length, sent(run)], [1, [[50, "254712345678"]]]);
    }, { ...options, loseWakeUps: true });
  });
}
