import assert from "node:assert/strict";
import { getCheckout } from "../../support/checkouts.ts";
import { eventTypes } from "../../support/payouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import {
  askRefund,
  checkLedger,
  createRefund,
  getPayment,
  getRefund,
  holdings,
  paidCheckout,
  payPaybill,
} from "../../support/money.ts";

const reversals = (run: InProcess) => run.simulator.world.transactions.list().filter(({ kind }) => kind === "reversal");
const asked = (run: InProcess) =>
  run.simulator.world.requests.list().filter(({ operation }) => operation === "reversal");
const HOUR_MS = 3_600_000;

Deno.test("a refund gives the whole payment back, once", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const before = (await getCheckout(run, payment.checkout ?? "")).version;
    const refund = await createRefund(run, payment.id);
    assert.equal(refund.status, "queued");
    await run.pass(100);
    assert.equal((await getRefund(run, refund.id)).status, "submitted");
    await run.pass();
    const done = await getRefund(run, refund.id);
    assert.equal(done.status, "succeeded");
    assert.equal(done.receipt, reversals(run)[0]?.receipt);
    assert.equal((await getPayment(run, payment.id)).status, "refunded");
    const checkout = await getCheckout(run, payment.checkout ?? "");
    assert.equal(checkout.status, "succeeded");
    assert.ok(checkout.version > before, "whoever has loaded the checkout before meets a conflict");
    assert.deepEqual(await eventTypes(run, refund.id), ["refund.created", "refund.submitted", "refund.succeeded"]);
    assert.deepEqual(await holdings(run), { merchant_available: 0, mpesa_utility: 0 });
    assert.deepEqual(await checkLedger(run), []);
    const again = await askRefund<{ code: string }>(run, payment.id);
    assert.deepEqual([again.status, again.body.code], [409, "wrong_state"]);
  }));

Deno.test("of refunds of one payment asked for at once, one is taken and one reversal made", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const answers = await Promise.all(Array.from({ length: 20 }, () => askRefund(run, payment.id)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [202, ...Array(19).fill(409)]);
    await run.pass();
    assert.equal(asked(run).length, 1);
    assert.equal(reversals(run).length, 1);
  }));

Deno.test("the same Idempotency-Key answers the same refund", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const first = await askRefund(run, payment.id, {}, { key: "refund-1" });
    const second = await askRefund(run, payment.id, {}, { key: "refund-1" });
    assert.deepEqual(second.body, first.body);
    assert.equal(second.headers.get("idempotent-replayed"), "true");
    assert.equal((await askRefund(run, payment.id, {}, { key: null })).status, 400);
  }));

Deno.test("a refund without a result is asked after, and succeeds by Transaction Status", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, { phone_number: "0712349014" });
    const refund = await createRefund(run, payment.id);
    await run.pass(60_000);
    assert.equal((await getRefund(run, refund.id)).status, "submitted");
    await run.pass(120_000);
    assert.equal((await getRefund(run, refund.id)).status, "succeeded");
    assert.equal(reversals(run).length, 1);
  }));

Deno.test("a queue timeout puts a refund in doubt, and its result ends it", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, { phone_number: "0712349016" });
    const refund = await createRefund(run, payment.id);
    await run.pass(2_000);
    assert.equal((await getRefund(run, refund.id)).status, "in_doubt");
    await run.pass();
    assert.equal((await getRefund(run, refund.id)).status, "succeeded");
  }));

Deno.test("a refund that Transaction Status can't find stays in doubt, and waits for a person in the end", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, { phone_number: "0712349017" });
    const refund = await createRefund(run, payment.id);
    await run.pass(5 * 60_000);
    assert.equal((await getRefund(run, refund.id)).status, "in_doubt");
    await run.pass(27 * HOUR_MS);
    const waiting = await getRefund(run, refund.id);
    assert.deepEqual([waiting.status, waiting.needs_person], ["in_doubt", true]);
    assert.equal(asked(run).length, 1);
    assert.equal((await askRefund(run, payment.id)).status, 409);

    const path = `/v1/refunds/${refund.id}/resolve`;
    const body = { outcome: "failed", evidence: "Portal statement of 22 November: no reversal" };
    assert.equal((await run.call("POST", path, body)).status, 403);
    const resolved = await run.call("POST", path, body, { client: "cli_operator" });
    assert.deepEqual([resolved.status, resolved.body.status], [200, "failed"]);
    assert.equal((await run.call("POST", path, body, { client: "cli_operator" })).status, 409);
    assert.equal((await askRefund(run, payment.id)).status, 202); // its part of the payment is free again
  }));

Deno.test("an unclear answer is never failed: asked for again, 'already reversed' shows that the first was taken", () => {
  let cut = 1;
  let run: InProcess | null = null;
  return inProcess(async (running) => {
    run = running;
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    await run.pass(100);
    assert.equal((await getRefund(run, refund.id)).status, "in_doubt");
    await run.pass(60_000);
    const done = await getRefund(run, refund.id);
    assert.equal(done.status, "succeeded");
    assert.equal((await getPayment(run, payment.id)).status, "refunded");
    assert.equal(asked(run).length, 2);
    assert.equal(reversals(run).length, 1);
    assert.deepEqual(await checkLedger(run), []);
  }, {
    daraja: async (request) => {
      if (!request.url.endsWith("/reversal/v1/request") || cut-- <= 0) return null;
      await run?.simulator.app.fetch(request);
      throw new TypeError("connection reset");
    },
    // The first reversal's own result never comes.
    callback: async (request) => {
      const body = await request.clone().text();
      return body.includes("OriginalTransactionID") ? new Response("", { status: 503 }) : null;
    },
  });
});

