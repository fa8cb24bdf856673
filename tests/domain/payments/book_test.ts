import assert from "node:assert/strict";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { createAccount } from "../../support/accounts.ts";
import { confirmation, OTHER_PAYBILL, PAYBILL, prompted, refreshed, TILL, type Transfer } from "../../support/facts.ts";
import type { CallOptions, ProblemBody } from "../../support/client.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { interrupted } from "../../support/interrupted.ts";
import { importStatement } from "../../support/statements.ts";
import { askRefund, checkLedger, getPayment, holdings, payPaybill } from "../../support/money.ts";

/* Issue 13, item 14: money for a number that is no shortcode is recorded, and an operator books it. */

const UNKNOWN = "777777";
const RECEIPT = "UKM9X2A1BC";
const transfer = (run: InProcess): Transfer => ({ receipt: RECEIPT, amount: 1_500, at: run.time.now() });
const all = async (run: InProcess): Promise<PaymentView[]> =>
  (await run.call<{ data: PaymentView[] }>("GET", "/v1/payments")).body.data;

/** M-Pesa posts to the paybill's URL and names a number of nobody; gives the id of the payment. */
async function strayMoney(run: InProcess): Promise<string> {
  await confirmation(run, { id: PAYBILL.id, number: UNKNOWN }, "INV1001", transfer(run));
  return (await all(run))[0]?.id ?? "";
}

const book = (run: InProcess, id: string, body: unknown = {}, options: CallOptions = {}) =>
  run.call<PaymentView & Pick<ProblemBody, "code" | "errors">>("POST", `/v1/payments/${id}/book`, body, {
    client: "cli_operator",
    ...options,
  });

const audited = (run: InProcess) => run.sql("SELECT actor FROM audit WHERE action = 'payment.booked'");
/** The one that removes the stray payment, in the batch of the booking. */
const isBooking = ({ sql }: { readonly sql: string }) => sql.startsWith("UPDATE payments SET receipt = NULL");

Deno.test("booked money pays the checkout that it names, and its old id answers", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1001" });
    const stray = await strayMoney(run);
    const { status, body } = await book(run, stray);
    assert.deepEqual([status, body.status, body.checkout, body.shortcode], [200, "matched", id, PAYBILL.number]);
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual((await all(run)).map(({ id }) => id), [body.id]);
    assert.equal((await getPayment(run, stray)).id, body.id);
    assert.deepEqual(await audited(run), [["cli_operator"]]);
    const types = await run.sql("SELECT type FROM events WHERE subject_id = ? ORDER BY rowid", body.id);
    assert.deepEqual(types.flat(), ["payment.received", "payment.merged"]);
    assert.deepEqual([await checkLedger(run), (await holdings(run)).mpesa_utility], [[], 150_000]);
  }));

Deno.test("money is booked at another shortcode of the merchant, with its ledger, and can be given back then", () =>
  inProcess(async (run) => {
    const stray = await strayMoney(run);
    assert.equal((await askRefund(run, stray)).status, 409);
    const { status, body } = await book(run, stray, { shortcode: TILL.number });
    assert.deepEqual([status, body.status, body.shortcode], [200, "unmatched", TILL.number]);
    assert.deepEqual([(await holdings(run)).mpesa_utility, (await holdings(run, TILL.number)).mpesa_utility], [
      0,
      150_000,
    ]);
    assert.deepEqual(await checkLedger(run), []);
    assert.equal((await askRefund(run, body.id, { method: "reversal" })).status, 202);
  }));

Deno.test("booking it again changes nothing; at another shortcode it is refused", () =>
  inProcess(async (run) => {
    const stray = await strayMoney(run);
    const { body } = await book(run, stray);
    for (const id of [stray, body.id]) {
      const again = await book(run, id);
      assert.deepEqual([again.status, again.body.id, again.body.version], [200, body.id, body.version]);
      const moved = await book(run, id, { shortcode: TILL.number });
      assert.deepEqual([moved.status, moved.body.code], [409, "wrong_state"]);
    }
    assert.equal((await audited(run)).length, 1);
    const paid = await payPaybill(run, { reference: "nobody" });
    const ordinary = (await all(run)).find(({ receipt }) => receipt === paid)?.id ?? "";
    assert.equal((await book(run, ordinary, { shortcode: TILL.number })).status, 409);
  }));

Deno.test("a number of nobody, of another merchant and an unknown payment are refused, and nothing moves", () =>
  inProcess(async (run) => {
    const stray = await strayMoney(run);
    for (const shortcode of [UNKNOWN, OTHER_PAYBILL.number, "500001"]) {
      const { status, body } = await book(run, stray, { shortcode });
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, "/shortcode"]);
    }
    assert.equal((await book(run, stray, { shortcode: 600000 })).status, 422);
    assert.equal((await book(run, "pay_01kamcvdf2ej5s2k8sxw9ggk6r")).status, 404);
    assert.deepEqual((await all(run)).map(({ id, version }) => [id, version]), [[stray, 1]]);
  }));

Deno.test("only an operator of the merchant books its money", () =>
  inProcess(async (run) => {
    const stray = await strayMoney(run);
    for (const client of ["cli_demo", "cli_other", "cli_treasurer"] as const) {
      assert.equal((await book(run, stray, {}, { client })).status, 403);
    }
    await run.db.write([{
      sql: "UPDATE clients SET scopes = json_insert(scopes, '$[#]', 'operator') WHERE id = 'cli_other'",
      args: [],
    }]);
    const token = await run.token("cli_other", "operator");
    assert.equal((await book(run, stray, {}, { client: null, token })).status, 404);
    assert.deepEqual(await audited(run), []);
  }));

