import assert from "node:assert/strict";
import type { BalanceView } from "../../../src/domain/balances/contract.ts";
import type { CallbackKind } from "../../../src/crypto/capability.ts";
import type { StandingOrderView } from "../../../src/domain/standing-orders/contract.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createRefund, getRefund, holdings, paidCheckout } from "../../support/money.ts";
import { createPayout, getPayout } from "../../support/payouts.ts";

/** Sends one of Daraja's own messages to the callback address of a row. */
async function tell(run: InProcess, file: string, kind: CallbackKind, id: string): Promise<void> {
  const text = await Deno.readTextFile(new URL(`../../fixtures/daraja/${file}`, import.meta.url));
  const { status } = await run.notify(run.services.capabilities.mint(kind, id), text);
  assert.equal(status, 200);
  await run.idle();
}

for (
  const [file, status, told] of [
    ["reversal-result-ok.json", "succeeded", "SKE52PAWR9"],
    ["reversal-result-2017-bare.json", "succeeded", "LGR019G3J2"],
    ["reversal-result-R000002.json", "failed", "transaction_not_found"],
    ["queue-timeout-modelled.json", "in_doubt", null],
  ] as const
) {
  Deno.test(`${file} ends a refund as ${status}`, () =>
    inProcess(async (run) => {
      const payment = await paidCheckout(run, { amount: 100 });
      await run.db.write([{ sql: "UPDATE payments SET receipt = 'SKC82PACB8' WHERE id = ?", args: [payment.id] }]);
      const { id } = await createRefund(run, payment.id);
      await run.pass(100);
      await tell(run, file, "refund_result", id);
      const refund = await getRefund(run, id);
      assert.deepEqual([refund.status, refund.receipt ?? refund.failure?.code ?? null], [status, told]);
    }));
}

for (
  const [file, amount, status, told, held] of [
    ["b2b-result-ok-docs.json", 19_000, "succeeded", "QKA81LK5CY", {
      merchant_available: -19_000,
      mpesa_working: -19_000,
    }],
    ["b2b-result-ok-2017.json", 1_000, "succeeded", "LGR519G2QV", {
      fees: 7_700,
      merchant_available: -1_000,
      mpesa_charges: -7_700,
      mpesa_working: -1_000,
    }],
    ["b2b-result-2001-single-object.json", 1_000, "failed", "initiator_rejected", {}],
    ["b2b-topup-result-2001-mixed.json", 1_000, "failed", "initiator_rejected", {}],
  ] as const
) {
  Deno.test(`${file} ends a payment to a business as ${status}`, () =>
    inProcess(async (run) => {
      const destination = { type: "paybill", number: "888880", account_reference: "19008" };
      const { id } = await createPayout(run, { amount, phone_number: undefined, destination });
      await run.pass(100);
      await tell(run, file, "payout_result", id);
      const payout = await getPayout(run, id);
      assert.deepEqual([payout.status, payout.receipt ?? payout.failure?.code], [status, told]);
      assert.deepEqual(await holdings(run), held);
    }));
}

for (
  const [file, utility, accounts] of [
    ["balance-result-docs-string-codes.json", 22_803_700, 5],
    ["balance-result-2020-one-account.json", null, 1],
    ["balance-result-2024-production.json", 0, 4],
    ["balance-result-2001-single-object.json", undefined, 0],
  ] as const
) {
  Deno.test(`${file} is read to the cent`, () =>
    inProcess(async (run) => {
      await tell(run, file, "balance_result", "sho_01kamcvd000000000000000001");
      const { body } = await run.call<{ data: BalanceView[] }>("GET", "/v1/balances");
      assert.deepEqual([body.data[0]?.utility, body.data[0]?.accounts.length ?? 0], [utility, accounts]);
    }));
}

for (
  const [file, status, told] of [
    ["ratiba-cb-ok-docs.json", "active", "SC8F2IQMH5"],
    ["ratiba-cb-1037-docs.json", "failed", "no_answer"],
  ] as const
) {
  Deno.test(`${file} makes a standing order ${status}`, () =>
    inProcess(async (run) => {
      const day = new Date(run.time.now() + 2 * 86_400_000).toISOString().slice(0, 10);
      const { body: made } = await run.call<StandingOrderView>("POST", "/v1/standing-orders", {
        name: "Gym",
        amount: 150_000,
        currency: "KES",
        phone_number: "0712345678",
        frequency: "weekly",
        start_date: day,
        end_date: day,
      });
      await tell(run, file, "standing_order_result", made.id);
      const { body: order } = await run.call<StandingOrderView>("GET", `/v1/standing-orders/${made.id}`);
      assert.deepEqual([order.status, order.receipt ?? order.failure?.code], [status, told]);
    }));
}
