import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { getCheckout } from "../../support/checkouts.ts";
import { callback, confirmation, PAYBILL, prompted, refreshed } from "../../support/facts.ts";
import { inProcess } from "../../support/in-process.ts";
import { askRefund, createRefund } from "../../support/money.ts";

Deno.test("a payout goes to the phone that was prompted only if a callback says that this phone paid the receipt", () =>
  inProcess(async (run) => {
    const checkout = await prompted(run, { amount: 150_000, account_reference: "RENT" });
    const attempt = checkout.attempts[0]?.id ?? "";
    await run.pass(10_000);
    await refreshed(run, checkout);
    const other = { receipt: "UKM7700001", amount: 1_500, at: run.time.now() - 2_000 };
    await confirmation(run, PAYBILL, "RENT", other); // another customer's, who typed the same account
    const seen = (await getCheckout(run, checkout.id)).payment;
    assert.equal(seen?.receipt, other.receipt);
    const { status, body } = await askRefund<{ errors: { pointer: string }[] }>(run, seen?.id ?? "", {
      method: "payout",
      amount: 60_000,
    });
    assert.deepEqual([status, body.errors.map(({ pointer }) => pointer)], [422, ["/method"]]);

    await callback(run, attempt, { receipt: "UKM7700002", amount: 1_500, at: run.time.now() - 1_000 });
    const own = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments?receipt=UKM7700002");
    await createRefund(run, own.body.data[0]?.id ?? "", { method: "payout" });
    await run.pass(10_000);
    const sent = run.simulator.world.transactions.list().filter(({ kind }) => kind === "b2c");
    assert.deepEqual(sent.map(({ phone, amount }) => [phone, amount]), [["254700009001", 1_500]]);
  }));