for (const shortcode of [PAYBILL.number, TILL.number]) {
  Deno.test(`a person who matches the money while it is booked at ${shortcode} has it`, () => {
    const { planned, options } = interrupted("before write", isBooking);
    return inProcess(async (run) => {
      const checkout = await createCheckout(run);
      const stray = await strayMoney(run);
      planned.happens = () => run.call("POST", `/v1/payments/${stray}/match`, { checkout: checkout.id });
      const { status } = await book(run, stray, { shortcode });
      assert.equal(status, shortcode === PAYBILL.number ? 200 : 409);
      assert.deepEqual((await all(run)).map(({ id, status }) => [id, status]), [[stray, "matched"]]);
      assert.equal((await getCheckout(run, checkout.id)).payment?.id, stray);
      assert.deepEqual([await checkLedger(run), await audited(run)], [[], []]);
    }, options);
  });
}

Deno.test("two operators and M-Pesa at once make one payment of it", () => {
  const { planned, options } = interrupted("before write", isBooking);
  return inProcess(async (run) => {
    const stray = await strayMoney(run);
    planned.happens = async () => {
      await book(run, stray, { shortcode: TILL.number });
      await confirmation(run, { id: PAYBILL.id, number: PAYBILL.number }, "INV1001", transfer(run));
    };
    assert.equal((await book(run, stray, { shortcode: TILL.number })).status, 409);
    assert.deepEqual((await all(run)).map(({ shortcode, receipt }) => [shortcode, receipt]), [[
      PAYBILL.number,
      RECEIPT,
    ]]);
    assert.equal((await getPayment(run, stray)).receipt, RECEIPT);
    assert.deepEqual(await checkLedger(run), []);
  }, options);
});

Deno.test("where the process dies before the booking is stored, the money waits as before", () => {
  const { planned, options } = interrupted("before write", isBooking);
  return inProcess(async (run) => {
    const stray = await strayMoney(run);
    planned.happens = () => Promise.reject(new Error("the process died"));
    assert.equal((await book(run, stray)).status, 500);
    assert.deepEqual((await all(run)).map(({ id, status }) => [id, status]), [[stray, "unmatched"]]);
    assert.equal((await book(run, stray)).status, 200);
    assert.deepEqual([(await all(run)).length, await checkLedger(run)], [1, []]);
  }, options);
});

Deno.test("the till's statement that lists the money books it there, and loses nothing", () =>
  inProcess(async (run) => {
    const stray = await strayMoney(run);
    const line = { receipt: RECEIPT, at: run.time.now(), in: 1_500 };
    await importStatement(run, [line], TILL.number);
    assert.deepEqual((await all(run)).map(({ receipt, shortcode }) => [receipt, shortcode]), [[RECEIPT, TILL.number]]);
    assert.equal((await getPayment(run, stray)).shortcode, TILL.number);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a statement that lists stray money at the paybill books it, whichever of the two comes first", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1001" });
    const stray = await strayMoney(run);
    const done = await importStatement(run, [{ receipt: RECEIPT, at: run.time.now(), in: 1_500, account: "INV1001" }]);
    assert.deepEqual([done.created, done.matched], [1, 0]);
    const [payment] = await all(run);
    assert.deepEqual([payment?.status, payment?.checkout, (await getCheckout(run, id)).status], [
      "matched",
      id,
      "succeeded",
    ]);
    assert.deepEqual([(await getPayment(run, stray)).id, await checkLedger(run)], [payment?.id, []]);
  }));

const allocate = (run: InProcess, id: string, allocations: unknown) =>
  run.call<PaymentView>("POST", `/v1/payments/${id}/allocate`, { allocations });

Deno.test("money of nobody that a person placed and took back is nobody's again: it pays no prompt, and can be booked", () =>
  inProcess(async (run) => {
    const order = await createCheckout(run, { reference: "order-2" });
    const stray = await strayMoney(run);
    assert.equal((await allocate(run, stray, [{ checkout: order.id, amount: 150_000 }])).status, 200);
    await run.pass();
    assert.equal((await getCheckout(run, order.id)).status, "succeeded");
    assert.equal((await allocate(run, stray, [])).body.status, "unmatched");
    const asked = await prompted(run, { account_reference: "INV1001" }); // a query says paid, and names no receipt
    await refreshed(run, asked);
    assert.equal((await getCheckout(run, asked.id)).payment?.receipt, null);
    assert.equal((await askRefund(run, stray)).status, 409);
    const booked = await book(run, stray, { shortcode: TILL.number });
    assert.deepEqual([booked.status, booked.body.shortcode], [200, TILL.number]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("money of nobody that a person matched and another person's choice replaced can be booked", () =>
  inProcess(async (run) => {
    const stray = await strayMoney(run);
    const account = await createAccount(run, { account_reference: "HSE12" });
    const [a, b] = [await createCheckout(run), await createCheckout(run, { reference: "order-2" })];
    for (const { id } of [a, b]) await run.call("POST", `/v1/payments/${stray}/match`, { checkout: id });
    assert.equal((await book(run, stray, { shortcode: TILL.number })).status, 409, "a person said what it is for");
    for (const parts of [[{ account: account.id, amount: 150_000 }], []]) {
      assert.equal((await allocate(run, stray, parts)).status, 200);
      await run.idle();
    }
    assert.equal((await book(run, stray, { shortcode: TILL.number })).body.shortcode, TILL.number);
    assert.deepEqual(await checkLedger(run), []);
  }));
