import assert from "node:assert/strict";
import { migrate } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { statement } from "../../src/db/query.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { DEMO_MERCHANT } from "../../src/cli/seed.ts";
import { malipo } from "./run.ts";

/** Runs `deno task malipo people`, and reads its rows. */
async function people(folder: string, ...words: string[]) {
  const env = { DATABASE_URL: `file:${folder}/malipo.db`, KV_PATH: `${folder}/kv.db`, APP_ENV: "" };
  const ended = await malipo(env, "people", ...words);
  const lines = ended.out.startsWith("{") ? ended.out.trim().split("\n") : [];
  return { ...ended, rows: lines.map((line) => JSON.parse(line)) };
}

Deno.test("the command line invites the first person, lists, changes the role, makes a link and removes", async () => {
  const folder = await Deno.makeTempDir({ prefix: "malipo-people-" });
  const db = await openDatabase(`file:${folder}/malipo.db`);
  try {
    await migrate(db, await loadMigrations());
    await db.write([
      statement(
        "INSERT INTO merchants (id, name, created_at, version, status) VALUES (?, 'demo', 1, 1, 'active')",
        DEMO_MERCHANT,
      ),
    ]);
    const made = await people(folder, "invite", DEMO_MERCHANT, "amina@shop.example", "Amina Otieno", "admin");
    assert.equal(made.code, 0, made.err);
    const [{ id, link }] = made.rows;
    assert.match(link, /^http:\/\/127\.0\.0\.1:8000\/console\/sign-in\/mls_/);
    const again = await people(folder, "invite", DEMO_MERCHANT, "AMINA@shop.example", "Amina", "viewer");
    assert.deepEqual([again.code, /has this e-mail address already/.test(again.err)], [1, true]);
    const role = await people(folder, "role", "amina@shop.example", "finance", "approver");
    assert.deepEqual(role.rows, [{ id, email: "amina@shop.example", roles: ["finance", "approver"] }]);
    const { rows: [fresh] } = await people(folder, "link", id, "--json");
    assert.notEqual(fresh.link, link);
    const { rows: [listed] } = await people(folder, "list", DEMO_MERCHANT);
    assert.deepEqual([listed.id, listed.status, listed.name], [id, "invited", "Amina Otieno"]);
    assert.deepEqual((await people(folder, "remove", id)).rows, [{ id, status: "removed" }]);
    const wrong = [["invite", "mer_x", "a@b.example", "A", "admin"], ["role", id, "owner"], ["link", id]];
    const ended = await Promise.all(wrong.map((words) => people(folder, ...words)));
    assert.deepEqual(ended.map(({ code }) => code), [2, 2, 2]);
    const [audit] = await db.read([statement("SELECT action, actor FROM audit ORDER BY seq")]);
    assert.deepEqual(audit?.rows.map(([action]) => action), [
      "person.invited",
      "person.updated",
      "person.linked",
      "person.removed",
    ]);
  } finally {
    await db.close();
    await Deno.remove(folder, { recursive: true });
  }
});
