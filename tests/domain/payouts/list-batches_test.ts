import assert from "node:assert/strict";
import type { ListedBatchView } from "../../../src/domain/payouts/batch-contract.ts";
import { inProcess } from "../../support/in-process.ts";

interface Listed {
  readonly data: readonly ListedBatchView[];
}

Deno.test("batches are listed with the number of their payouts in each status, as the batch itself says", () =>
  inProcess(async (run) => {
    const payout = (n: number) => ({
      amount: 100_000 * n,
      currency: "KES",
      phone_number: `071234567${n}`,
      reference: `emp-${n}`,
      purpose: "salary",
    });
    const ids: string[] = [];
    for (const payouts of [[payout(1), payout(2)], [payout(3)]]) {
      const { status, body } = await run.call<{ id: string }>("POST", "/v1/payout-batches", { payouts });
      assert.equal(status, 202);
      ids.unshift(body.id);
    }
    await run.pass();
    const { body } = await run.call<Listed>("GET", "/v1/payout-batches");
    assert.deepEqual(body.data.map(({ id }) => id), ids);
    for (const listed of body.data) {
      const one = await run.call<Record<string, unknown>>("GET", `/v1/payout-batches/${listed.id}`);
      const { data: _data, problems: _problems, ...same } = one.body;
      assert.deepEqual(listed, same);
    }
    const large = await run.call<Listed>("GET", "/v1/payout-batches?amount_min=300000");
    assert.equal(large.body.data.length, 2);
    const other = await run.call<Listed>("GET", "/v1/payout-batches", undefined, { client: "cli_other" });
    assert.deepEqual(other.body.data, []);
  }));
