import assert from "node:assert/strict";
import { createAccount, getAccount, payOpenly } from "../../support/accounts.ts";
import { createCheckout, getCheckout } from "../../support/checkouts.ts";
import { callback } from "../../support/facts.ts";
import { inProcess } from "../../support/in-process.ts";
import { checkLedger } from "../../support/money.ts";

/* An account has paid one half of an order, and its balance is the other half, which proves to be the order's own prompt's. */

const HSE12 = { account_reference: "HSE12" };
const SECOND = "UKM0000002";

for (const [when, hours, apply] of [["before", 0, "none"], ["after", 3, "oldest_first"]] as const) {
  Deno.test(`an order keeps what its account paid of other money when a prompt proves paid ${when} its end`, () =>
    inProcess(async (run) => {
      const account = await createAccount(run, HSE12);
      const { id } = await createCheckout(run, { ...HSE12, amount: 100_000 });
      await payOpenly(run, "HSE12", 500, "UKM0000001");
      await run.pass();
      assert.equal((await getCheckout(run, id)).amount_due, 50_000);
      await run.call("PATCH", `/v1/accounts/${account.id}`, { apply });
      await run.call("POST", `/v1/checkouts/${id}/attempts`, { phone_number: "254700001032" });
      await run.pass();
      await run.pass(hours * 3_600_000);
      const at = run.time.now();
      await payOpenly(run, "HSE12", 500, SECOND);
      await run.pass();
      assert.equal((await getAccount(run, account.id)).balance, 50_000);
      await callback(run, (await getCheckout(run, id)).attempts[0]?.id ?? "", { receipt: SECOND, amount: 500, at });
      await run.pass();
      const { status, amount_received } = await getCheckout(run, id);
      const { balance } = await getAccount(run, account.id);
      assert.deepEqual([status, amount_received, balance], ["succeeded", 100_000, 0]);
      assert.deepEqual(await checkLedger(run), []);
    }));
}
