import assert from "node:assert/strict";
import type { Database } from "../../../src/db/database.ts";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import {
  callback,
  confirmation,
  mpesaTime,
  PAYBILL,
  prompted,
  refreshed,
  TILL,
  type Transfer,
} from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger, createRefund, getPayment, payPaybill } from "../../support/money.ts";

let receipts = 9_101;
const transfer = (run: InProcess, laterMs = 0): Transfer => ({
  receipt: `UKM${String(receipts++).padStart(7, "0")}`,
  amount: 1_500,
  at: run.time.now() + laterMs,
});
async function byReceipt(run: InProcess, receipt: string): Promise<PaymentView> {
  const { body } = await run.call<{ data: PaymentView[] }>("GET", `/v1/payments?receipt=${receipt}`);
  assert.equal(body.data.length, 1);
  return body.data[0] as PaymentView;
}
const match = (run: InProcess, payment: string, checkout: string) =>
  run.call<PaymentView & { code?: string }>("POST", `/v1/payments/${payment}/match`, { checkout });
async function types(run: InProcess, subject: string): Promise<string[]> {
  const rows = await run.sql("SELECT type FROM events WHERE subject_id = ? ORDER BY id", subject);
  return rows.map(([type]) => String(type));
}
const claimed = async (run: InProcess, changes: Record<string, unknown> = {}): Promise<CheckoutView> => {
  const checkout = await prompted(run, { amount: 150_000, ...changes });
  await run.pass(10_000);
  await refreshed(run, checkout);
  return await getCheckout(run, checkout.id);
};
const count = async (run: InProcess): Promise<number> => await run.count("payments");

Deno.test("a receipt that a person matches takes the place of the payment without a receipt: one transfer is one payment", () =>
  inProcess(async (run) => {
    const checkout = await claimed(run, { account_reference: "RENT" });
    const placeholder = checkout.payment?.id ?? "";
    const one = transfer(run, -2_000);
    await confirmation(run, PAYBILL, "TYPO", one);
    const money = await byReceipt(run, one.receipt);
    assert.deepEqual([money.status, await count(run)], ["unmatched", 2]);
    const answer = await match(run, money.id, checkout.id);
    assert.deepEqual([answer.status, answer.body.status, answer.body.checkout], [200, "matched", checkout.id]);
    const now = await getCheckout(run, checkout.id);
    assert.deepEqual([now.status, now.payment?.id, await count(run)], ["succeeded", money.id, 1]);
    assert.equal((await getPayment(run, placeholder)).id, money.id);
    assert.deepEqual(await types(run, money.id), ["payment.received", "payment.matched", "payment.merged"]);
    assert.deepEqual(await checkLedger(run), []);
    await createRefund(run, money.id);
    const again = await run.count("audit");
    assert.equal((await match(run, money.id, checkout.id)).status, 200);
    assert.equal(await run.count("audit"), again, "a repeat writes nothing");
  }));

Deno.test("money of another amount never takes the place of a prompt's payment, whatever a person says", () =>
  inProcess(async (run) => {
    const checkout = await claimed(run, { account_reference: "RENT" });
    const one = { ...transfer(run, -2_000), amount: 1_000 };
    await confirmation(run, PAYBILL, "TYPO", one);
    const answer = await match(run, (await byReceipt(run, one.receipt)).id, checkout.id);
    assert.deepEqual([answer.status, answer.body.code], [409, "wrong_state"]);
    assert.equal((await getCheckout(run, checkout.id)).payment?.id, checkout.payment?.id);
    assert.equal(await count(run), 2);
  }));

