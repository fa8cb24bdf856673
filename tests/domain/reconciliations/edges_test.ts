import assert from "node:assert/strict";
import { MAX_WINDOW_MS, nextWindow, reliableWindow } from "../../../src/domain/reconciliations/window.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 1_795_000_000_000;

Deno.test("the next window begins two hours before the end of the last one, because M-Pesa lists some payments late", () => {
  assert.deepEqual(nextWindow(NOW, { lastEnd: NOW - HOUR, lastFullAt: NOW - HOUR }), { from: NOW - 3 * HOUR, to: NOW });
});

Deno.test("no window begins before what M-Pesa keeps, and once a day all of that is read", () => {
  for (const lastEnd of [NOW - 47 * HOUR, NOW - 300 * HOUR]) {
    assert.equal(nextWindow(NOW, { lastEnd, lastFullAt: NOW - HOUR }).from, NOW - MAX_WINDOW_MS);
  }
  assert.equal(nextWindow(NOW, { lastEnd: NOW - HOUR, lastFullAt: NOW - 25 * HOUR }).from, NOW - MAX_WINDOW_MS);
});

Deno.test("a payment at the edge of a window is not called missing", () => {
  assert.deepEqual(reliableWindow({ from: NOW - HOUR, to: NOW }, "pull"), {
    from: NOW - HOUR + MINUTE,
    to: NOW - 15 * MINUTE,
  });
  assert.deepEqual(reliableWindow({ from: NOW - HOUR, to: NOW }, "statement"), {
    from: NOW - HOUR + MINUTE,
    to: NOW - MINUTE,
  });
});
