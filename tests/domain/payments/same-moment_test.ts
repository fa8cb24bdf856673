import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { systemContext } from "../../../src/context/context.ts";
import { ABSENT, readAs } from "../../../src/daraja/field.ts";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import { settleAttempt } from "../../../src/domain/checkouts/settle-attempt.ts";
import { recordMoney } from "../../../src/domain/payments/record-money.ts";
import { getCheckout } from "../../support/checkouts.ts";
import { confirmation, PAYBILL, prompted, refreshed, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger } from "../../support/money.ts";
import { inEveryOrder, type Work } from "../../support/orders.ts";

const limits = { PROMPTS_PER_PHONE_PER_HOUR: "1000", CHECKOUT_DAILY_PER_PHONE_KES: "100000000" };
const MINUTE = 60_000;

/** A transfer as M-Pesa's list has it; cents, ms. */
interface Row {
  readonly receipt: string;
  readonly amount: number;
  readonly paidAt: number;
  readonly accountReference: string | null;
}

let receipts = 1_001; // a receipt of zeros alone names no transfer
const rowAt = (paidAt: number, amount: number, accountReference: string | null = null): Row => ({
  receipt: `UKN${String(receipts++).padStart(7, "0")}`,
  amount,
  paidAt,
  accountReference,
});

const pulled = (run: InProcess, { id }: { readonly id: string }, row: Row): Work => async (db) => {
  const ctx = { ...systemContext(run.services, DEMO_MERCHANT, "system", "test", () => {}), db };
  const rest = { channel: "pull", uploaded: false, phone: null, payerName: null } as const;
  await recordMoney(ctx, await ctx.shortcodes.byId(id), { ...row, ...rest }, () => []);
};

const calledBack = (run: InProcess, { attempts }: CheckoutView, row: Row): Work => async (db) => {
  const ctx = { ...systemContext(run.services, DEMO_MERCHANT, "daraja", "test", () => {}), db };
  await settleAttempt(ctx, attempts[0]?.id ?? "", {
    kind: "stk",
    checkoutRequestId: null,
    merchantRequestId: null,
    resultCode: "0",
    resultDescription: "",
    amount: readAs(row.amount),
    receipt: readAs(row.receipt),
    paidAt: readAs(row.paidAt),
    phone: ABSENT,
  }, () => []);
};

/** Two prompts of one amount that look the same. Queries called both paid, and no receipt is known. */
async function twoPaid(
  run: InProcess,
  shortcode: string,
  amount: number,
): Promise<readonly [CheckoutView, CheckoutView]> {
  const same = { amount, shortcode, account_reference: `RENT${amount}` };
  const pair = [await prompted(run, same), await prompted(run, { ...same, phone_number: "254710009001" })] as const;
  await run.pass(10_000);
  for (const one of pair) await refreshed(run, one);
  return pair;
}

/** Receipts and statuses of all money of an amount, in cents. */
const moneyOf = (run: InProcess, amount: number) =>
  run.sql("SELECT receipt, status FROM payments WHERE amount = ? ORDER BY receipt", amount);

for (const shortcode of [TILL, PAYBILL]) {
  const place = shortcode === TILL ? "till" : "paybill";

  Deno.test(`two rows for two alike prompts at a ${place}, at the same moment: each prompt has one of them`, () =>
    inProcess(async (run) => {
      let amount = 100_000;
      const orders = await inEveryOrder(run.db, async (atOnce, order) => {
        amount += 100;
        const pair = await twoPaid(run, shortcode.number, amount);
        const account = shortcode === TILL ? null : pair[0].account_reference;
        const rows = [3_000, 2_000].map((ago) => rowAt(run.time.now() - ago, amount, account));
        await atOnce(...rows.map((row) => pulled(run, shortcode, row)));
        const expected = rows.map(({ receipt }) => receipt);
        const ends = await Promise.all(pair.map(({ id }) => getCheckout(run, id)));
        assert.deepEqual(ends.map(({ status }) => status), ["succeeded", "succeeded"], order);
        assert.deepEqual(ends.map(({ payment }) => payment?.receipt ?? "").sort(), expected, order);
        assert.deepEqual(await moneyOf(run, amount), expected.map((receipt) => [receipt, "matched"]), order);
      });
      assert.ok(orders > 50, `${orders} orders`);
      assert.deepEqual(await checkLedger(run), []);
    }, { env: limits, withoutJobs: true }));
}

