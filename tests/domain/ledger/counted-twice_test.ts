import assert from "node:assert/strict";
import { getCheckout } from "../../support/checkouts.ts";
import { callback, prompted, refreshed, TILL } from "../../support/facts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { checkLedger } from "../../support/money.ts";

/*
 * Before two rows of one pull could not take one prompt (simulation, seed 171), a prompt's transfer was recorded as a second
 * payment of another order of the till, beside the payment without a receipt that stands for it: counted twice.
 */

const RECEIPT = "UKM0000009";
const TWICE = "pay_01kamcvdf2ej5s2k8sxw9ggk6z";

/** The rows as the fault left them: gives the order whose prompt lacks its receipt. */
async function countedTwice(run: InProcess): Promise<string> {
  const till = { shortcode: TILL.number };
  const lacking = await prompted(run, till);
  const other = await prompted(run, { ...till, reference: "order-2" });
  const at = run.time.now();
  await callback(run, other.attempts[0]?.id ?? "", { receipt: "UKM0000008", amount: 1_500, at });
  await refreshed(run, lacking);
  const [columns] = await run.sql("SELECT group_concat(name) FROM pragma_table_info('payments')");
  const values = String(columns?.[0]).split(",").map((name) =>
    ({
      id: `'${TWICE}'`,
      attempt_id: "NULL",
      receipt: `'${RECEIPT}'`,
      receipt_source: "'notice'",
      channel: "'pull'",
      status: "'duplicate_payment'",
      account_reference: "NULL",
      account_key: "''",
      phone: "NULL",
    })[name] ?? name
  );
  const sql = `INSERT INTO payments SELECT ${values} FROM payments WHERE receipt = 'UKM0000008'`;
  await run.db.write([{ sql, args: [] }]);
  return lacking.id;
}

Deno.test("the check of the ledger names what an older version counted twice, and a match mends it", () =>
  inProcess(async (run) => {
    const id = await countedTwice(run);
    await run.pass(86_400_000);
    const named = (await checkLedger(run)).filter(({ kind }) => kind === "counted_twice");
    assert.deepEqual(named.map(({ subjects, found, shortcode }) => [subjects, found, shortcode]), [
      [[TWICE], 150_000, TILL.number],
    ]);
    assert.equal((await run.call("POST", `/v1/payments/${TWICE}/match`, { checkout: id })).status, 200);
    const { status, payment } = await getCheckout(run, id);
    assert.deepEqual([status, payment?.receipt, await run.count("payments")], ["succeeded", RECEIPT, 2]);
    assert.deepEqual(await checkLedger(run), []);
  }));
