import { customType, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import assert from "node:assert/strict";
import fc from "fast-check";
import { allColumns, selectNested } from "../../src/db/nested.ts";
import { first, insert } from "../../src/db/query.ts";
import { openDatabase } from "../../src/db/open.ts";
import { databases, withStore } from "../support/database.ts";

const blob = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => "blob" });
const columns = () => ({
  id: text().primaryKey(),
  of: text(),
  said: text(),
  sealed: blob(),
  amount: integer().notNull(),
  data: text({ mode: "json" }).$type<unknown>(),
});
const orders = sqliteTable("orders", columns());
const lines = sqliteTable("order_lines", columns());
const notes = sqliteTable("order_notes", columns());
const DDL = "(id TEXT PRIMARY KEY, of TEXT, said TEXT, sealed BLOB, amount INTEGER NOT NULL, data TEXT) STRICT";

const OF = "of = orders.id";
const select = selectNested(
  allColumns(orders),
  { ...allColumns(lines), where: OF },
  { ...allColumns(notes), where: OF },
  "WHERE id = ?",
);

/** Any text that the drivers accept: without NUL and without lone surrogates. */
const anyText = fc.string({ unit: "binary" }).filter((value) => !value.includes("\0"));
const row = fc.record({
  said: fc.option(anyText),
  sealed: fc.option(fc.uint8Array({ minLength: 1, maxLength: 40 })),
  amount: fc.maxSafeInteger(),
  data: fc.option(fc.dictionary(anyText, anyText), { nil: null }),
});

for (const kind of databases()) {
  Deno.test(`a row that is read as JSON equals the row that was written, with its nested rows (${kind})`, () =>
    withStore(kind, async (url) => {
      const db = await openDatabase(url);
      for (const name of ["orders", "order_lines", "order_notes"]) {
        await db.write([{ sql: `CREATE TABLE ${name} ${DDL}`, args: [] }]);
      }
      let n = 0;
      await fc.assert(
        fc.asyncProperty(row, fc.array(row, { maxLength: 3 }), fc.array(row, { maxLength: 3 }), async (own, a, b) => {
          const id = `o-${n++}`;
          const order = { ...own, id, of: null };
          const children = (of: string, rows: readonly (typeof own)[]) =>
            rows.map((each, i) => ({ ...each, id: `${of}-${id}-${i}`, of: id }));
          const [ones, others] = [children("l", a), children("n", b)];
          await db.write([
            insert(orders)(order),
            ...ones.map((each) => insert(lines)(each)),
            ...others.map((each) => insert(notes)(each)),
          ]);
          const expected = [order, ones, others];
          assert.deepEqual(
            JSON.parse(JSON.stringify(await first(db, select(id)))),
            JSON.parse(JSON.stringify(expected)),
          );
          assert.deepEqual((await first(db, select(id)))?.[0].sealed, order.sealed);
        }),
        { numRuns: 100 },
      );
      assert.equal(await first(db, select("none")), null);
      await db.close();
    }));
}
