import assert from "node:assert/strict";
import { openDatabase } from "../../src/db/open.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { holdLock } from "../support/lock.ts";
import { type Product, withProduct } from "../support/product.ts";

const permissions = [
  "--allow-net=127.0.0.1",
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-ffi",
  "--allow-sys",
];

/** Runs a command of src/cli; answers its exit code and what it said. */
async function run(command: string, args: readonly string[]): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--frozen",
      ...permissions,
      new URL(`../../src/cli/${command}.ts`, import.meta.url).href,
      ...args,
    ],
    env: { APP_ENV: "test" },
  }).output();
  return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

const scenarios = ["0712345678", "0700009001", "0700009003", "0700009005", "0700009010", "0700009013", "0700001032"];

/** Checkouts of several ends, and paybill money. */
async function trade(product: Product): Promise<string[]> {
  const ids: string[] = [];
  for (const [i, phone] of scenarios.entries()) {
    ids.push((await createCheckout(product, { phone_number: phone, reference: `order-${i}` })).id);
  }
  const body = { shortcode: "600000", amount: 250, phone: "254700000123", account_reference: "GIFT" };
  const given = await fetch(`${product.simulator}/_simulator/c2b`, { method: "POST", body: JSON.stringify(body) });
  await given.body?.cancel();
  for (const id of ids) {
    await product.waitFor(async () =>
      !["pending", "open"].includes((await getCheckout(product, id)).status) || id === ids.at(-1)
    );
  }
  return ids;
}

const env = { SIMULATOR_CALLBACK_DELAY_MS: "50", PLAN_SCALE: "0.005" };

Deno.test("a backup taken while the service runs is whole, and restored with payouts paused", async () => {
  await withProduct({ env }, async (product) => {
    const [first = ""] = await trade(product);
    const folder = await Deno.makeTempDir({ prefix: "malipo-backup-" });
    const [copy, place] = [`${folder}/copy.db`, `file:${folder}/restored.db`];
    const database = ["--database", product.env.DATABASE_URL ?? ""];
    assert.deepEqual((await run("backup", ["--to", copy, ...database])).code, 0);
    assert.match((await run("backup", ["--to", copy, ...database])).said, /exists already/);

    const restored = await run("restore", ["--from", copy, "--database", place]);
    assert.equal(restored.code, 0, restored.said);
    const again = await run("restore", ["--from", copy, "--database", place]);
    assert.match(again.said, /is kept as .*restored\.db\.before-/);
    const lock = await holdLock(place);
    assert.match((await run("restore", ["--from", copy, "--database", place])).said, /stop the service first/);
    await lock.release();
    const db = await openDatabase(place);
    const [checkout, pause] = await db.read([
      { sql: "SELECT status FROM checkouts WHERE id = ?", args: [first] },
      { sql: "SELECT scope, paused_by FROM payout_pauses", args: [] },
    ]);
    await db.close();
    assert.deepEqual([checkout?.rows, pause?.rows], [[["succeeded"]], [["*", "restore"]]]);
    await Deno.remove(folder, { recursive: true });
  });
});

Deno.test("the inbox read again gives the same payments, and tells when one is missing or changed", async () => {
  await withProduct({ env }, async (product) => {
    const [first = ""] = await trade(product);
    const url = product.env.DATABASE_URL ?? "";
    const good = await run("replay", ["--verify", "--database", url]);
    assert.match(good.said, /^[4-9] payments are what their notices say; [1-9] more/);
    await product.kill();
    const db = await openDatabase(url);
    await db.write([
      { sql: "PRAGMA foreign_keys = OFF", args: [] },
      { sql: "UPDATE payments SET amount = amount + 100 WHERE checkout_id = ?", args: [first] },
    ]);
    await db.close();
    const bad = await run("replay", ["--verify", "--database", url]);
    assert.equal(bad.code, 1);
    assert.match(bad.said, /amount 150100, replayed 150000/);
    await product.restart();
  });
});

Deno.test("a libSQL server is backed up where it runs, and the command says how", async () => {
  const { code, said } = await run("backup", ["--to", "x.db", "--database", "libsql://malipo.turso.io"]);
  assert.equal(code, 1);
  assert.match(said, /turso db create COPY --from-db NAME --timestamp/);
});
