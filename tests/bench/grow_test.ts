import assert from "node:assert/strict";
import type { CheckoutView } from "../../src/domain/checkouts/contract.ts";
import { openDatabase } from "../../src/db/open.ts";
import { findDifferences } from "../../src/domain/ledger/find-differences.ts";
import { createCheckout, getCheckout } from "../support/checkouts.ts";
import { databases, withStore } from "../support/database.ts";
import { inProcess } from "../support/in-process.ts";
import { grow } from "./grow.ts";
import { leftBy } from "./grow/trace.ts";
import { startStand } from "./stand.ts";

const CHECKOUTS = 300;

interface Page {
  readonly data: readonly CheckoutView[];
  readonly next_cursor: string | null;
}

/** Runs a test on an opened database, whatever it throws. */
async function reading<T>(url: string, test: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>): Promise<T> {
  const db = await openDatabase(url);
  return await test(db).finally(() => db.close());
}

for (const database of databases()) {
  Deno.test(`a grown database's books are right (${database})`, () =>
    withStore(database, async (url) => {
      await grow({ url, checkouts: CHECKOUTS });
      await reading(url, async (db) => {
        const [merchants] = await db.read([{ sql: "SELECT id FROM merchants", args: [] }]);
        for (const [id] of merchants?.rows ?? []) assert.deepEqual(await findDifferences({ db }, String(id)), []);
        const [broken] = await db.read([{ sql: "PRAGMA foreign_key_check", args: [] }]);
        assert.deepEqual(broken?.rows, []);
      });
      await assert.rejects(grow({ url, checkouts: 1 }), /has checkouts already/);
    }));
}

Deno.test("the API reads a grown database and goes on with it", () =>
  withStore("file", async (url) => {
    await grow({ url, checkouts: CHECKOUTS, merchants: 1 });
    const stand = await startStand({ database: "file", databaseUrl: url, env: { SIMULATOR_CALLBACK_DELAY_MS: "20" } });
    try {
      const client = stand.apis[0]?.client;
      assert(client !== undefined);
      const seen = new Set<string>();
      for (let path: string | null = "/v1/checkouts?limit=100"; path !== null;) {
        const { body }: { body: Page } = await client.call<Page>("GET", path);
        for (const { id } of body.data) seen.add(id);
        path = body.next_cursor === null ? null : `/v1/checkouts?limit=100&cursor=${body.next_cursor}`;
      }
      assert.equal(seen.size, CHECKOUTS);
      for (const id of [...seen].slice(0, 10)) assert.equal((await getCheckout(client, id)).id, id);
      const payments = await client.call<{ data: { id: string }[] }>("GET", "/v1/payments?limit=1");
      const detail = await client.call("GET", `/v1/payments/${payments.body.data[0]?.id}`); // opens what is sealed
      assert.equal(detail.status, 200);

      const { id } = await createCheckout(client, { phone_number: "0712345678" });
      while ((await getCheckout(client, id)).status === "pending") await new Promise((later) => setTimeout(later, 20));
      assert.equal((await getCheckout(client, id)).status, "succeeded");
    } finally {
      await stand.stop();
    }
    await reading(url, async (db) =>
      assert.deepEqual(await findDifferences({ db }, "mer_01kamcvd000000000000000001"), []));
  }));

Deno.test("a grown checkout leaves what a real one leaves", () =>
  inProcess(async (run) => {
    const { id } = await createCheckout(run, { phone_number: "0712345678" });
    await run.pass();
    const real = await leftBy(run.db, id);
    await withStore("file", async (url) => {
      await grow({ url, checkouts: 50, merchants: 1 });
      await reading(url, async (db) => {
        const [newest] = await db.read([{ sql: "SELECT max(id) FROM checkouts", args: [] }]);
        assert.deepEqual(await leftBy(db, String(newest?.rows[0]?.[0])), real);
      });
    });
  }));
