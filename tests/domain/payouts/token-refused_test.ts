import assert from "node:assert/strict";
import { type InProcess, inProcess, type InProcessOptions } from "../../support/in-process.ts";
import { createRefund, getRefund, payPaybill } from "../../support/money.ts";
import { notFoundNotice, tell } from "../../support/notices.ts";
import { act, createPayout, getPayout } from "../../support/payouts.ts";
import type { PaymentView } from "../../../src/domain/checkouts/payment-contract.ts";

/** Daraja that refuses every token of these paths while `refuses` is set. */
function refusing(path: string, status = 404, errorCode = "404.001.03") {
  const state = { refuses: true, refused: 0 };
  const options: InProcessOptions = {
    daraja: (request) => {
      if (!state.refuses || !request.url.includes(path)) return null;
      state.refused++;
      return Response.json({ requestId: "1", errorCode, errorMessage: "Invalid Access Token" }, { status });
    },
  };
  return { state, options };
}

const sentBy = (run: InProcess, operation: string) =>
  run.simulator.world.requests.list().filter((request) => request.operation === operation).length;

for (const [status, code] of [[404, "404.001.03"], [401, "401.003.01"]] as const) {
  Deno.test(`two refused tokens (${code}) fail no payout: nothing was sent, so it waits and goes out once`, async () => {
    const { state, options } = refusing("/b2c/", status, code);
    await inProcess(async (run) => {
      const payout = await createPayout(run);
      await run.pass(100);
      assert.equal(state.refused, 2, "one call, with one fresh token");
      const waiting = await getPayout(run, payout.id);
      assert.deepEqual([waiting.status, waiting.failure, sentBy(run, "b2c")], ["queued", null, 0]);
      assert.equal(run.logged("payout_token_refused")[0]?.level, "alert");
      state.refuses = false;
      await run.pass(10_000);
      assert.equal((await getPayout(run, payout.id)).status, "succeeded");
      assert.equal(sentBy(run, "b2c"), 1);
    }, options);
  });
}

Deno.test("a payout in doubt that was not found is sent again once its token is taken, and not before", async () => {
  const { state, options } = refusing("/b2c/");
  state.refuses = false;
  await inProcess(async (run) => {
    const { id } = await createPayout(run, { phone_number: "254709339017" });
    await run.pass(100);
    await tell(run, id, "payout_timeout", {});
    state.refuses = true;
    await tell(run, id, "status_result", notFoundNotice());
    await run.pass(1_000);
    assert.deepEqual([(await getPayout(run, id)).status, state.refused, sentBy(run, "b2c")], ["in_doubt", 2, 1]);
    state.refuses = false;
    await run.pass(20_000);
    assert.equal(sentBy(run, "b2c"), 2, "with the same id, in the hour in which Daraja knows it");
  }, options);
});

Deno.test("a payout that waits for a good token can be cancelled", async () => {
  const { options } = refusing("/b2c/");
  await inProcess(async (run) => {
    const payout = await createPayout(run);
    await run.pass(100);
    assert.equal((await act(run, payout.id, "cancel")).status, 200);
    assert.equal((await getPayout(run, payout.id)).status, "cancelled");
  }, options);
});

Deno.test("two refused tokens fail no refund: nothing was sent, so it waits and goes out once", async () => {
  const { state, options } = refusing("/reversal/");
  await inProcess(async (run) => {
    await payPaybill(run);
    const { body } = await run.call<{ data: PaymentView[] }>("GET", "/v1/payments");
    const refund = await createRefund(run, body.data[0]?.id ?? "");
    await run.pass(100);
    assert.deepEqual([(await getRefund(run, refund.id)).status, sentBy(run, "reversal")], ["queued", 0]);
    state.refuses = false;
    await run.pass(10_000);
    assert.equal((await getRefund(run, refund.id)).status, "succeeded");
    assert.equal(sentBy(run, "reversal"), 1);
  }, options);
});
