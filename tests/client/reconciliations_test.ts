import assert from "node:assert/strict";
import { isMalipoError } from "../../src/client/mod.ts";
import { inProcess } from "../support/in-process.ts";
import { clientOf } from "./support.ts";

const csv = new TextEncoder().encode(
  "Receipt No.,Completion Time,Transaction Status,Paid In\r\nUKM0000AAA,22-11-2026 12:13:25,Completed,10.00",
);

Deno.test("a statement's bytes are tried, imported, read, listed and undone", () =>
  inProcess(async (run) => {
    const { reconciliations, payments } = clientOf(run);
    const tried = await reconciliations.create(csv, { shortcode: "600000", dryRun: true });
    assert.deepEqual([tried.created, tried.shortcode, await run.count("payments")], [1, "600000", 0]);
    const begun = await reconciliations.create(csv, { shortcode: "600000", idempotencyKey: "statement-1" });
    await run.pass(60_000);
    const same = await reconciliations.create(csv, { shortcode: "600000", idempotencyKey: "statement-1" });
    assert.equal(same.id, begun.id, "a retry is the same import");
    const done = await reconciliations.get(begun.id);
    assert.deepEqual([done.status, done.created, done.findings.map(({ receipt }) => receipt)], [
      "completed",
      1,
      ["UKM0000AAA"],
    ]);
    assert.deepEqual((await reconciliations.list({ shortcode: "600000" })).data.map(({ id }) => id), [begun.id]);
    assert.equal((await reconciliations.reverse(begun.id)).status, "reversed");
    assert.deepEqual((await payments.list()).data, []);
  }));

Deno.test("M-Pesa's own list is asked for without a file; an XLSX file is known by its first bytes", () =>
  inProcess(async (run) => {
    const { reconciliations } = clientOf(run);
    const begun = await reconciliations.create({ shortcode: "600000" });
    assert.deepEqual([begun.source, begun.status], ["pull", "queued"]);
    const broken = new Uint8Array([0x50, 0x4b, 3, 4, 0]);
    await assert.rejects(
      reconciliations.create(broken),
      (error) => isMalipoError(error) && error.status === 422 && /XLSX/i.test(JSON.stringify(error)),
    );
    assert.throws(() => reconciliations.create({}, { dryRun: true }), TypeError);
  }));
