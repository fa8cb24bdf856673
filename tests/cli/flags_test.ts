import assert from "node:assert/strict";
import { DEMO_MERCHANT, OTHER_MERCHANT, seed } from "../../src/cli/seed.ts";
import { createVault } from "../../src/crypto/vault.ts";
import { migrate } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { Flags } from "../../src/flags/flags.ts";
import { loadConfig } from "../../src/config/config.ts";
import { systemClock } from "../../src/platform/deno.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { malipo } from "./run.ts";

/** A database of the development seed. */
async function withSeeded(test: (url: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "malipo-flags-" });
  try {
    const url = `file:${folder}/malipo.db`;
    const db = await openDatabase(url);
    const loaded = loadConfig({ APP_ENV: "test" }, "start");
    assert.ok(loaded.ok);
    await migrate(db, await loadMigrations());
    await seed({ db, clock: systemClock, vault: await createVault(loaded.config.keys.encryption) });
    await db.close();
    await test(url);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("malipo flags lists them, switches one for all or for one merchant, audited, and back to its default", () =>
  withSeeded(async (url) => {
    const flags = async (...words: string[]) => {
      const ended = await malipo({ DATABASE_URL: url }, "flags", ...words);
      return {
        ...ended,
        rows: ended.out.split("\n").filter((row) => row.startsWith("{")).map((row) => JSON.parse(row)),
      };
    };
    const before = await flags("list");
    assert.equal(before.code, 0, before.err);
    assert.ok(before.rows.every(({ merchant, by }) => merchant === "default" && by === "code"));
    assert.ok(before.rows.some(({ name }) => name === "live_pages"));

    assert.deepEqual((await flags("set", "live_pages", "0")).rows, [{ name: "live_pages", merchant: "*", percent: 0 }]);
    assert.equal((await flags("set", "live_pages", "100", DEMO_MERCHANT)).code, 0);
    const db = await openDatabase(url);
    try {
      const read = new Flags(db, systemClock);
      assert.equal(await read.isOn("live_pages", DEMO_MERCHANT, "chk_1"), true);
      assert.equal(await read.isOn("live_pages", OTHER_MERCHANT, "chk_1"), false);
      const [audit] = await db.read([{ sql: "SELECT actor FROM audit WHERE action LIKE 'flag%'", args: [] }]);
      assert.deepEqual(audit?.rows, [["cli"], ["cli"]]);
    } finally {
      await db.close();
    }
    await flags("set", "live_pages", "default");
    const after = await flags("list");
    assert.deepEqual(after.rows.filter(({ by }) => by !== "code").map(({ merchant, percent }) => [merchant, percent]), [
      [
        DEMO_MERCHANT,
        100,
      ],
    ]);
  }));

Deno.test("malipo flags refuses what is no flag, percentage or merchant, and says what is", () =>
  withSeeded(async (url) => {
    for (
      const [words, says] of [
        [["no_flag", "10"], /There is no flag no_flag; there is live_pages/],
        [["live_pages", "101"], /PERCENT is 0 to 100, or default; it was 101/],
        [["live_pages", "10", "mer_none"], /There is no merchant mer_none; `merchants list` shows them/],
      ] as const
    ) {
      const { code, err } = await malipo({ DATABASE_URL: url }, "flags", "set", ...words);
      assert.equal(code, 2, err);
      assert.match(err, says);
    }
  }));
