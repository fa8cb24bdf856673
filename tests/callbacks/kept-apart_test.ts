import assert from "node:assert/strict";
import type { Database } from "../../src/db/database.ts";
import { createPayout, getPayout } from "../support/payouts.ts";
import { inProcess } from "../support/in-process.ts";

const result = {
  Result: {
    ResultType: 0,
    ResultCode: 2040,
    ResultDesc: "declined",
    ConversationID: "AG_1",
    TransactionID: "UKM0000000",
  },
};

Deno.test("one text at two kinds of URL, or about two rows, is two notices; a copy is the same one", () =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    const other = await createPayout(run, { phone_number: "254700019017" });
    const { capabilities } = run.services;
    const text = JSON.stringify(result);
    for (const id of [payout.id, other.id]) {
      await run.notify(capabilities.mint("payout_timeout", id), text);
      await run.notify(capabilities.mint("payout_result", id), text);
      await run.notify(capabilities.mint("payout_result", id), text);
    }
    await run.idle();
    assert.deepEqual(await run.sql("SELECT kind, copies, count(*) FROM notices GROUP BY kind, copies ORDER BY kind"), [
      ["payout_result", 2, 2],
      ["payout_timeout", 1, 2],
    ]);
    for (const id of [payout.id, other.id]) assert.equal((await getPayout(run, id)).status, "failed");
  }));

Deno.test("a notice that was applied is not applied again, though its job comes back", () =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    await run.notify(run.services.capabilities.mint("payout_result", payout.id), JSON.stringify(result));
    await run.idle();
    const [[id, processedAt]] = await run.sql("SELECT id, processed_at FROM notices") as [[string, number]];
    const audit = await run.count("audit");
    await run.pass(5_000);
    const now = run.time.now();
    await run.db.write([run.services.jobs.schedule("notice", id, null, now)]);
    run.services.jobs.wake(now);
    await run.pass(1_000);
    assert.equal(await run.count("jobs"), 0);
    assert.deepEqual(await run.sql("SELECT processed_at FROM notices"), [[processedAt]]);
    assert.equal(await run.count("audit"), audit);
  }));

Deno.test("a notice that the database refuses for good is not put aside, and Daraja hears that it was not taken", () => {
  const refusing = (db: Database): Database => ({
    read: (statements) => db.read(statements),
    write: (statements) =>
      statements.some(({ sql }) => sql.startsWith("INSERT INTO notices"))
        ? Promise.reject(new Error("this row can never be stored"))
        : db.write(statements),
    close: () => db.close(),
  });
  return inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    const answer = await run.notify(run.services.capabilities.mint("payout_result", payout.id), JSON.stringify(result));
    assert.equal(answer.status, 500);
    assert.deepEqual(await run.kv.list(["spilled-notice"], 10), []);
  }, { wrapDatabase: refusing });
});
