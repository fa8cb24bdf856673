import assert from "node:assert/strict";
import { jobHandlers } from "../../../src/app/job-handlers.ts";
import type { CheckoutView } from "../../../src/domain/checkouts/contract.ts";
import { checkoutBody, createCheckout, getCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess, type ProblemBody } from "../../support/in-process.ts";
import { payPaybill } from "../../support/money.ts";
import { BEFORE_MIDNIGHT_MS } from "../../support/time.ts";

/** M-Pesa's limits in small: KES 1,000 a transaction, 1,500 a phone and day. */
const env = { CHECKOUT_MAX_AMOUNT_KES: "1000", CHECKOUT_DAILY_PER_PHONE_KES: "1500" };
const split = (amount: number) => ({ amount, split: true, account_reference: "FEES7" });
const [ONE, TWO, THREE] = ["0722000111", "0722000222", "0722000333"] as const;

const ask = <T = CheckoutView>(run: InProcess, id: string, phone_number: string) =>
  run.call<T>("POST", `/v1/checkouts/${id}/attempts`, { phone_number });
const books = (run: InProcess) => run.simulator.world.transactions.list().map(({ kind, amount }) => [kind, amount]);
const asked = ({ attempts }: CheckoutView) => attempts.map(({ amount, status }) => [amount, status]);

Deno.test("an amount above M-Pesa's limit is collected by prompts, one after the other, by as many phones as it takes", () =>
  inProcess(async (run) => {
    const made = await createCheckout(run, { ...split(250_000), phone_number: ONE });
    assert.deepEqual([made.split, made.partial, made.amount_due], [true, "collect", 250_000]);
    assert.deepEqual(asked(made), [[100_000, "pending"]]);
    const second = await ask<ProblemBody>(run, made.id, TWO);
    assert.deepEqual([second.status, second.body.code], [409, "phone_busy"]);
    assert.ok(Number(second.headers.get("retry-after")) > 0);
    await run.pass();
    const part = await getCheckout(run, made.id);
    assert.deepEqual([part.status, part.amount_received, part.amount_due], ["open", 100_000, 150_000]);

    const rest = await ask(run, made.id, ONE);
    assert.deepEqual(asked(rest.body).at(-1), [50_000, "pending"], "what the phone may still pay today");
    await run.pass();
    const over = await ask<ProblemBody>(run, made.id, ONE);
    assert.deepEqual([over.status, over.body.code], [422, "limit_exceeded"]);
    assert.match(over.body.detail, /midnight in Nairobi/);
    assert.deepEqual(asked((await ask(run, made.id, TWO)).body).at(-1), [100_000, "pending"]);
    await run.pass();
    const paid = await getCheckout(run, made.id);
    assert.deepEqual([paid.status, paid.amount_received, paid.amount_due], ["succeeded", 250_000, 0]);
    assert.deepEqual(books(run), [["stk", 1000], ["stk", 500], ["stk", 1000]]);
    const late = await ask<ProblemBody>(run, made.id, THREE);
    assert.deepEqual([late.status, late.body.code], [409, "checkout_not_open"]);
  }, { env }));

Deno.test("two requests at once for the next part prompt one phone", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, split(250_000));
    const answers = await Promise.all([ONE, TWO, THREE].map((phone) => ask(run, id, phone)));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409]);
    await run.pass();
    assert.deepEqual(books(run), [["stk", 1000]]);
  }, { env }));

Deno.test("the daily limit is over at midnight in Nairobi, and the same phone goes on", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { ...split(200_000), expires_in: 3_600 });
    await ask(run, id, ONE);
    await run.pass(500); // the prompt is out at the end of the day
    assert.equal((await ask(run, id, ONE)).status, 409);
    await run.pass(120_000);
    const next = await ask(run, id, ONE);
    assert.deepEqual(asked(next.body).at(-1), [100_000, "pending"], "all of the new day");
    await run.pass();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(books(run), [["stk", 1000], ["stk", 1000]]);
  }, { env, startMs: BEFORE_MIDNIGHT_MS }));

