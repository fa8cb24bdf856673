import assert from "node:assert/strict";
import type { Database } from "../../../src/db/database.ts";
import { migrate, rollback } from "../../../src/db/migrator.ts";
import { openDatabase } from "../../../src/db/open.ts";
import { loadMigrations } from "../../../src/platform/deno/migrations.ts";
import { databases, withStore } from "../../support/database.ts";

const rows = async (db: Database, sql: string) => (await db.read([{ sql, args: [] }]))[0]?.rows;

async function fill(db: Database): Promise<void> {
  const statements = [
    "INSERT INTO merchants VALUES ('mer_1', 'demo', 1)",
    "INSERT INTO shortcodes (id, merchant_id, kind, number, store_number, name, is_default, credentials, created_at, updated_at) " +
    "VALUES ('sho_1', 'mer_1', 'paybill', '600000', NULL, 'Demo', 1, x'00', 1, 1)",
    "INSERT INTO payments (id, merchant_id, shortcode_id, receipt, channel, status, amount, currency, created_at, updated_at) " +
    "VALUES ('pay_1', 'mer_1', 'sho_1', 'UKM1A2B3C4', 'c2b', 'unmatched', 7000, 'KES', 5, 5)",
    "INSERT INTO payouts (id, merchant_id, shortcode_id, status, amount, currency, phone, phone_index, phone_masked, " +
    "reference, purpose, remarks, metadata, originator_conversation_id, created_by, approval_required, evidence, sends, " +
    "unsent, missed, polls, held, send_after, sent_at, created_at, updated_at, version) VALUES ('pyt_1', 'mer_1', 'sho_1', " +
    "'succeeded', 2000, 'KES', x'00', x'00000000000000000000000000000000', '2547', 'r', 'business', 'rr', '{}', 'o', 'c', " +
    "0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 9, 1)",
  ];
  await db.write(statements.map((sql) => ({ sql, args: [] })));
}

for (const database of databases()) {
  Deno.test(`money that settled before there was a ledger is in it from the start (${database})`, () =>
    withStore(database, async (url) => {
      const db = await openDatabase(url);
      try {
        const migrations = await loadMigrations();
        await migrate(db, migrations, { to: "0005_paybill" });
        await fill(db);
        await migrate(db, migrations);
        const entries = () =>
          rows(db, "SELECT entry, cause, debit, credit, amount, at FROM ledger_entries ORDER BY entry");
        const expected = [
          [1, "payment_received", "mpesa_utility", "suspense", 7000, 5],
          [2, "payout", "merchant_available", "mpesa_utility", 2000, 9],
        ];
        assert.deepEqual(await entries(), expected);
        const later = migrations.filter(({ name }) => name >= "0006").length;
        await rollback(db, migrations, { steps: later });
        assert.deepEqual(await rows(db, "SELECT name FROM sqlite_schema WHERE name LIKE '%ledger%'"), []);
        await migrate(db, migrations);
        assert.deepEqual(await entries(), expected);
      } finally {
        await db.close();
      }
    }));
}
