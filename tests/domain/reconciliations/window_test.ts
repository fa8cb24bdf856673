import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_WINDOW_MS, nextWindow, type Window } from "../../../src/domain/reconciliations/window.ts";

const HOUR = 3_600_000;
const NOW = 1_795_000_000_000;

Deno.test("the first reconciliation looks at all that can be pulled, the next ones at what is new and two hours more", () => {
  assert.deepEqual(nextWindow(NOW, { lastEnd: null, lastFullAt: null }), { from: NOW - MAX_WINDOW_MS, to: NOW });
  assert.deepEqual(nextWindow(NOW, { lastEnd: NOW - HOUR, lastFullAt: NOW - HOUR }), { from: NOW - 3 * HOUR, to: NOW });
});

Deno.test("once a day, and after a long silence, all is looked at again", () => {
  assert.equal(nextWindow(NOW, { lastEnd: NOW - HOUR, lastFullAt: NOW - 24 * HOUR }).from, NOW - MAX_WINDOW_MS);
  assert.equal(nextWindow(NOW, { lastEnd: NOW - 100 * HOUR, lastFullAt: NOW - HOUR }).from, NOW - MAX_WINDOW_MS);
});

Deno.test("windows that follow one another leave no gap within the 48 hours, whichever of them failed", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ pause: fc.integer({ min: 1, max: 30 }), fails: fc.boolean() })), (runs) => {
      let [now, until, fullAt]: [number, number | null, number | null] = [NOW, null, null];
      const covered: Window[] = [];
      for (const { pause, fails } of runs) {
        now += pause * HOUR;
        const window = nextWindow(now, { lastEnd: until, lastFullAt: fullAt });
        assert.ok(window.from >= now - MAX_WINDOW_MS && window.to === now);
        const last = covered.at(-1);
        if (last !== undefined) assert.ok(window.from <= Math.max(now - MAX_WINDOW_MS, last.to - HOUR));
        if (fails) continue;
        covered.push(window);
        until = window.to;
        if (window.to - window.from >= MAX_WINDOW_MS) fullAt = now;
      }
    }),
  );
});
