import assert from "node:assert/strict";
import { recording, type RecordingDatabase } from "../../support/database.ts";
import { inProcess } from "../../support/in-process.ts";
import { awaiting, createCheckout, match, pay, paymentOf } from "./support.ts";

const small = ["merchants", "clients", "shortcodes", "schema_migrations", "guards", "prompt_guards"];

Deno.test("matching and reconciling scan no table that grows", async () => {
  let recorded: RecordingDatabase | undefined;
  await inProcess(async (run) => {
    await createCheckout(run, { shortcode: "500000", phone_number: "254700009001" });
    const { id } = await awaiting(run, "INV-1");
    await pay(run, "INV-1", 1000);
    const payment = await paymentOf(run, (await pay(run, "INV-2", 1500)).receipt);
    await match(run, payment.id, id);
    await pay(run, "", 50, { shortcode: "500000" });
    await run.sweep();
    await run.call("POST", "/v1/reconciliations", {});
    await run.pass(2 * 3_600_000);
    const csv = "Receipt No.,Completion Time,Transaction Status,Paid In\nUKM9X2A1BC,22-11-2024 12:13:25,Completed,5";
    await run.call("POST", "/v1/reconciliations", undefined, { raw: csv, headers: { "content-type": "text/csv" } });
    await run.pass(60_000);
    await run.call("GET", "/v1/reconciliations?status=completed");
    const tables = (await run.sql("SELECT name FROM sqlite_master WHERE type = 'table'")).map(([name]) => String(name));
    const scans: string[] = [];
    for (const sql of recorded?.texts ?? []) {
      if (!/payments|reconcil|notices|checkouts/.test(sql)) continue;
      const marks = sql.replaceAll(/'[^']*'/g, "").match(/\?/g)?.length ?? 0;
      const args = Array.from({ length: marks }, () => null);
      const [plan] = await run.db.read([{ sql: `EXPLAIN QUERY PLAN ${sql.replace(/ RETURNING .*$/s, "")}`, args }]);
      for (const row of plan?.rows ?? []) {
        const table = /^SCAN (?:TABLE )?(\w+)/.exec(String(row[3]))?.[1] ?? "";
        if (tables.includes(table) && !small.includes(table)) scans.push(`${row[3]}: ${sql}`);
      }
    }
    assert.deepEqual(scans, []);
  }, { wrapDatabase: (db) => recorded = recording(db) });
});