Deno.test("a callback after a person's match proves the receipt, and changes nothing else", () =>
  inProcess(async (run) => {
    const checkout = await claimed(run, { account_reference: "RENT" });
    const one = transfer(run, -2_000);
    await confirmation(run, PAYBILL, "TYPO", one);
    await match(run, (await byReceipt(run, one.receipt)).id, checkout.id);
    await callback(run, checkout.attempts[0]?.id ?? "", one);
    const now = await getCheckout(run, checkout.id);
    assert.deepEqual([now.status, now.payment?.receipt, await count(run)], ["succeeded", one.receipt, 1]);
    assert.equal((await match(run, now.payment?.id ?? "", (await createCheckout(run)).id)).status, 409, "proven");
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("an inferred payment is moved to another checkout; the prompt that it leaves waits for its own receipt", () =>
  inProcess(async (run) => {
    const till = { shortcode: TILL.number };
    const [a, b] = [await claimed(run, till), await createCheckout(run, till)];
    const one = transfer(run, -2_000);
    await confirmation(run, TILL, null, one);
    const money = await byReceipt(run, one.receipt);
    assert.equal(money.checkout, a.id);
    const answer = await match(run, money.id, b.id);
    assert.deepEqual([answer.status, answer.body.checkout], [200, b.id]);
    const [left, right] = [await getCheckout(run, a.id), await getCheckout(run, b.id)];
    assert.deepEqual([left.status, left.payment?.receipt, right.status, right.payment?.id], [
      "succeeded",
      null,
      "succeeded",
      money.id,
    ]);
    assert.equal((await types(run, money.id)).at(-1), "payment.matched");
    const own = transfer(run, -1_000);
    await confirmation(run, TILL, null, own);
    assert.equal((await getCheckout(run, a.id)).payment?.receipt, own.receipt);
    assert.equal(await count(run), 2);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("two receipts that were inferred the wrong way round change places by one word of a person", () =>
  inProcess(async (run) => {
    const till = { shortcode: TILL.number };
    const a = await prompted(run, { amount: 150_000, ...till });
    const b = await prompted(run, { amount: 150_000, ...till, phone_number: "254710009001" });
    await run.pass(10_000);
    await refreshed(run, a);
    await refreshed(run, b);
    const [one, two] = [transfer(run, -3_000), transfer(run, -2_000)];
    await confirmation(run, TILL, null, one);
    await confirmation(run, TILL, null, two);
    const first = await byReceipt(run, one.receipt);
    const from = first.checkout ?? "";
    const to = from === a.id ? b.id : a.id;
    assert.equal((await match(run, first.id, to)).status, 200);
    assert.deepEqual([(await byReceipt(run, one.receipt)).checkout, (await byReceipt(run, two.receipt)).checkout], [
      to,
      from,
    ]);
    for (const id of [a.id, b.id]) assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.equal(await count(run), 2);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("what a person matched to the wrong checkout is moved, and the checkout that it leaves is open again", () =>
  inProcess(async (run) => {
    const [a, b] = [await createCheckout(run), await createCheckout(run)];
    const receipt = await payPaybill(run, { reference: "TYPO" });
    const { id } = await byReceipt(run, receipt);
    assert.equal((await match(run, id, a.id)).status, 200);
    assert.equal((await match(run, id, b.id)).status, 200);
    assert.deepEqual([(await getCheckout(run, a.id)).status, (await getCheckout(run, b.id)).status], [
      "open",
      "succeeded",
    ]);
    assert.deepEqual((await types(run, a.id)).slice(-2), ["checkout.succeeded", "checkout.reopened"]);
    const audit = await run.sql(
      "SELECT json_extract(data, '$.from') FROM audit WHERE action = 'payment.matched' ORDER BY seq",
    );
    assert.deepEqual(audit.map(([from]) => from), [null, a.id]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a payment of which a part went back stays with its checkout", () =>
  inProcess(async (run) => {
    const [a, b] = [await createCheckout(run), await createCheckout(run)];
    const body = {
      TransactionType: "Pay Bill",
      TransID: "UKM0009999",
      TransTime: mpesaTime(run.time.now()),
      TransAmount: "1500.00",
      BusinessShortCode: PAYBILL.number,
      BillRefNumber: "TYPO",
      MSISDN: "254712345678",
      FirstName: "JANE",
    };
    await run.notify(run.services.capabilities.mint("c2b_confirmation", PAYBILL.id), JSON.stringify(body));
    await run.idle();
    const { id } = await byReceipt(run, "UKM0009999");
    await match(run, id, a.id);
    await createRefund(run, id, { method: "payout", amount: 50_000 });
    const refused = await match(run, id, b.id);
    assert.deepEqual([refused.status, refused.body.code], [409, "refunded_already"]);
    await run.pass(10_000);
    assert.equal((await match(run, id, b.id)).body.code, "refunded_already");
    assert.equal((await getCheckout(run, a.id)).status, "succeeded");
  }));

Deno.test("of two people who move one payment at once one is told no, and it is at one checkout", () =>
  inProcess(async (run) => {
    const till = { shortcode: TILL.number };
    const a = await claimed(run, till);
    const others = [await createCheckout(run, till), await createCheckout(run, till)];
    const one = transfer(run, -2_000);
    await confirmation(run, TILL, null, one);
    const { id } = await byReceipt(run, one.receipt);
    const answers = await Promise.all(others.map((checkout) => match(run, id, checkout.id)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409]);
    const statuses = await Promise.all(others.map(async (checkout) => (await getCheckout(run, checkout.id)).status));
    assert.deepEqual([statuses.toSorted(), (await getCheckout(run, a.id)).status], [
      ["open", "succeeded"],
      "succeeded",
    ]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("an old id of a merged payment is matched as the payment that stays; one without a receipt is not", () =>
  inProcess(async (run) => {
    const checkout = await claimed(run, { account_reference: "RENT" });
    const placeholder = checkout.payment?.id ?? "";
    const other = await createCheckout(run);
    const refused = await match(run, placeholder, other.id);
    assert.deepEqual([refused.status, refused.body.code], [409, "wrong_state"]);
    const one = transfer(run, -2_000);
    await confirmation(run, PAYBILL, "TYPO", one);
    await match(run, (await byReceipt(run, one.receipt)).id, checkout.id);
    const moved = await match(run, placeholder, other.id);
    assert.deepEqual([moved.status, moved.body.receipt, moved.body.checkout], [200, one.receipt, other.id]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money of the whole amount settles the order when a smaller payment, which a person had matched to it, is given back", () =>
  inProcess(async (run) => {
    const made = await createCheckout(run, { phone_number: undefined, amount: 34_000, account_reference: "INV1" });
    const small = await payPaybill(run, { amount: 10, reference: "stray" });
    const [{ id = "" } = {}] =
      (await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?receipt=${small}`)).body.data;
    assert.equal((await run.call("POST", `/v1/payments/${id}/match`, { checkout: made.id })).status, 200);
    await payPaybill(run, { amount: 340, reference: "INV1" });
    assert.equal((await getCheckout(run, made.id)).status, "succeeded");
    await createRefund(run, id);
    await run.pass(60_000);
    const { status, amount_received } = await getCheckout(run, made.id);
    assert.deepEqual([status, amount_received], ["succeeded", 34_000]);
  }));

for (const order of ["before", "after"] as const) {
  Deno.test(`a person's match has the last word, though a query says ${order} it that a prompt in doubt was paid`, () =>
    inProcess(async (run) => {
      const { id } = await createCheckout(run, { phone_number: "0700009005" }); // its callback has another amount
      await run.pass();
      if (order === "before") await run.pass(120_000);
      assert.equal((await getCheckout(run, id)).status, "review");
      await payPaybill(run);
      const [[payment]] = await run.sql("SELECT id FROM payments WHERE status = 'unmatched'") as [[string]];
      const matched = await run.call("POST", `/v1/payments/${payment}/match`, { checkout: id });
      assert.equal(matched.status, 200);
      await run.pass(3_600_000);
      assert.ok(run.logged("job").some(({ fields }) => fields.query === "paid"), "the query was answered");
      const { status, amount_received: received } = await getCheckout(run, id);
      assert.deepEqual([status, received], ["succeeded", 150_000]);
    }));
}

Deno.test("who matches a payment that another person has just matched elsewhere is told so, and no order is paid by nothing", () => {
  let between: { readonly checkout: string; readonly step: () => Promise<unknown> } | null = null;
  const wrapDatabase = (db: Database): Database => ({
    close: () => db.close(),
    write: (statements) => db.write(statements),
    async read(statements) {
      const now = between;
      if (now !== null && statements.some(({ args }) => args.includes(now.checkout))) {
        between = null;
        await now.step();
      }
      return await db.read(statements);
    },
  });
  return inProcess(async (run) => {
    const [first, second] = [await createCheckout(run), await createCheckout(run, { reference: "order-2" })];
    const one = transfer(run);
    await confirmation(run, PAYBILL, "NOBODY", one);
    const { id } = await byReceipt(run, one.receipt);
    between = { checkout: second.id, step: () => match(run, id, first.id) };
    const { status, body } = await match(run, id, second.id);
    assert.deepEqual([status, body.code], [409, "wrong_state"]);
    assert.equal((await getCheckout(run, first.id)).status, "succeeded");
    assert.equal((await getCheckout(run, second.id)).status, "open");
    await checkLedger(run);
  }, { wrapDatabase });
});
