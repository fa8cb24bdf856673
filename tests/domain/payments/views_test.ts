import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { payerDataPlace } from "../../../src/domain/checkouts/payment-sealing.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callbackDelayMs, type InProcess, inProcess, type InProcessOptions } from "../../support/in-process.ts";

/** Holds the callbacks of Daraja, so that the test can deliver them in another order. */
function holdCallbacks(): { options: InProcessOptions; deliver(run: InProcess, holds: string): Promise<void> } {
  const held: { url: string; body: string }[] = [];
  return {
    options: {
      callback: async (request) => {
        held.push({ url: request.url, body: await request.text() });
        return Response.json({ ResultCode: 0, ResultDesc: "Accepted" });
      },
    },
    async deliver(run, holds) {
      const found = held.find(({ body }) => body.includes(holds));
      assert.ok(found, `${holds} was sent`);
      const answer = await run.notify(found.url.split("/").at(-1) ?? "", found.body);
      assert.equal(answer.status, 200);
      await run.idle();
    },
  };
}

const STK = "stkCallback";
const C2B = "TransID";

/** The phone and name of a payment, decrypted. */
async function personal(run: InProcess, id: string): Promise<readonly (string | null)[]> {
  const [row] = await run.sql("SELECT phone, payer_name FROM payments WHERE id = ?", id);
  const open = async (column: "phone" | "payer_name", sealed: unknown) =>
    sealed instanceof Uint8Array ? await run.services.vault.openText(sealed, payerDataPlace(column, id)) : null;
  return [await open("phone", row?.[0]), await open("payer_name", row?.[1])];
}

for (const order of [[STK, C2B], [C2B, STK]]) {
  Deno.test(`9013, ${order.join(" before ")}: two views of one receipt are one payment`, async () => {
    const { options, deliver } = holdCallbacks();
    await inProcess(async (run) => {
      const { id } = await createCheckout(run, { phone_number: "0700009013" });
      await run.pass(2 * callbackDelayMs);
      for (const view of order) await deliver(run, view);
      const { body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments");
      const [moved] = run.simulator.world.transactions.list();
      assert.deepEqual(
        body.data.map(({ receipt, checkout, status, channel, amount }) => ({
          receipt,
          checkout,
          status,
          channel,
          amount,
        })),
        [{ receipt: moved?.receipt, checkout: id, status: "matched", channel: "stk", amount: 150_000 }],
      );
      assert.equal((await getCheckout(run, id)).status, "succeeded");
      assert.deepEqual(await run.sql("SELECT status, copies FROM notices"), [["applied", 1], ["applied", 1]]);
      const [phone, name] = await personal(run, body.data[0]?.id ?? "");
      assert.equal(phone, "254700009013");
      assert.match(name ?? "", /^[A-Z]+$/);
    }, options);
  });
}

Deno.test("a payment that a query told of takes receipt, phone and name from what comes later, and they open", async () => {
  for (const order of [[STK, C2B], [C2B, STK]]) {
    const { options, deliver } = holdCallbacks();
    await inProcess(async (run) => {
      const { id } = await createCheckout(run, { phone_number: "0700009013" });
      await run.pass(2 * callbackDelayMs);
      await run.call("POST", `/v1/checkouts/${id}/refresh`);
      const before = await getCheckout(run, id);
      assert.deepEqual([before.status, before.payment?.receipt], ["succeeded", null]);
      for (const view of order) await deliver(run, view);
      const after = await getCheckout(run, id);
      assert.equal(after.payment?.id, before.payment?.id, "it stays the attempt's one payment");
      assert.equal(after.payment?.receipt, run.simulator.world.transactions.list()[0]?.receipt);
      assert.equal(await run.count("payments"), 1);
      const [phone, name] = await personal(run, after.payment?.id ?? "");
      assert.deepEqual([phone, typeof name], ["254700009013", "string"]);
    }, options);
  }
});

Deno.test("of two shoppers with one account reference, a confirmation never pays the wrong one's checkout", async () => {
  const { options, deliver } = holdCallbacks();
  await inProcess(async (run) => {
    const payer = await createCheckout(run, { phone_number: "0700009013", account_reference: "SHOP" });
    const other = await createCheckout(run, { account_reference: "SHOP" });
    await run.pass(2 * callbackDelayMs);
    await deliver(run, C2B);
    assert.equal((await getCheckout(run, other.id)).status, "open");
    await deliver(run, STK);
    assert.equal((await getCheckout(run, other.id)).status, "open");
    const paid = await getCheckout(run, payer.id);
    assert.deepEqual([paid.status, await run.count("payments")], ["succeeded", 1]);
  }, options);
});
