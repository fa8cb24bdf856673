import assert from "node:assert/strict";
import { hasFailedTooLong, MAX_ATTEMPTS, retryDelayMs } from "../../src/webhooks/deliveries/retry-plan.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

Deno.test("ten tries: after 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h", () => {
  const delays = Array.from({ length: MAX_ATTEMPTS }, (_, retry) => retryDelayMs(retry, 1, null));
  const hours = [2, 5, 10, 14, 20, 24].map((h) => h * HOUR);
  assert.deepEqual(delays, [5_000, 300_000, 1_800_000, ...hours, null]);
});

Deno.test("PLAN_SCALE multiplies the plan", () => {
  assert.equal(retryDelayMs(1, 0.001, null), 300);
  assert.equal(hasFailedTooLong(0, 5 * DAY * 0.001 - 1, 0.001), false);
  assert.equal(hasFailedTooLong(0, 5 * DAY * 0.001, 0.001), true);
});

Deno.test("Retry-After puts a try off, never forward, and by a day at most", () => {
  assert.equal(retryDelayMs(0, 1, 60_000), 60_000);
  assert.equal(retryDelayMs(2, 1, 60_000), 1_800_000);
  assert.equal(retryDelayMs(0, 1, 1e12), DAY);
  assert.equal(retryDelayMs(9, 1, 60_000), null);
});

Deno.test("an endpoint is given up after 5 days without a success", () => {
  assert.equal(hasFailedTooLong(null, 100 * DAY, 1), false);
  assert.equal(hasFailedTooLong(0, 5 * DAY - 1, 1), false);
  assert.equal(hasFailedTooLong(0, 5 * DAY, 1), true);
});