Deno.test("'already reversed' without an unexplained request of ours is in doubt: a person decides, and nothing is free", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const { transactions: books } = run.simulator.world;
    books.record({
      kind: "reversal",
      amount: 1_500,
      phone: "254712345678",
      shortcode: "600000",
      original_receipt: payment.receipt ?? "",
    });
    const refund = await createRefund(run, payment.id);
    await run.pass();
    const doubt = await getRefund(run, refund.id);
    assert.deepEqual([doubt.status, doubt.needs_person, doubt.result_code], ["in_doubt", true, "R000001"]);
    assert.equal(run.logged("refund_needs_person").length, 1);
    await run.pass(30 * HOUR_MS);
    assert.equal(asked(run).length, 1);
    const resolved = await run.call("POST", `/v1/refunds/${refund.id}/resolve`, {
      outcome: "failed",
      evidence: "Portal: reversed by the bank's help desk",
    }, { client: "cli_operator" });
    assert.deepEqual([resolved.status, resolved.body.status], [200, "failed"]);
    assert.equal((await getRefund(run, refund.id)).failure?.code, "already_reversed");
    assert.equal((await getPayment(run, payment.id)).status, "matched");
    const other = await askRefund<{ code: string }>(run, payment.id, { method: "payout" });
    assert.deepEqual([other.status, other.body.code], [409, "wrong_state"]);
  }));

Deno.test("a refused reversal fails, and the payment can be refunded otherwise", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const account = run.simulator.world.accounts.find("600000");
    assert.ok(account);
    const had = account.utilityCents;
    account.utilityCents = 0;
    const refund = await createRefund(run, payment.id);
    await run.pass();
    const failed = await getRefund(run, refund.id);
    assert.deepEqual([failed.status, failed.failure?.code, failed.result_code], ["failed", "insufficient_float", "1"]);
    account.utilityCents = had;
    const second = await createRefund(run, payment.id);
    await run.pass();
    assert.equal((await getRefund(run, second.id)).status, "succeeded");
  }));

Deno.test("money that was never matched can be given back", () =>
  inProcess(async (run) => {
    const receipt = await payPaybill(run);
    const { body } = await run.call<{ data: { id: string }[] }>("GET", `/v1/payments?receipt=${receipt}`);
    await createRefund(run, body.data[0]?.id ?? "");
    await run.pass();
    assert.deepEqual(await holdings(run), { mpesa_utility: 0, suspense: 0 });
    assert.deepEqual(await checkLedger(run), []);
  }));

Deno.test("a payment without a receipt can't be reversed yet, and a part of one can't be reversed at all", () =>
  inProcess(async (run) => {
    const nameless = await paidCheckout(run, { phone_number: "0712349010" });
    assert.equal(nameless.receipt, null);
    const early = await askRefund<{ code: string }>(run, nameless.id);
    assert.deepEqual([early.status, early.body.code], [409, "wrong_state"]);
    const payment = await paidCheckout(run);
    for (const amount of [100, 150_100]) {
      const { status, body } = await askRefund<{ errors: { pointer: string }[] }>(run, payment.id, { amount });
      assert.deepEqual([status, body.errors[0]?.pointer], [422, "/amount"]);
    }
  }));

Deno.test("a refund of an amount that differs is quarantined for a person", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    await run.pass(100);
    const capability = run.services.capabilities.mint("refund_result", refund.id);
    const result = {
      Result: {
        ResultType: 0,
        ResultCode: 0,
        ResultDesc: "ok",
        ConversationID: "AG_1",
        TransactionID: "UKN1A2B3C4",
        ResultParameters: { ResultParameter: [{ Key: "Amount", Value: 1400 }] },
      },
    };
    await run.notify(capability, JSON.stringify(result));
    await run.idle();
    const doubt = await getRefund(run, refund.id);
    assert.deepEqual([doubt.status, doubt.needs_person], ["in_doubt", true]);
    assert.equal(run.logged("notice_quarantined").length, 1);
    assert.equal((await getPayment(run, payment.id)).status, "matched");
  }));

Deno.test("refunds are asked for with the scope, and of one's own payments only", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const refund = await createRefund(run, payment.id);
    assert.equal((await askRefund(run, payment.id, {}, { client: null })).status, 401);
    const token = await run.token("cli_demo", "refunds:read");
    assert.equal((await askRefund(run, payment.id, {}, { token })).status, 403);
    assert.equal((await askRefund(run, payment.id, {}, { client: "cli_other" })).status, 404);
    for (const path of [`/v1/refunds/${refund.id}`, "/v1/refunds/rfd_01kamcvdf2ej5s2k8sxw9ggk6s"]) {
      assert.equal((await run.call("GET", path, undefined, { client: "cli_other" })).status, 404);
      assert.equal((await run.call("POST", `${path}/refresh`, undefined, { client: "cli_other" })).status, 404);
    }
    const { body } = await run.call<{ data: unknown[] }>("GET", "/v1/refunds", undefined, { client: "cli_other" });
    assert.deepEqual(body.data, []);
    const own = await run.call<{ data: { id: string }[] }>("GET", `/v1/refunds?payment=${payment.id}&status=queued`);
    assert.deepEqual(own.body.data.map(({ id }) => id), [refund.id]);
    assert.equal((await run.call("GET", "/v1/refunds?status=lost")).status, 400);
    await run.pass();
    const { status } = await run.call("POST", `/v1/refunds/${refund.id}/refresh`);
    assert.equal(status, 200);
  }));
