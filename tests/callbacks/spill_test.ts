import assert from "node:assert/strict";
import { type Database, DatabaseUnavailable } from "../../src/db/database.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { type InProcess, inProcess, type InProcessOptions } from "../support/in-process.ts";

/** A service whose database and key-value store can be taken away. */
function failing(): { away: { db: boolean; kv: boolean }; options: InProcessOptions } {
  const away = { db: false, kv: false };
  const refuse = () => Promise.reject(new DatabaseUnavailable("away", true));
  const wrapDatabase = (db: Database): Database => ({
    read: (statements) => away.db ? refuse() : db.read(statements),
    write: (statements) => away.db ? refuse() : db.write(statements),
    close: () => db.close(),
  });
  return {
    away,
    options: {
      wrapDatabase,
      wrapKeyValue: (kv) => ({
        ...kv,
        set: (...args) => away.kv ? Promise.reject(new Error("kv away")) : kv.set(...args),
      }),
    },
  };
}

const paid = JSON.stringify({
  Body: {
    stkCallback: {
      ResultCode: 0,
      CallbackMetadata: {
        Item: [{ Name: "Amount", Value: 1500 }, { Name: "MpesaReceiptNumber", Value: "UKM9X2A1BC" }],
      },
    },
  },
});

async function waiting(run: InProcess): Promise<{ id: string; capability: string }> {
  const { id, attempts } = await createCheckout(run, { phone_number: "0700009009" });
  return { id, capability: run.services.capabilities.mint("stk", attempts[0]?.id ?? "") };
}

Deno.test("a callback that the database can't take is kept beside it, acked, and carried over later", async () => {
  const { away, options } = failing();
  await inProcess(async (run) => {
    const { id, capability } = await waiting(run);
    away.db = true;
    assert.equal((await run.notify(capability, paid)).status, 200);
    assert.equal((await run.notify(capability, paid)).status, 200);
    const spilled = await run.kv.list(["spilled-notice"], 10);
    assert.equal(spilled.length, 2);
    assert.ok(spilled.every(({ value }) => !new TextDecoder().decode(value).includes("UKM9X2A1BC")), "sealed");
    assert.equal(run.logged("notice_spilled")[0]?.level, "alert");
    away.db = false;
    await run.sweep();
    assert.equal((await getCheckout(run, id)).payment?.receipt, "UKM9X2A1BC");
    assert.deepEqual(await run.kv.list(["spilled-notice"], 10), []);
    assert.deepEqual(await run.sql("SELECT copies, status FROM notices"), [[2, "applied"]]);
  }, options);
});

Deno.test("what is carried over survives a database that is still away", async () => {
  const { away, options } = failing();
  await inProcess(async (run) => {
    const { id, capability } = await waiting(run);
    away.db = true;
    await run.notify(capability, paid);
    await run.sweep().catch(() => {});
    assert.equal((await run.kv.list(["spilled-notice"], 10)).length, 1);
    away.db = false;
    await run.sweep();
    await run.sweep();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
  }, options);
});

Deno.test("one that can't be opened does not hold up the others", async () => {
  const { away, options } = failing();
  await inProcess(async (run) => {
    const { id, capability } = await waiting(run);
    await run.kv.set(["spilled-notice", "att_broken", "1"], new Uint8Array([1, 2, 3]));
    away.db = true;
    await run.notify(capability, paid);
    away.db = false;
    await run.sweep();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.equal(
      (await run.kv.list(["spilled-notice-unreadable"], 10)).length,
      1,
      "the broken one is kept for a person",
    );
    assert.ok(run.lines.some(({ level, event }) => level === "alert" && event === "spilled_notice_unreadable"));
  }, options);
});

Deno.test("only when both stores refuse is the answer 503", async () => {
  const { away, options } = failing();
  await inProcess(async (run) => {
    const { capability } = await waiting(run);
    away.db = away.kv = true;
    assert.equal((await run.notify(capability, paid)).status, 503);
    away.db = away.kv = false;
    assert.equal(await run.count("notices"), 0);
  }, options);
});

Deno.test("one sweep carries over all that was spilled, however much", async () => {
  const COUNT = 250;
  const { away, options } = failing();
  await inProcess(async (run) => {
    const { capability } = await waiting(run);
    const text = (n: number) => `{"Body":{"stkCallback":{"ResultCode":4999,"ResultDesc":"${n}"}}}`;
    away.db = true;
    const answers = await Promise.all(Array.from({ length: COUNT }, (_, n) => run.notify(capability, text(n))));
    assert.ok(answers.every(({ status }) => status === 200));
    away.db = false;
    await run.sweep();
    assert.equal(await run.count("notices"), COUNT);
    assert.deepEqual(await run.kv.list(["spilled-notice"], 10), []);
  }, { ...options, withoutJobs: true });
});

Deno.test("a page full of entries that can't be read does not hold up what is behind it", async () => {
  const { away, options } = failing();
  await inProcess(async (run) => {
    const { id, capability } = await waiting(run);
    const sealed = (text: string) =>
      run.services.vault.seal(text, { table: "kv", column: "spilled-notice", row: "aaa" });
    for (let n = 0; n < 120; n++) {
      const value = n % 2 === 0 ? new Uint8Array([1, 2, 3]) : await sealed(n % 4 === 1 ? "not json" : '{"body":1}');
      await run.kv.set(["spilled-notice", "aaa", String(n).padStart(3, "0")], value);
    }
    away.db = true;
    await run.notify(capability, paid);
    away.db = false;
    await run.sweep();
    assert.equal((await getCheckout(run, id)).status, "succeeded");
    assert.deepEqual(await run.kv.list(["spilled-notice"], 10), []);
    assert.equal((await run.kv.list(["spilled-notice-unreadable"], 200)).length, 120);
    assert.equal(run.logged("spilled_notice_unreadable").length, 120);
    await run.sweep();
    assert.equal(run.logged("spilled_notice_unreadable").length, 120, "one alert for each");
  }, options);
});
