import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { confirmation, OTHER_PAYBILL, PAYBILL, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { askRefund, getPayment } from "../../support/money.ts";

/* Issue 13, item 14: a confirmation at the paybill's URL that names another number. */

const UNKNOWN = "777777";
const transfer = (run: InProcess) => ({ receipt: "UKM9X2A1BC", amount: 1_500, at: run.time.now() });
/** M-Pesa posts to the paybill's URL and names this number. */
const named = (run: InProcess, number: string, account: string | null = "nobody") =>
  confirmation(run, { id: PAYBILL.id, number }, account, transfer(run));

async function payments(run: InProcess, client: "cli_demo" | "cli_other" = "cli_demo"): Promise<PaymentView[]> {
  const { body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments", undefined, { client });
  return body.data;
}
const shown = (all: readonly PaymentView[]) =>
  all.map(({ receipt, shortcode, status, amount }) => [receipt, shortcode, status, amount]);

for (const number of [TILL.number, "500001"]) {
  Deno.test(`a confirmation that names the merchant's own till by ${number} is money of that till`, () =>
    inProcess(async (run) => {
      const till = await createCheckout(run, { shortcode: TILL.number, account_reference: "INV1001" });
      await named(run, number, "INV1001");
      assert.deepEqual(shown(await payments(run)), [["UKM9X2A1BC", TILL.number, "matched", 150_000]]);
      assert.equal((await getCheckout(run, till.id)).status, "succeeded");
    }));
}

Deno.test("a confirmation that names another merchant's number is quarantined with an alert, and shows nobody anything", () =>
  inProcess(async (run) => {
    await named(run, OTHER_PAYBILL.number);
    assert.deepEqual([await payments(run), await payments(run, "cli_other")], [[], []]);
    const notices = await run.sql(
      "SELECT status, problem, merchant_id = 'mer_01kamcvd000000000000000001' FROM notices",
    );
    assert.deepEqual(notices, [["quarantined", "shortcode_differs", 1]]);
    const [alert] = run.logged("confirmation_for_another_merchant");
    assert.equal(alert?.level, "alert");
    assert.doesNotMatch(JSON.stringify(alert), /mer_01kamcvd000000000000000002|600001|sho_/);
  }));

Deno.test("money for a number of nobody waits for a person: it matches nothing by itself and is not given back", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1001" });
    await named(run, UNKNOWN, "INV1001");
    assert.deepEqual(shown(await payments(run)), [["UKM9X2A1BC", PAYBILL.number, "unmatched", 150_000]]);
    assert.equal((await getCheckout(run, id)).status, "open");
    assert.equal(run.logged("payment_for_unknown_shortcode")[0]?.level, "alert");
    const payment = (await payments(run))[0]?.id ?? "";
    assert.equal((await askRefund(run, payment)).status, 409);
    const matched = await run.call<PaymentView>("POST", `/v1/payments/${payment}/match`, { checkout: id });
    assert.deepEqual([matched.status, matched.body.status, matched.body.checkout], [200, "matched", id]);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.equal(
      (await run.call("POST", `/v1/payments/${payment}/match`, { checkout: id }, { client: "cli_other" })).status,
      404,
    );
  }));

Deno.test("one transfer is one payment, whichever number M-Pesa names first", async () => {
  for (const home of [PAYBILL, TILL]) {
    for (const numbers of [[UNKNOWN, UNKNOWN, home.number], [home.number, UNKNOWN], [UNKNOWN, home.number, UNKNOWN]]) {
      await inProcess(async (run) => {
        const { id } = await createCheckout(run, { shortcode: home.number, account_reference: "INV1001" });
        const one = transfer(run);
        const ids: string[] = [];
        for (const number of numbers) {
          await confirmation(run, { id: number === home.number ? home.id : PAYBILL.id, number }, "INV1001", one);
          ids.push((await payments(run))[0]?.id ?? "");
        }
        assert.deepEqual(shown(await payments(run)), [["UKM9X2A1BC", home.number, "matched", 150_000]]);
        assert.equal((await getCheckout(run, id)).status, "succeeded");
        for (const known of ids) assert.equal((await getPayment(run, known)).receipt, "UKM9X2A1BC");
      });
    }
  }
});