Deno.test("a row that comes at the same moment as another transfer's callback is the other prompt's", () =>
  inProcess(async (run) => {
    let amount = 100_000;
    await inEveryOrder(run.db, async (atOnce, order) => {
      amount += 100;
      const [a, b] = await twoPaid(run, TILL.number, amount);
      const [first, second] = [rowAt(run.time.now() - 3_000, amount), rowAt(run.time.now() - 2_000, amount)];
      await atOnce(pulled(run, TILL, second), calledBack(run, a, first));
      const ends = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
      assert.deepEqual(ends.map(({ status }) => status), ["succeeded", "succeeded"], order);
      assert.deepEqual(ends.map(({ payment }) => payment?.receipt), [first.receipt, second.receipt], order);
      assert.equal((await moneyOf(run, amount)).length, 2, order);
    });
    assert.deepEqual(await checkLedger(run), []);
  }, { env: limits, withoutJobs: true }));

Deno.test("no money is lost where the receipt that it takes the place of is proven, or displaced, at the same moment", () =>
  inProcess(async (run) => {
    let amount = 100_000;
    for (const rival of ["callback", "row"] as const) {
      await inEveryOrder(run.db, async (atOnce, order) => {
        amount += 100;
        const checkout = await prompted(run, { amount, shortcode: TILL.number });
        await run.pass(10_000);
        await refreshed(run, checkout);
        const now = run.time.now();
        const [first, second, third] = [
          rowAt(now - 4_000, amount),
          rowAt(now - 3_000, amount),
          rowAt(now - 2_000, amount),
        ];
        await pulled(run, TILL, third)(run.db);
        const other = rival === "callback" ? calledBack(run, checkout, third) : pulled(run, TILL, second);
        await atOnce(pulled(run, TILL, first), other);
        const own = rival === "callback" ? third : first;
        const all = rival === "callback" ? [first, third] : [first, second, third];
        const { status, payment } = await getCheckout(run, checkout.id);
        assert.deepEqual([status, payment?.receipt], ["succeeded", own.receipt], `${rival}, ${order}`);
        const expected = all.map((row) => [row.receipt, row === own ? "matched" : "unmatched"]);
        assert.deepEqual(await moneyOf(run, amount), expected, `${rival}, ${order}`);
      });
    }
    assert.deepEqual(await checkLedger(run), []);
  }, { env: limits, withoutJobs: true }));

Deno.test("money at a till that loses its prompt to earlier money is the next prompt's that has no receipt", () => {
  const being = { errorCode: "500.001.1001", errorMessage: "The transaction is being processed" };
  let isKnown = false;
  const daraja = (request: Request) =>
    isKnown || !request.url.includes("stkpushquery") ? null : Response.json(being, { status: 500 });
  return inProcess(async (run) => {
    const same = { amount: 150_000, shortcode: TILL.number };
    const a = await prompted(run, same);
    const early = { receipt: "UKN7100001", amount: 1_500, at: run.time.now() + 20_000 };
    await run.pass(6 * MINUTE);
    const b = await prompted(run, { ...same, phone_number: "254710009001" });
    const late = { receipt: "UKN7100002", amount: 1_500, at: run.time.now() + 10_000 };
    await run.pass(20_000);
    await confirmation(run, TILL, null, late);
    isKnown = true;
    await refreshed(run, a);
    await refreshed(run, b);
    await run.pass(1_000);
    assert.equal((await getCheckout(run, a.id)).payment?.receipt, late.receipt);
    await confirmation(run, TILL, null, early); // not b's: it moved long before b was pushed
    await run.pass(1_000); // the job of b places it
    const ends = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
    assert.deepEqual(ends.map(({ status }) => status), ["succeeded", "succeeded"]);
    assert.deepEqual(ends.map(({ payment }) => payment?.receipt), [early.receipt, late.receipt]);
    assert.deepEqual(await moneyOf(run, 150_000), [[early.receipt, "matched"], [late.receipt, "matched"]]);
    assert.deepEqual(await checkLedger(run), []);
  }, { env: limits, daraja });
});
