import assert from "node:assert/strict";
import { createCheckout } from "../../support/checkouts.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";

const DAY = 86_400_000;

/** As if every row had been made that long ago. */
async function age(run: InProcess, days: number): Promise<void> {
  await run.time.pass(days * DAY, () => Promise.resolve());
}

async function swept(run: InProcess): Promise<void> {
  await run.sweep();
  await run.pass(2_000);
}

const sizes = async (run: InProcess, ...tables: string[]): Promise<number[]> =>
  await Promise.all(tables.map((table) => run.count(table)));

async function trade(run: InProcess, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await createCheckout(run, { phone_number: `07000${String(i).padStart(5, "0")}`.slice(0, 10), reference: `o-${i}` });
  }
  await run.pass();
}

Deno.test("what has outlived its use is removed by the sweep, money records never", async () => {
  await inProcess(async (run) => {
    await trade(run, 3);
    const money = ["checkouts", "attempts", "payments"];
    const before = await sizes(run, ...money);
    const trail = await run.count("audit");
    const [keys, notices, events] = await sizes(run, "idempotency_keys", "notices", "events");
    assert.ok(keys === 3 && notices === 3 && (events ?? 0) >= 6);

    await age(run, 8);
    await swept(run);
    assert.deepEqual(await sizes(run, "idempotency_keys", "notices"), [0, 3]);
    await age(run, 91);
    await swept(run);
    const old = await run.sql("SELECT count(*) FROM events WHERE type <> 'audit.checkpoint'"); // the sweep makes new ones
    assert.deepEqual([old[0]?.[0], ...await sizes(run, "notices")], [0, 3]);
    await age(run, 310);
    await swept(run);
    assert.deepEqual(await sizes(run, "notices", "counters"), [0, 0]);
    assert.deepEqual(await sizes(run, ...money), before);
    assert.ok(await run.count("audit") >= trail);
  });
});

Deno.test("a key is kept for the seven days that were promised", async () => {
  await inProcess(async (run) => {
    const body = { amount: 10_000, currency: "KES", reference: "order-1" };
    const first = await run.call<{ id: string }>("POST", "/v1/checkouts", body, { key: "k" });
    await age(run, 6.9);
    await swept(run);
    const again = await run.call<{ id: string }>("POST", "/v1/checkouts", body, { key: "k" });
    assert.equal(again.headers.get("idempotent-replayed"), "true");
    assert.equal(again.body.id, first.body.id);
  });
});

Deno.test("a notice that was not applied stays, however old", async () => {
  await inProcess(async (run) => {
    await createCheckout(run, { phone_number: "0700009005" });
    await run.pass();
    await age(run, 1_000);
    await swept(run);
    assert.deepEqual(await run.sql("SELECT status FROM notices"), [["quarantined"]]);
  });
});

Deno.test("rows go in small batches, and all of them", async () => {
  await inProcess(async (run) => {
    const old = run.time.now() - 30 * DAY;
    await run.services.db.write(Array.from({ length: 450 }, (_, i) => ({
      sql: "INSERT INTO counters (name, total, cap, expires_at) VALUES (?, 1, 1, ?)",
      args: [`c${i}`, old],
    })));
    const deletes: number[] = [];
    const write = run.services.db.write.bind(run.services.db);
    run.services.db.write = async (statements) => {
      const results = await write(statements);
      statements.forEach(({ sql }, i) => {
        if (sql.startsWith("DELETE FROM counters")) deletes.push(results[i]?.changes ?? 0);
      });
      return results;
    };
    await swept(run);
    assert.deepEqual(deletes, [200, 200, 50]);
  });
});
