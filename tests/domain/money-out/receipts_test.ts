import assert from "node:assert/strict";
import { ConstraintError } from "../../../src/db/database.ts";
import {
  abortIfReceiptUsed,
  flagSharedReceipt,
  giveReceipt,
  type ReceiptHolder,
  receiptUse,
  requireUnused,
} from "../../../src/domain/money-out/receipts.ts";
import { DEMO_MERCHANT, OTHER_MERCHANT } from "../../../src/cli/seed.ts";
import { systemContext } from "../../../src/context/context.ts";
import type { Statement } from "../../../src/db/database.ts";
import { type InProcess, inProcess } from "../../support/in-process.ts";
import { createRefund, paidCheckout } from "../../support/money.ts";
import { paidNotice, tell } from "../../support/notices.ts";
import { createPayout, getPayout } from "../../support/payouts.ts";

const holderOf = (id: string, merchantId: string = DEMO_MERCHANT): ReceiptHolder => ({ merchantId, ids: [id] });
const refused = (run: InProcess, statements: readonly Statement[]) =>
  assert.rejects(
    run.db.write(statements),
    (error) => error instanceof ConstraintError && error.rule === "conflict",
  );

Deno.test("a receipt that M-Pesa reported is one payout's or refund's, whichever merchant asks", () =>
  inProcess(async (run) => {
    const payout = await createPayout(run, { phone_number: "254700009017" });
    await run.pass(100);
    await tell(run, payout.id, "payout_result", paidNotice(payout, "UKM1A2B3C4"));
    assert.equal((await getPayout(run, payout.id)).receipt, "UKM1A2B3C4");
    const refund = await createRefund(run, (await paidCheckout(run)).id);
    await run.pass();
    const [[reversal]] = await run.sql("SELECT receipt FROM refunds WHERE id = ?", refund.id) as [[string]];
    for (const [receipt, id] of [["UKM1A2B3C4", payout.id], [reversal, refund.id]] as const) {
      for (const merchant of [DEMO_MERCHANT, OTHER_MERCHANT]) {
        const asking = holderOf("pay_another", merchant);
        const use = await receiptUse(run.db, receipt, asking);
        assert.deepEqual(use, { reported: id, given: null });
        assert.throws(() => requireUnused(use), new RegExp(id));
        await refused(run, abortIfReceiptUsed(receipt, asking, { reported: null, given: null }));
        await run.db.write(abortIfReceiptUsed(receipt, asking, use)); // it is as it was read
      }
      assert.deepEqual(await receiptUse(run.db, receipt, holderOf(id)), { reported: null, given: null });
    }
  }));

Deno.test("the receipt of a refund by payout is both rows' own, and a third that names it can still be stored", () =>
  inProcess(async (run) => {
    const payment = await paidCheckout(run);
    const { payout } = await createRefund(run, payment.id, { method: "payout" });
    await run.pass();
    const [[receipt]] = await run.sql("SELECT receipt FROM payouts WHERE id = ?", payout ?? "") as [[string]];
    assert.equal(await run.count(`refunds WHERE receipt = '${receipt}'`), 1);
    const third = holderOf("po_another");
    await run.db.write(abortIfReceiptUsed(receipt, third, await receiptUse(run.db, receipt, third)));
    const other = await createPayout(run, { phone_number: "254700009017", reference: "other" });
    await run.pass(100);
    await tell(run, other.id, "payout_result", paidNotice(other, receipt));
    assert.equal((await getPayout(run, other.id)).status, "in_doubt");
    assert.deepEqual(await run.sql("SELECT status FROM notices WHERE subject_id = ?", other.id), [["quarantined"]]);
  }));

Deno.test("a receipt that a person gave is one of its merchant's alone, until the person gives another", () =>
  inProcess(async (run) => {
    const now = run.time.now();
    const give = (receipt: string | null, id: string, merchant: string = DEMO_MERCHANT) =>
      giveReceipt(receipt, id, holderOf(id, merchant), now);
    await run.db.write(give("UKM1A2B3C4", "po_a"));
    await refused(run, give("UKM1A2B3C4", "po_b"));
    await run.db.write(give("UKM1A2B3C4", "po_c", OTHER_MERCHANT));
    assert.deepEqual(await receiptUse(run.db, "UKM1A2B3C4", holderOf("po_b")), { reported: null, given: "po_a" });
    await run.db.write(give("UKM5A2B3C4", "po_a"));
    assert.deepEqual(await receiptUse(run.db, "UKM1A2B3C4", holderOf("po_b")), { reported: null, given: null });
    await run.db.write(give("UKM1A2B3C4", "po_b"));
    await run.db.write(give(null, "po_b"));
    assert.equal(await run.count("given_receipts WHERE merchant_id = '" + DEMO_MERCHANT + "'"), 1);
    assert.deepEqual(give(null, "po_b").length, 1);
  }));

Deno.test("a payout whose receipt proved to be another's needs a person", () =>
  inProcess(async (run) => {
    const { id } = await createPayout(run);
    const ctx = systemContext(run.services, DEMO_MERCHANT, "system", "test", () => {});
    await run.db.write(flagSharedReceipt(ctx, id, "UKM1A2B3C4"));
    assert.equal((await getPayout(run, id)).needs_person, true);
    assert.deepEqual(flagSharedReceipt(ctx, null, "UKM1A2B3C4"), []);
    assert.equal(run.logged("receipt_given_twice")[0]?.level, "alert");
  }, { withoutJobs: true }));
