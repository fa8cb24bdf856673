import assert from "node:assert/strict";
import { parseNairobiTime } from "../../src/simulator/core/nairobi-time.ts";
import { Ids } from "../../src/simulator/core/ids.ts";

const at = (moment: string) => new Ids(() => parseNairobiTime(moment) ?? 0);

Deno.test("a receipt's first three characters are its date in Nairobi", () => {
  const cases = [["2017-07-27 10:42:47", "LGR"], ["2019-12-19 10:20:36", "NLJ"], ["2024-07-06 22:48:52", "SG6"]];
  for (const [moment = "", prefix = ""] of cases) {
    assert.match(at(moment).receipt(), new RegExp(`^${prefix}[0-9A-Z]{7}$`));
    assert.equal(at(moment).placeholder(), `${prefix}0000000`);
  }
});

Deno.test("receipts and checkout ids are never the same twice, even in one millisecond", () => {
  const ids = at("2026-11-22 10:00:00");
  const receipts = Array.from({ length: 20_000 }, () => ids.receipt());
  const checkouts = Array.from({ length: 5_000 }, (_, i) => ids.checkout(i % 2 ? "254712345678" : "254712345679"));
  assert.equal(new Set(receipts).size, receipts.length);
  assert.equal(new Set(checkouts).size, checkouts.length);
});

Deno.test("only real moments are read", () => {
  assert.equal(parseNairobiTime("20260230101530"), undefined);
  assert.equal(parseNairobiTime("20261122241530"), undefined);
  assert.equal(parseNairobiTime("20261122101530"), Date.UTC(2026, 10, 22, 7, 15, 30));
});
