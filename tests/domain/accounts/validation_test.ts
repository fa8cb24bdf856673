import assert from "node:assert/strict";
import { createAccount, getAccount } from "../../support/accounts.ts";
import { createCheckout } from "../../support/checkouts.ts";
import { inProcess } from "../../support/in-process.ts";
import { payPaybill } from "../../support/money.ts";

/** The number with another last digit. */
const wrong = (number: string): string => number.slice(0, -1) + (Number(number.at(-1)) + 1) % 10;

Deno.test("a number of ours with a wrong digit is refused before money moves; the right one and other texts are not", () =>
  inProcess(async (run) => {
    const { id, account_reference: number } = await createAccount(run);
    await assert.rejects(payPaybill(run, { amount: 500, reference: wrong(number) }), /refused/);
    assert.equal(run.simulator.world.transactions.list().length, 0);
    for (const reference of [number, "HOUSE 12", wrong(number).slice(1)]) {
      await payPaybill(run, { amount: 500, reference });
    }
    assert.equal((await getAccount(run, id)).balance, 50_000);
  }));

Deno.test("what could be a checkout's account, or one of the merchant's own of that form, is never refused", () =>
  inProcess(async (run) => {
    const { account_reference: number } = await createAccount(run);
    await createCheckout(run, { account_reference: wrong(number) });
    await payPaybill(run, { reference: wrong(number) });
    const other = (await createAccount(run)).account_reference;
    await createAccount(run, { account_reference: "12345678" });
    await payPaybill(run, { amount: 500, reference: wrong(other) });
    assert.equal(await run.count("payments"), 2);
  }));

Deno.test("where no numbers of ours are in use nothing is refused for its digits", () =>
  inProcess(async (run) => {
    await createAccount(run, { account_reference: "HSE12" });
    await payPaybill(run, { amount: 500, reference: "57240000" });
    await payPaybill(run, { amount: 500, reference: "57240001" });
    assert.equal(await run.count("payments"), 2);
  }));
