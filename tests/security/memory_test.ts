import assert from "node:assert/strict";
import { RateLimit } from "../../src/http/rate-limit.ts";
import { createAnswerCache } from "../../src/domain/checkouts/read.ts";
import { csvCell } from "../../src/lib/csv.ts";

const heap = (): number => Deno.memoryUsage().heapUsed + Deno.memoryUsage().external;
const MIB = 1_048_576;

Deno.test("failed logins with names of 45 KB don't fill the memory: a long name is kept as its digest", () => {
  const limit = new RateLimit({ now: () => 0 }, { name: "x", limit: 2, windowMs: 60_000 });
  const nameOf = (i: number) => `${i}`.padEnd(45_000, "x");
  const before = heap();
  for (let i = 0; i < 4_000; i++) limit.take(nameOf(i)); // 180 MB of names, or twice that
  assert.ok(heap() - before < 90 * MIB, `${Math.round((heap() - before) / MIB)} MiB`);
  limit.take(nameOf(1));
  assert.notEqual(limit.take(nameOf(1)).retryAfterSeconds, null, "it is still the same caller");
  assert.equal(limit.take(nameOf(9_999)).retryAfterSeconds, null);
});

Deno.test("cached answers are bounded by bytes, not only by their number", () => {
  const cache = createAnswerCache();
  const json = "x".repeat(60_000);
  for (let i = 0; i < 2_000; i++) cache.set(`${i}`, { merchantId: "m", json });
  let kept = 0;
  for (let i = 0; i < 2_000; i++) if (cache.get(`${i}`) !== undefined) kept++;
  assert.ok(kept > 100 && kept < 300, `${kept} of 2000`);
});

Deno.test("a text that begins like a formula is harmless in our CSV", () => {
  const cells = ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "plain", 'a "b", c', "a\nb", null, -5];
  assert.deepEqual(cells.map(csvCell), [
    "'=1+1",
    "'+1",
    "'-1",
    "'@SUM(A1)",
    "' =1",
    "'\t=1",
    "plain",
    '"a ""b"", c"',
    '"a\nb"',
    "",
    "-5",
  ]);
});
