import assert from "node:assert/strict";
import type { PaymentDetail } from "../../../src/domain/payments/contract.ts";
import { createAccount, getAccount } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import type { CallOptions } from "../../support/client.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { checkLedger, payPaybill } from "../../support/money.ts";

/** A customer pays `amount` (shillings) for the account; answers the payment with its suggestions. */
async function paid(run: InProcess, reference: string, amount: number, shortcode = "600000"): Promise<PaymentDetail> {
  const receipt = await payPaybill(run, { reference, amount, shortcode, phone: "254722001037" });
  const { body } = await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?receipt=${receipt}`);
  return await detail(run, body.data[0]?.id ?? "");
}
const detail = async (run: InProcess, id: string) => (await run.call<PaymentDetail>("GET", `/v1/payments/${id}`)).body;
const accept = <T = PaymentDetail>(run: InProcess, id: string, suggestion = "sug_none", options: CallOptions = {}) =>
  run.call<T>("POST", `/v1/payments/${id}/accept`, { suggestion }, options);
const reasons = ({ suggestions }: PaymentDetail) => suggestions.map(({ reason }) => reason);

Deno.test("an account one digit away is suggested with its reason, and accepting it settles the order", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1001" });
    const payment = await paid(run, "INV1007", 1_500);
    const [first, ...more] = payment.suggestions;
    assert.deepEqual([first?.reason, first?.checkout, more], ["similar_account", id, []]);
    assert.equal(first?.text, 'One typing error apart: "INV1007" was typed, and this is INV1001.');
    assert.deepEqual(first?.allocations, [{ checkout: id, amount: 150_000 }]);
    const { status, body } = await accept(run, payment.id, first?.id);
    assert.deepEqual([status, body.status, body.checkout, body.suggestions], [200, "matched", id, []]);
    assert.deepEqual([(await getCheckout(run, id)).status, (await getCheckout(run, id)).payment?.id], [
      "succeeded",
      payment.id,
    ]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("two orders that add up are suggested together, and both are settled by accepting", () =>
  inProcess(async (run) => {
    const ids: string[] = [];
    for (const [reference, amount] of [["shoes", 150_000], ["belt", 100_000]] as const) {
      ids.push((await createCheckout(run, { reference, amount, account_reference: "AMINA" })).id);
    }
    const payment = await paid(run, "Amina", 2_500);
    const sum = payment.suggestions.find(({ reason }) => reason === "adds_up");
    assert.equal(sum?.text, "belt and shoes need KES\u00a02,500 together, which is what came.");
    assert.deepEqual(sum?.allocations.map(({ amount }) => amount), [100_000, 150_000]);
    const { body } = await accept(run, payment.id, sum?.id);
    assert.deepEqual([body.status, body.allocations?.length], ["matched", 2]);
    await run.pass();
    for (const id of ids) assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("two accounts that were typed one after the other are two orders; a sum by chance is none", () =>
  inProcess(async (run) => {
    await createCheckout(run, { reference: "a", amount: 150_000, account_reference: "INV1" });
    await createCheckout(run, { reference: "b", amount: 100_000, account_reference: "INV2" });
    assert.deepEqual(reasons(await paid(run, "INV1/INV2", 2_500)), ["adds_up"]);
    assert.deepEqual(reasons(await paid(run, "SOMEBODY", 2_500)), []);
  }));

Deno.test("the same amount, and a prompt to a phone that fits the payer's: also where M-Pesa masks the number", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1001", phone_number: "254722001037" });
    await createCheckout(run, { account_reference: "INV1002", phone_number: "254733001032" });
    await run.pass(120_000);
    const payment = await paid(run, "rent", 1_500);
    assert.deepEqual(payment.suggestions.map((s) => [s.reason, s.checkout]), [["same_phone_and_amount", id]]);
    assert.deepEqual(reasons(await paid(run, "rent", 1_400)), []);
  }));

Deno.test("a standing account one letter away gets the money as its balance", () =>
  inProcess(async (run) => {
    const account = await createAccount(run, { account_reference: "HSE12B" });
    const payment = await paid(run, "HSE12D", 900);
    const [first] = payment.account_suggestions;
    assert.deepEqual([first?.reason, first?.account, payment.suggestions], ["similar_account", account.id, []]);
    assert.equal((await accept(run, payment.id, first?.id)).body.status, "matched");
    assert.equal((await getAccount(run, account.id)).balance, 90_000);
  }));

Deno.test("more than an order needs: it gets what it needs, and the rest goes on waiting", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1" });
    const payment = await paid(run, "INV1", 1_700);
    const { body } = await accept(run, payment.id, payment.suggestions[0]?.id);
    assert.deepEqual([body.status, body.allocations], ["partial", [{ checkout: id, amount: 150_000 }]]);
    await createCheckout(run, { account_reference: "INV1", amount: 20_000 });
    const [rest] = (await detail(run, payment.id)).suggestions;
    assert.deepEqual(rest?.allocations.map(({ amount }) => amount), [20_000]);
    const all = await accept(run, payment.id, rest?.id);
    assert.deepEqual([all.body.status, all.body.allocations?.map(({ amount }) => amount)], ["matched", [
      150_000,
      20_000,
    ]]);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("at a till the same amount is the reason", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { shortcode: "500000" });
    const body = {
      TransactionType: "Buy Goods",
      TransID: "UKM0000001",
      TransAmount: "1500.00",
      BusinessShortCode: "500000",
    };
    const token = run.services.capabilities.mint("c2b_confirmation", "sho_01kamcvd000000000000000002");
    await run.notify(token, JSON.stringify({ ...body, TransTime: "20261124123000", MSISDN: "", BillRefNumber: "" }));
    await run.idle();
    const [[payment]] = await run.sql("SELECT id FROM payments") as [[string]];
    assert.deepEqual((await detail(run, payment)).suggestions.map((s) => [s.reason, s.checkout]), [[
      "same_amount",
      id,
    ]]);
  }));

Deno.test("a suggestion that does not fit any more is refused, and what was done meanwhile stays", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { account_reference: "INV1001" });
    const payment = await paid(run, "INV1007", 1_500);
    const suggestion = payment.suggestions[0]?.id;
    await payPaybill(run, { reference: "INV1001", amount: 500 });
    const refused = await accept<ProblemBody>(run, payment.id, suggestion);
    assert.deepEqual([refused.status, refused.body.code], [409, "conflict"]);
    assert.equal((await getCheckout(run, id)).amount_due, 100_000);
    const again = (await detail(run, payment.id)).suggestions[0]?.id;
    const answers = await Promise.all([accept(run, payment.id, again), accept(run, payment.id, again)]);
    assert.equal(answers.filter(({ status }) => status === 200).length >= 1, true);
    assert.equal((await getCheckout(run, id)).amount_received, 150_000);
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("accepting needs its scope and one's own payment, and names a wrong body", () =>
  inProcess(async (run) => {
    await createCheckout(run, { account_reference: "INV1001" });
    const { id, suggestions } = await paid(run, "INV1007", 1_500);
    const suggestion = suggestions[0]?.id;
    const code = async (options: CallOptions, payment = id) => {
      const { status, body } = await accept<ProblemBody>(run, payment, suggestion, options);
      return [status, body.code];
    };
    assert.deepEqual(await code({ client: null }), [401, "token_missing"]);
    assert.deepEqual(await code({ client: "cli_approver" }), [403, "insufficient_scope"]);
    assert.deepEqual(await code({ client: "cli_other" }), [404, "not_found"]);
    assert.deepEqual(await code({}, "pay_none"), [404, "not_found"]);
    const wrong = await run.call<ProblemBody>("POST", `/v1/payments/${id}/accept`, {});
    assert.deepEqual([wrong.status, wrong.body.errors?.[0]?.pointer], [422, "/suggestion"]);
  }));

for (const amount of [1_500, 2_500]) {
  Deno.test(`a suggestion of KES ${amount} is refused where another person placed the money meanwhile, and theirs stays`, () => {
    let during: (() => Promise<void>) | null = null;
    return inProcess(async (run) => {
      const suggested = await createCheckout(run, { account_reference: "INV1001" });
      const theirs = await createCheckout(run, { account_reference: "OTHER", amount: amount * 100 });
      const payment = await paid(run, "INV1007", amount);
      const suggestion = payment.suggestions.find(({ checkout }) => checkout === suggested.id);
      during = async () => {
        during = null;
        const body = { checkout: theirs.id };
        assert.equal((await run.call("POST", `/v1/payments/${payment.id}/match`, body)).status, 200);
      };
      const { status, body } = await accept<ProblemBody>(run, payment.id, suggestion?.id);
      assert.equal(during, null, "the other person came in between");
      assert.equal(status, 409, JSON.stringify(body));
      assert.deepEqual(
        [(await getCheckout(run, theirs.id)).status, (await getCheckout(run, suggested.id)).status],
        ["succeeded", "open"],
      );
      assert.deepEqual(await checkLedger(run), []);
    }, {
      wrapDatabase: (db) => ({
        ...db,
        async read(statements) {
          const found = await db.read(statements);
          if (statements.some(({ sql }) => sql.includes("FROM standing_accounts WHERE shortcode_id"))) await during?.();
          return found;
        },
        write: (statements) => db.write(statements),
        close: () => db.close(),
      }),
    });
  });
}
