import assert from "node:assert/strict";
import type { BatchView } from "../../../src/domain/payouts/batch-contract.ts";
import { batchFile } from "../../support/batch-file.ts";
import { type Product, withProduct } from "../../support/product.ts";

const ROWS = 5_000;

/** V8's settings of `deno task start`: what memory the service takes hangs on them. */
async function startFlags(): Promise<Record<string, string>> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  const flags = /--v8-flags=(\S+)/.exec(tasks.start)?.[1];
  return flags === undefined ? {} : { DENO_V8_FLAGS: flags };
}

Deno.test("a batch of 5,000 rows is validated whole, paid once each, and takes less than 220 MB", async () =>
  withProduct({ env: { SIMULATOR_CALLBACK_DELAY_MS: "200", ...await startFlags() } }, async (product) => {
    const atRest = await product.memoryMostBytes();
    const csv = { raw: batchFile(ROWS), headers: { "content-type": "text/csv" }, key: crypto.randomUUID() };
    const { status, body } = await product.call<BatchView>("POST", "/v1/payout-batches", undefined, csv);
    assert.equal(status, 202, JSON.stringify(body).slice(0, 500));
    assert.equal(body.total, ROWS);
    const validated = await product.waitFor(() => product.logs().find((line) => line.includes('"validated_ms":')));
    const { rows, problems } = JSON.parse(validated);
    assert.deepEqual({ rows, problems }, { rows: ROWS, problems: 0 });

    const done = await settled(product, body.id);
    assert.equal(done.counts.succeeded, ROWS);

    const books = await product.transactions({ kind: "b2c" });
    const line = (id: string | null, amount: number, receipt: string | null) => `${id} ${amount} ${receipt}`;
    assert.deepEqual(
      books.map((moved) => line(moved.originator_conversation_id, moved.amount, moved.receipt)).sort(),
      done.data.map((paid) => line(paid.originator_conversation_id, paid.amount / 100, paid.receipt)).sort(),
    );

    const again = await product.call<BatchView>("POST", "/v1/payout-batches", undefined, csv);
    assert.equal(again.headers.get("idempotent-replayed"), "true");
    assert.equal(again.body.id, body.id);
    assert.equal((await product.transactions({ kind: "b2c" })).length, ROWS);

    // on a busy machine the collector comes later: two runs of the same code took 119 and 145 MB
    const taken = await product.memoryMostBytes() - atRest;
    assert.ok(taken < 220e6, `the batch took ${Math.round(taken / 1e6)} MB; has the start task its --v8-flags?`);
  }));

/** The batch when all its payouts have ended, however long that takes while some more are paid. */
async function settled(product: Product, id: string): Promise<BatchView> {
  for (let paid = 0;;) {
    const batch = await product.waitFor(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000)); // reading 5,000 payouts in a loop would be the load
      const { body } = await product.call<BatchView>("GET", `/v1/payout-batches/${id}`);
      return (body.status === "completed" || body.counts.succeeded > paid) && body;
    }, { what: `more than ${paid} payouts of the batch` });
    if (batch.status === "completed") return batch;
    paid = batch.counts.succeeded;
  }
}
