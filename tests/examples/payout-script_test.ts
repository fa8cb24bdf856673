import assert from "node:assert/strict";
import { type Product, withProduct } from "../support/product.ts";
import { type Example, withExample } from "./install.ts";

const fast = { env: { SIMULATOR_CALLBACK_DELAY_MS: "50" } };

const envOf = (product: Product, more: Record<string, string> = {}): Record<string, string> => ({
  MALIPO_URL: product.api,
  INTERVAL_MS: "20",
  WAIT_MINUTES: "2",
  ...more,
});

/** `pay.js` on some rows, in a file of their own. */
async function payRows(example: Example, product: Product, rows: readonly string[], env = {}) {
  const text = ["reference,phone_number,amount_kes", ...rows].join("\n");
  await Deno.writeTextFile(new URL("rows.csv", example.folder), text);
  return await example.run("pay.js", ["rows.csv"], envOf(product, env));
}

const paidOut = async (product: Product): Promise<number[]> =>
  (await product.transactions({ kind: "b2c" })).map(({ amount }) => amount).sort((a, b) => a - b);

Deno.test("payout-script: pays each row once, with the approval of a second person", async () => {
  await withExample("payout-script", async (example) => {
    await withProduct(fast, async (product) => {
      const paying = example.run("pay.js", ["wages.csv"], envOf(product));
      await product.waitFor(async () => {
        const { body } = await product.call<{ data: unknown[] }>("GET", "/v1/payouts?status=awaiting_approval");
        return body.data.length === 1;
      }, { what: "the payout that waits for approval" });
      const approval = await example.run("approve.js", [], envOf(product), "yes\n");
      assert.match(approval.stdout, /wage-2026-11-manager: KES 20000 to 2547\S+123, made by cli_demo/);
      assert.match(approval.stdout, /^wage-2026-11-manager (queued|submitted)$/m);

      const { code, stdout, stderr } = await paying;
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^wage-2026-11-manager succeeded [A-Z0-9]{10}$/m);
      assert.match(stdout, /^3 of 3 paid\n$/m);
      assert.deepEqual(await paidOut(product), [950, 1200, 20_000]);

      const again = await example.run("pay.js", ["wages.csv"], envOf(product));
      assert.match(again.stdout, /^3 of 3 paid\n$/m);
      assert.deepEqual(await paidOut(product), [950, 1200, 20_000], "a second run pays nobody again");

      await rejectsAndFails(example, product);
      await refusesWrongFile(example, product);
    });
  });
});

async function rejectsAndFails(example: Example, product: Product): Promise<void> {
  const rows = ["bonus-1,0712345678,15000", "bonus-2,0700002040,100"];
  const paying = payRows(example, product, rows);
  await product.waitFor(async () => {
    const { body } = await product.call<{ data: unknown[] }>("GET", "/v1/payouts?status=awaiting_approval");
    return body.data.length === 1;
  });
  const rejection = await example.run("approve.js", [], envOf(product), "no\n");
  assert.match(rejection.stdout, /^bonus-1 rejected$/m);
  const { code, stdout } = await paying;
  assert.equal(code, 1);
  assert.match(stdout, /^bonus-1 rejected Rejected by the approver$/m);
  assert.match(stdout, /^bonus-2 failed .+$/m);
  assert.match(stdout, /^0 of 2 paid\n$/m);
}

async function refusesWrongFile(example: Example, product: Product): Promise<void> {
  const before = await paidOut(product);
  const rows = ["a,0712345678,10.5", "a,0712345678,20", "b,12,20", "c,0712345678,20"];
  const { code, stderr } = await payRows(example, product, rows);
  assert.equal(code, 2);
  assert.match(stderr, /line 2: the amount[^]*line 3: the reference a is there twice[^]*line 4: the phone number/);
  assert.deepEqual(await paidOut(product), before);
  const nothing = await example.run("approve.js", [], envOf(product), "");
  assert.equal(nothing.stdout, "Nothing waits for approval.\n");

  const missing = await example.run("pay.js", ["missing.csv"], envOf(product));
  assert.equal(missing.code, 2);
  assert.equal(missing.stderr, "Nothing was paid: missing.csv can't be read (ENOENT).\n");
}
