import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { migrate, type Migration, rollback } from "../../src/db/migrator.ts";
import { openDatabase } from "../../src/db/open.ts";
import { loadMigrations } from "../../src/platform/deno/migrations.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { databases } from "../support/database.ts";
import { type Product, withProduct } from "../support/product.ts";

/** The kinds of migration that the next release may have: they only add, so the running release still works. */
const next: Migration = {
  name: "9000_next_release",
  up: [
    "ALTER TABLE payments ADD COLUMN channel_note TEXT",
    "ALTER TABLE checkouts ADD COLUMN priority INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE next_things (id TEXT PRIMARY KEY, payment_id TEXT REFERENCES payments (id)) STRICT",
    "CREATE INDEX payments_by_channel ON payments (channel, id)",
  ].join("\n--> statement\n"),
  down: [
    "DROP INDEX payments_by_channel",
    "DROP TABLE next_things",
    "ALTER TABLE checkouts DROP COLUMN priority",
    "ALTER TABLE payments DROP COLUMN channel_note",
  ].join("\n--> statement\n"),
};

/** Checkouts one after another until told to stop; answers their ids. Each POST must be answered 201. */
function traffic(product: Product): { readonly made: string[]; stop(): Promise<void> } {
  const made: string[] = [];
  let going = true;
  const shops = Array.from({ length: 4 }, async (_, shop) => {
    for (let n = 0; going; n++) {
      const phone_number = `07${shop}${String(n).padStart(3, "0")}5678`;
      made.push((await createCheckout(product, { phone_number, reference: `order-${shop}-${n}` })).id);
    }
  });
  return {
    made,
    async stop() {
      going = false;
      await Promise.all(shops);
    },
  };
}

for (const database of databases()) {
  Deno.test(`the running release works with the schema of the next one and after its rollback, and loses nothing (${database})`, async () => {
    await withProduct({ database, env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } }, async (product) => {
      const all = [...await loadMigrations(), next];
      const deployer = await openDatabase(product.env.DATABASE_URL ?? "");
      const shops = traffic(product);
      const more = async (count: number) => {
        const reached = shops.made.length + count;
        await product.waitFor(() => shops.made.length >= reached);
      };
      await more(10);
      assert.deepEqual(await migrate(deployer, all), [next.name]);
      await more(20);
      const ready = await product.call("GET", "/health/ready", undefined, { client: null });
      assert.equal(ready.status, 200);
      assert.deepEqual(await rollback(deployer, all, { steps: 1 }), [next.name]);
      await more(10);
      await shops.stop();
      await deployer.close();
      for (const id of shops.made) {
        const paid = (checkout: CheckoutView) => checkout.status === "succeeded";
        await product.waitFor(async () => paid(await getCheckout(product, id)));
      }
      assert.equal((await product.transactions()).length, shops.made.length);
    });
  });
}

/** Tables that a migration builds anew, under another name that then becomes theirs. */
const rebuilt = (up: string): Set<string> =>
  new Set(
    [...up.matchAll(/ALTER TABLE (\w+)_new RENAME TO (\w+)/g)].flatMap(([, made, name]) =>
      name !== undefined && made === name ? [name] : []
    ),
  );

/** The columns that a CREATE TABLE names. */
const columnsOf = (text: string, table: string): string[] => {
  const body = new RegExp(`CREATE TABLE ${table} \\((.*?)\\n\\)`, "s").exec(text)?.[1] ?? "";
  return [...body.matchAll(/^ {2}(\w+) (?:TEXT|INTEGER|BLOB)/gm)].map(([, name]) => name ?? "");
};

Deno.test("no migration takes away what the release before it uses", async () => {
  const breaking = /\b(DROP\s+TABLE|DROP\s+COLUMN|RENAME)\b|ADD\s+COLUMN(?!.*\bDEFAULT\b).*(?<!\bIS\s)\bNOT\s+NULL\b/i;
  let before = "";
  for (const { name, up } of await loadMigrations()) {
    const anew = rebuilt(up);
    const isOfRebuild = (line: string) =>
      [...anew].some((table) =>
        line === `DROP TABLE ${table}` || line === `ALTER TABLE ${table}_new RENAME TO ${table}`
      );
    const found = up.split("\n").filter((line) => breaking.test(line) && !isOfRebuild(line));
    assert.deepEqual(found, [], `${name} must expand only; take away in a later release, when nothing uses it`);
    for (const table of anew) {
      const kept = columnsOf(up, `${table}_new`);
      assert.ok(kept.length > 0);
      const lost = columnsOf(before, table).filter((column) => !kept.includes(column));
      assert.deepEqual(lost, [], `${name} builds ${table} anew without columns that the release before it uses`);
    }
    before += up;
  }
});
