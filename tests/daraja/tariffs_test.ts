import assert from "node:assert/strict";
import { estimateFee, paybillTariffs, type TariffName, tariffs } from "../../src/daraja/tariffs.ts";

const at = Date.parse("2026-11-25T12:00:00Z");
const names: readonly TariffName[] = [...paybillTariffs, "b2c"];

Deno.test("each table has a day, and bands that grow up to M-Pesa's limit", () => {
  for (const name of names) {
    const days = tariffs[name].map(({ from }) => from);
    assert.deepEqual(days, days.toSorted());
    for (const { from, bands } of tariffs[name]) {
      assert.match(from, /^\d{4}-\d\d-\d\d$/);
      assert.equal(bands.at(-1)?.[0], 250_000);
      bands.slice(1).forEach(([upTo, fee], i) => assert.ok(upTo > (bands[i]?.[0] ?? 0) && fee > (bands[i]?.[1] ?? 0)));
    }
  }
});

Deno.test("the fee is that of the band, with its upper end; cents are never rounded into the band below", () => {
  assert.equal(estimateFee("b2c", 100_00, at), 0);
  assert.equal(estimateFee("b2c", 100_01, at), 500);
  assert.equal(estimateFee("b2c", 1_500_00, at), 500);
  assert.equal(estimateFee("b2c", 250_000_00, at), 1_300);
  assert.equal(estimateFee("mgao", 1_000_00, at), 0);
  assert.equal(estimateFee("mgao", 1_001_00, at), 500);
  assert.equal(estimateFee("business_bouquet", 90_000_00, at), 0);
  assert.equal(estimateFee("customer_bouquet", 5_000_00, at), 3_400);
});

Deno.test("no fee is made up: without a tariff, above the limit, or before the oldest table it is not known", () => {
  assert.equal(estimateFee(null, 100_00, at), null);
  assert.equal(estimateFee("b2c", 250_001_00, at), null);
  assert.equal(estimateFee("b2c", 100_00, Date.parse("2023-12-31T20:59:59Z")), null);
  assert.equal(estimateFee("b2c", 100_00, Date.parse("2023-12-31T21:00:00Z")), 0);
});

Deno.test("who pays more pays what the other does not: customer's bouquet is never below mgao", () => {
  for (let shillings = 1; shillings <= 250_000; shillings += 499) {
    const [mgao, all] = [
      estimateFee("mgao", shillings * 100, at),
      estimateFee("customer_bouquet", shillings * 100, at),
    ];
    assert.ok((all ?? -1) >= (mgao ?? 0), String(shillings));
  }
});
