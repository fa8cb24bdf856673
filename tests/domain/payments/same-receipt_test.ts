import assert from "node:assert/strict";
import { DEMO_MERCHANT } from "../../../src/cli/seed.ts";
import { systemContext } from "../../../src/context/context.ts";
import { ABSENT, readAs } from "../../../src/daraja/field.ts";
import { settleAttempt } from "../../../src/domain/checkouts/settle-attempt.ts";
import type { Money } from "../../../src/domain/payments/money.ts";
import { recordMoney } from "../../../src/domain/payments/record-money.ts";
import { getCheckout } from "../../support/checkouts.ts";
import { OTHER_PAYBILL, PAYBILL, prompted, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger } from "../../support/money.ts";
import { inEveryOrder, type Work } from "../../support/orders.ts";

const limits = { PROMPTS_PER_PHONE_PER_HOUR: "1000", CHECKOUT_DAILY_PER_PHONE_KES: "100000000" };

let receipts = 1_001;
const nextReceipt = (): string => `UKR${String(receipts++).padStart(7, "0")}`;

/** One source tells that 1,500 KES came to a place, under the receipt. Gives the outcome to `told`. */
const tells = (
  run: InProcess,
  place: { readonly id: string },
  receipt: string,
  rest: Partial<Money>,
  told: string[] = [],
): Work =>
async (db) => {
  const { merchantId } = await run.services.shortcodes.byId(place.id);
  const ctx = { ...systemContext(run.services, merchantId, "system", "test", () => {}), db };
  const money: Money = {
    channel: "pull",
    uploaded: false,
    receipt,
    amount: 150_000,
    accountReference: null,
    paidAt: run.time.now() - 1_000,
    phone: null,
    payerName: null,
    ...rest,
  };
  const { outcome } = await recordMoney(ctx, await ctx.shortcodes.byId(place.id), money, () => []);
  told.push(outcome);
};

const FILE = { uploaded: true } as const;
const placesOf = (run: InProcess, receipt: string) =>
  run.sql("SELECT shortcode_id, uploaded FROM payments WHERE receipt = ? ORDER BY shortcode_id", receipt);

const sources: readonly (readonly [string, Partial<Money>])[] = [
  ["a confirmation", { channel: "c2b" }],
  ["M-Pesa's list", { channel: "pull" }],
];

for (const [file, at, account] of [[TILL, PAYBILL, "HOUSE9"], [PAYBILL, TILL, null]] as const) {
  const name = file === TILL ? "a till" : "a paybill";

  for (const [source, channel] of sources) {
    Deno.test(`${source} and a file for ${name} that names the receipt, at the same moment: it counts where M-Pesa says`, () =>
      inProcess(async (run) => {
        const orders = await inEveryOrder(run.db, async (atOnce, order) => {
          const receipt = nextReceipt();
          await atOnce(
            tells(run, file, receipt, FILE),
            tells(run, at, receipt, { ...channel, accountReference: account }),
          );
          assert.deepEqual(await placesOf(run, receipt), [[at.id, 0]], order);
        });
        assert.ok(orders > 5, `${orders} orders`);
        assert.deepEqual(await checkLedger(run), []);
      }, { env: limits, withoutJobs: true }));
  }
}

Deno.test("M-Pesa's list and a file for another shortcode, at the same moment: the checkout that was paid has the receipt alone", () =>
  inProcess(async (run) => {
    let amount = 150_000;
    await inEveryOrder(run.db, async (atOnce, order) => {
      amount += 100;
      const receipt = nextReceipt();
      const account = `RENT${amount}`;
      const checkout = await prompted(run, { amount, account_reference: account, shortcode: PAYBILL.number });
      const money = { amount, accountReference: account };
      await atOnce(tells(run, TILL, receipt, { ...FILE, amount }), tells(run, PAYBILL, receipt, money));
      assert.deepEqual(await placesOf(run, receipt), [[PAYBILL.id, 0]], order);
      assert.equal((await getCheckout(run, checkout.id)).payment?.receipt, receipt, order);
    });
    assert.deepEqual(await checkLedger(run), []);
  }, { env: limits, withoutJobs: true }));

Deno.test("a callback and a file for another shortcode, at the same moment: the prompt has the receipt alone", () =>
  inProcess(async (run) => {
    let amount = 150_000;
    await inEveryOrder(run.db, async (atOnce, order) => {
      amount += 100;
      const receipt = nextReceipt();
      const checkout = await prompted(run, { amount, shortcode: PAYBILL.number, account_reference: `RENT${amount}` });
      await run.pass(10_000);
      const ctx = systemContext(run.services, DEMO_MERCHANT, "daraja", "test", () => {});
      const calledBack: Work = async (db) =>
        await settleAttempt({ ...ctx, db }, checkout.attempts[0]?.id ?? "", {
          kind: "stk",
          checkoutRequestId: null,
          merchantRequestId: null,
          resultCode: "0",
          resultDescription: "",
          amount: readAs(amount),
          receipt: readAs(receipt),
          paidAt: readAs(run.time.now()),
          phone: ABSENT,
        }, () => []);
      await atOnce(tells(run, TILL, receipt, { ...FILE, amount }), calledBack);
      const { status, payment } = await getCheckout(run, checkout.id);
      assert.deepEqual([status, payment?.receipt], ["succeeded", receipt], order);
      assert.deepEqual(await placesOf(run, receipt), [[PAYBILL.id, 0]], order);
    });
    assert.deepEqual(await checkLedger(run), []);
  }, { env: limits, withoutJobs: true }));

Deno.test("two files that name a receipt for two places, at the same moment: one is stored, the other is a finding", () =>
  inProcess(async (run) => {
    await inEveryOrder(run.db, async (atOnce, order) => {
      const receipt = nextReceipt();
      const told: string[] = [];
      await atOnce(tells(run, TILL, receipt, FILE, told), tells(run, PAYBILL, receipt, FILE, told));
      assert.equal((await placesOf(run, receipt)).length, 1, order);
      assert.deepEqual(told.toSorted(), ["created", "receipt_of_another_shortcode"], order);
    });
  }, { env: limits, withoutJobs: true }));

Deno.test("money for a number of nobody gives way to whatever names a place at the same moment", () =>
  inProcess(async (run) => {
    const nobody = { channel: "c2b", unproven: { what: "shortcode", number: "999999" } } as const;
    await inEveryOrder(run.db, async (atOnce, order) => {
      const receipt = nextReceipt();
      await atOnce(tells(run, PAYBILL, receipt, nobody), tells(run, TILL, receipt, FILE));
      assert.deepEqual(await placesOf(run, receipt), [[TILL.id, 1]], order);
    });
  }, { env: limits, withoutJobs: true }));

Deno.test("another merchant's file that names the receipt at the same moment changes nothing for the merchant", () =>
  inProcess(async (run) => {
    await inEveryOrder(run.db, async (atOnce, order) => {
      const receipt = nextReceipt();
      const told: string[] = [];
      await atOnce(tells(run, PAYBILL, receipt, {}, told), tells(run, OTHER_PAYBILL, receipt, FILE, told));
      assert.deepEqual(told, ["created", "created"], order);
      assert.deepEqual(await placesOf(run, receipt), [[PAYBILL.id, 0], [OTHER_PAYBILL.id, 1]], order);
    });
  }, { env: limits, withoutJobs: true }));
