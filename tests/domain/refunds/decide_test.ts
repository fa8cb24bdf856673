import assert from "node:assert/strict";
import { inProcess, type ProblemBody } from "../../support/in-process.ts";
import { askRefund, createRefund, getRefund, paidCheckout } from "../../support/money.ts";

const operator = { client: "cli_operator" } as const;

Deno.test("a refund by payout is not resolved apart from its payout", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run, { phone_number: "0712349017" });
    const refund = await createRefund(run, payment.id, { method: "payout" });
    await run.pass(5 * 60_000);
    assert.equal((await getRefund(run, refund.id)).status, "in_doubt");
    const body = { outcome: "failed", evidence: "Portal statement of 22 November" };
    const answer = await run.call<ProblemBody>("POST", `/v1/refunds/${refund.id}/resolve`, body, operator);
    assert.deepEqual([answer.status, answer.body.code], [409, "wrong_state"]);
    assert.equal((await getRefund(run, refund.id)).status, "in_doubt");
  }));

Deno.test("a person cannot resolve two refunds with one receipt", () =>
  inProcess(async (run) => {
    const done = await createRefund(run, (await paidCheckout(run)).id);
    await run.pass();
    const { receipt } = await getRefund(run, done.id);
    assert.ok(receipt);
    const doubt = await createRefund(run, (await paidCheckout(run, { phone_number: "0712349017" })).id);
    await run.pass(5 * 60_000);
    const body = { outcome: "succeeded", evidence: "Portal statement of 22 November", receipt };
    const answer = await run.call<ProblemBody>("POST", `/v1/refunds/${doubt.id}/resolve`, body, operator);
    assert.deepEqual([answer.status, answer.body.code], [409, "wrong_state"]);
    assert.equal((await getRefund(run, doubt.id)).status, "in_doubt");
  }));

Deno.test("a refund by payout is of whole shillings, and within the limits of one payout", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    for (const amount of [50_050, 100]) {
      const answer = await askRefund<ProblemBody>(run, payment.id, { method: "payout", amount });
      assert.deepEqual([answer.status, answer.body.errors?.[0]?.pointer], [422, "/amount"], String(amount));
    }
    assert.equal(await run.count("refunds"), 0);
  }));

Deno.test("a reversal that a rate limit turns away is sent again later, and not failed", () => {
  let refusals = 2;
  return inProcess(async (run) => {
    const refund = await createRefund(run, (await paidCheckout(run)).id);
    await run.pass(100);
    assert.equal((await getRefund(run, refund.id)).status, "queued");
    await run.pass(60_000);
    assert.equal((await getRefund(run, refund.id)).status, "succeeded");
    assert.equal(refusals, 0);
  }, {
    daraja: (request) => {
      if (!request.url.includes("/reversal/") || refusals === 0) return null;
      refusals--;
      return new Response(JSON.stringify({ errorCode: "500.003.02", errorMessage: "Spike arrest violation" }), {
        status: 429,
      });
    },
  });
});
