import assert from "node:assert/strict";
import { migrate, rollback } from "../../../src/db/migrator.ts";
import { loadMigrations } from "../../../src/platform/deno/migrations.ts";
import { inProcess } from "../../support/in-process.ts";
import { holdings } from "../../support/money.ts";
import { failureNotice, paidNotice, tell } from "../../support/notices.ts";
import { act, createPayout, getPayout } from "../../support/payouts.ts";

const operator = { client: "cli_operator" } as const;

Deno.test("the way back from counter-entries keeps every entry and balance, and the way up posts nothing twice", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    await tell(run, id, "payout_timeout", {});
    const resolve = (outcome: string) => act(run, id, "resolve", operator, { outcome, evidence: "Portal statement" });
    assert.equal((await resolve("succeeded")).status, 200);
    const payout = await getPayout(run, id);
    await tell(run, id, "payout_result", failureNotice(payout));
    assert.equal((await resolve("failed")).status, 200);
    await tell(run, id, "payout_result", paidNotice(payout));
    const amount = payout.amount;
    const entries = () => run.sql("SELECT entry, subject_id, debit, credit, amount FROM ledger_entries ORDER BY entry");
    const causes = async () => (await run.sql("SELECT cause FROM ledger_entries ORDER BY entry")).flat();
    const before = await entries();
    assert.deepEqual(await causes(), ["payout", "payout", "payout"], "posted, taken back, and posted again");
    assert.deepEqual(await holdings(run), { merchant_available: -amount, mpesa_utility: -amount });
    const balances = await run.sql("SELECT * FROM ledger_accounts ORDER BY 1, 2");

    const migrations = await loadMigrations();
    const steps = migrations.filter(({ name }) => name >= "0011").length;
    await rollback(run.db, migrations, { steps });
    assert.deepEqual(await entries(), before);
    assert.deepEqual(
      await causes(),
      ["payout", "payment_moved", "payment_moved"],
      "the old index allows one of a cause",
    );
    assert.deepEqual(await run.sql("SELECT * FROM ledger_accounts ORDER BY 1, 2"), balances);
    await assert.rejects(run.db.write([{ sql: "UPDATE ledger_entries SET amount = 1", args: [] }]), /append-only/);

    await migrate(run.db, migrations);
    assert.deepEqual(await entries(), before);
    assert.deepEqual(await run.sql("SELECT * FROM ledger_accounts ORDER BY 1, 2"), balances);
  }));
