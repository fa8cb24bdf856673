import assert from "node:assert/strict";
import { plainProgress } from "../../src/cli/frame/output.ts";

Deno.test("outside a terminal long work says a plain line each five seconds, and short work nothing", () => {
  const lines: string[] = [];
  let now = 0;
  const progress = plainProgress("Notices", (text) => lines.push(text), () => now);
  for (const [at, done] of [[100, 1], [4_999, 40], [5_000, 41], [9_000, 80], [10_001, 99]] as const) {
    now = at;
    progress.update(done, 200);
  }
  progress.update(120);
  progress.end();
  assert.deepEqual(lines, ["Notices: 41 of 200 (20 %)", "Notices: 99 of 200 (49 %)"]);
});
