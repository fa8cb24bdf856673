import assert from "node:assert/strict";
import { checkoutBody, createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { BEFORE_MIDNIGHT_MS, timesOfDay } from "../../support/time.ts";

const ask = (run: InProcess, changes: Record<string, unknown>) =>
  run.call<ProblemBody>("POST", "/v1/checkouts", checkoutBody(changes));
const big = { amount: 20_000_000, phone_number: "0700009001" }; // KES 200,000

Deno.test("M-Pesa's limit for one transaction is configurable, and the pointer says so", async () => {
  await inProcess(async (run) => {
    assert.equal((await ask(run, { amount: 100_000 })).status, 201);
    const { status, body } = await ask(run, { amount: 100_100 });
    assert.deepEqual([status, body.code, body.errors?.[0]?.pointer], [422, "validation_failed", "/amount"]);
    assert.match(body.detail, /100000 cents \(KES 1000\)/);
  }, { env: { CHECKOUT_MAX_AMOUNT_KES: "1000" } });
});

Deno.test("a phone's day ends at midnight in Nairobi", async () => {
  await inProcess(async (run) => {
    for (let i = 0; i < 2; i++) await createCheckout(run, big);
    await run.pass(1_999);
    assert.equal((await ask(run, big)).status, 422);
    await run.pass(1);
    assert.equal((await ask(run, big)).status, 201);
  }, { startMs: BEFORE_MIDNIGHT_MS });
});

/** What all phones have reserved, over all days, in cents. */
const reserved = async (run: InProcess): Promise<number> =>
  Number((await run.sql("SELECT sum(total) FROM counters WHERE name LIKE 'checkout/%'"))[0]?.[0]);

for (const [when, startMs] of timesOfDay) {
  Deno.test(`a phone's day is limited: what would pass it is refused whole, ${when}`, async () => {
    await inProcess(async (run) => {
      for (let i = 0; i < 2; i++) await createCheckout(run, big);
      const before = await run.count("checkouts");
      const { status, body } = await ask(run, big);
      assert.deepEqual([status, body.code], [422, "limit_exceeded"]);
      assert.equal(await run.count("checkouts"), before);
      assert.equal(await run.count("idempotency_keys"), before, "the key may be used again");
      assert.equal((await ask(run, { ...big, phone_number: "0712345678" })).status, 201, "another phone");
      assert.equal((await ask(run, { ...big, phone_number: undefined })).status, 201, "no phone yet");
      await run.pass(24 * 3_600_000);
      assert.equal((await ask(run, big)).status, 201, "another day");
    }, { startMs });
  });

  Deno.test(`of ten requests at once for what fits two, two pass, ${when}`, async () => {
    await inProcess(async (run) => {
      await run.token();
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(run, big)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, ...Array.from({ length: 8 }, () => 422)]);
      assert.equal(run.simulator.world.requests.list().filter(({ operation }) => operation === "stk").length, 2);
    }, { startMs });
  });

  Deno.test(`a failed attempt gives its allowance back, once, ${when}`, async () => {
    const failing = { ...big, phone_number: "0700001032" };
    await inProcess(async (run) => {
      const { id } = await createCheckout(run, failing);
      await run.pass();
      assert.equal(await reserved(run), 0);
      await createCheckout(run, failing);
      await run.call("POST", `/v1/checkouts/${id}/refresh`);
      assert.equal(await reserved(run), 20_000_000, "news of the same failure gives nothing more");
    }, { startMs });
  });
}