Deno.test("a prompt without a clear answer may have been paid, so its part is not asked for again", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { ...split(150_000), expires_in: 86_400 });
    await ask(run, id, "0722009009"); // HTML 503; nothing more
    await run.pass(10 * 60_000);
    const doubt = await getCheckout(run, id);
    assert.deepEqual([doubt.status, asked(doubt)], ["open", [[100_000, "unknown"]]]);
    const rest = await ask(run, id, TWO);
    assert.deepEqual(asked(rest.body).at(-1), [50_000, "pending"], "only what nobody was asked for");
    await run.pass();
    const all = await ask<ProblemBody>(run, id, TWO);
    assert.deepEqual([all.status, all.body.code], [409, "checkout_not_open"]);
    assert.match(all.body.detail, /may have been paid/);
  }, { env }));

Deno.test("a declined part is asked for again, and a part by paybill makes the next prompt smaller", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, split(220_000));
    await ask(run, id, "0722001032");
    await run.pass();
    assert.equal((await getCheckout(run, id)).last_failure?.code, "cancelled_by_customer");
    await payPaybill(run, { amount: 1_500, reference: "FEES7" });
    await run.pass();
    const rest = await ask(run, id, TWO);
    assert.deepEqual(asked(rest.body).at(-1), [70_000, "pending"]);
    await run.pass();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(books(run), [["c2b", 1500], ["stk", 700]]);
  }, { env }));

Deno.test("the same amount is not asked for twice within two minutes where another one will do", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, split(230_000));
    await ask(run, id, ONE);
    await run.pass();
    assert.deepEqual(asked((await ask(run, id, TWO)).body).at(-1), [30_000, "pending"]);
    await run.pass();
    assert.deepEqual(asked((await ask(run, id, TWO)).body).at(-1), [100_000, "pending"]);
    await run.pass();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
  }, { env }));

for (
  const [what, end] of [
    ["expires", async (run: InProcess) => await run.pass(31 * 60_000)],
    ["is cancelled", async (run: InProcess, id: string) => {
      assert.equal((await run.call("POST", `/v1/checkouts/${id}/cancel`)).status, 200);
    }],
  ] as const
) {
  Deno.test(`what has come of a split checkout that ${what} is not lost: a person looks, and no prompt is sent`, () =>
    inProcess(async (run) => {
      const { id } = await createCheckout(run, { ...split(250_000), phone_number: ONE });
      await run.pass();
      await end(run, id);
      const over = await getCheckout(run, id);
      assert.deepEqual([over.status, over.amount_received], ["review", 100_000]);
      assert.equal((await ask(run, id, TWO)).status, 409);
      assert.deepEqual(books(run), [["stk", 1000]]);
    }, { env }));
}

Deno.test("a process that dies between two parts leaves all that the next one needs", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { ...split(180_000), phone_number: ONE });
    await run.services.jobs.stop(1_000); // the callback is taken, and handled by nobody
    await run.pass();
    assert.deepEqual(asked(await getCheckout(run, id)), [[100_000, "pending"]]);
    assert.equal((await ask(run, id, TWO)).status, 409, "nobody knows yet whether it was paid");
    run.services.jobs.start(jobHandlers(run.services));
    run.services.jobs.claimNow();
    await run.idle();
    await run.pass(5 * 60_000);
    assert.deepEqual(asked(await getCheckout(run, id)), [[100_000, "succeeded"]]);
    assert.deepEqual(asked((await ask(run, id, TWO)).body).at(-1), [80_000, "pending"]);
    await run.pass();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(books(run), [["stk", 1000], ["stk", 800]]);
  }, { env }));

Deno.test("what is no more than the limit is one prompt as ever, and what is too much or contradicts itself is refused", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { ...split(90_000), phone_number: ONE });
    await run.pass();
    assert.deepEqual([(await getCheckout(run, id)).status, books(run)], ["succeeded", [["stk", 900]]]);
    for (
      const [changes, pointer] of [
        [{ amount: 250_000 }, "/amount"],
        [split(1_000_100), "/amount"],
        [{ ...split(250_000), partial: "refuse" }, "/split"],
        [{ ...split(250_000), split: "yes" }, "/split"],
      ] as const
    ) {
      const { status, body } = await run.call<ProblemBody>("POST", "/v1/checkouts", checkoutBody(changes));
      assert.deepEqual([status, body.errors?.[0]?.pointer], [422, pointer]);
    }
  }, { env }));
