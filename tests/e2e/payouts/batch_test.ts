import assert from "node:assert/strict";
import type { BatchView } from "../../../src/domain/payouts/batch-contract.ts";
import { withProduct } from "../../support/product.ts";

const ROWS = 5_000;

/** V8's settings of `deno task start`: what memory the service takes hangs on them. */
async function startFlags(): Promise<Record<string, string>> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../../deno.json", import.meta.url)));
  const flags = /--v8-flags=(\S+)/.exec(tasks.start)?.[1];
  return flags === undefined ? {} : { DENO_V8_FLAGS: flags };
}

/** 5,000 payouts to 5,000 phones, none of whose last digits picks a scenario of the simulator's. */
function file(): string {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const phone = `2547${String(10_000 + i)}${5_000 + (i % 4_000)}`.slice(0, 12);
    return `${phone},${10 + (i % 90)},emp-${i},salary,"Pay, ${i}"`;
  });
  return `\ufeffphone_number,amount_kes,reference,purpose,remarks\r\n${rows.join("\r\n")}\r\n`;
}

Deno.test("a batch of 5,000 rows is validated in 2 s, paid once each, in less than 300 MB", async () =>
  withProduct({ env: { SIMULATOR_CALLBACK_DELAY_MS: "200", ...await startFlags() } }, async (product) => {
    const raw = file();
    const csv = { raw, headers: { "content-type": "text/csv" }, key: crypto.randomUUID() };
    const began = performance.now();
    const { status, body } = await product.call<BatchView>("POST", "/v1/payout-batches", undefined, csv);
    const tookMs = performance.now() - began;
    assert.equal(status, 202, JSON.stringify(body).slice(0, 500));
    assert.equal(body.total, ROWS);
    const validatedMs = Number(
      await product.waitFor(() => /"validated_ms":(\d+)/.exec(product.logs().join("\n"))?.[1]),
    );
    assert.ok(validatedMs < 2_000, `validating took ${validatedMs} ms`);

    const done = await product.waitFor(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000)); // reading 5,000 payouts in a loop would be the load
      const read = await product.call<BatchView>("GET", `/v1/payout-batches/${body.id}`);
      return read.body.status === "completed" ? read.body : null;
    }, { timeoutMs: 120_000, what: "the end of the batch" });
    const settledMs = performance.now() - began;
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

    const most = await product.memoryMostBytes();
    assert.ok(most < 300e6, `the API held ${Math.round(most / 1e6)} MB; has the start task its --v8-flags?`);
    console.log(
      `validated in ${validatedMs} ms, taken in ${Math.round(tookMs)} ms, settled in ${Math.round(settledMs)} ms, ${
        Math.round(most / 1e6)
      } MB`,
    );
  }));
