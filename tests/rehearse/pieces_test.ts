import assert from "node:assert/strict";
import type { Storefront } from "../chaos/traffic/client.ts";
import { readOptions, UsageError } from "./options.ts";
import { lastBefore } from "./release.ts";
import { PhaseTally, table } from "./tally.ts";

Deno.test("rehearse reads its options, and refuses what it does not know", () => {
  assert.deepEqual(readOptions([]), { from: null, seconds: 10, rate: 15 });
  assert.deepEqual(readOptions(["--from", "v1", "--seconds", "3"]), { from: "v1", seconds: 3, rate: 15 });
  assert.equal(readOptions(["--help"]), "help");
  for (const wrong of [["--nonsense"], ["--seconds", "0"], ["--rate", "x"], ["more"]]) {
    assert.throws(() => readOptions(wrong), UsageError);
  }
});

Deno.test("release N is the newest commit that lacks a migration of this tree", async () => {
  const history: Record<string, string[]> = { HEAD: ["1", "2", "3"], b: ["1", "2", "3"], a: ["1", "2"], z: ["1"] };
  const list = (commit: string) => Promise.resolve(history[commit] ?? []);
  assert.equal(await lastBefore(["HEAD", "b", "a", "z"], ["1", "2", "3"], list), "a");
  assert.equal(await lastBefore(["HEAD", "b"], ["1", "2", "3", "4"], list), "HEAD", "one is not committed yet");
  assert.equal(await lastBefore(["HEAD"], ["1"], list), null);
});

/** A shop that gets these answers. */
const answered = (status: number, body: unknown) =>
  ({ once: () => Promise.resolve({ status, body }) }) as unknown as Storefront; // the only call that is made

Deno.test("a 503 with a code is documented; one without, another 5xx, a cut and a wrong refusal have failed", async () => {
  const tally = new PhaseTally("canary");
  const asked = ["cli_demo", "GET", "/v1/checkouts"] as const;
  for (
    const [status, body] of [
      [200, {}],
      [409, { code: "refunded_already" }],
      [503, { code: "database_unavailable" }],
      [503, "<html>"],
      [502, "<html>"],
      [0, null],
      [404, { code: "not_found" }],
    ] as const
  ) await tally.call(answered(status, body), "list", performance.now(), asked);
  assert.equal(tally.documented, 1);
  assert.deepEqual(tally.problems, ["list: 503", "list: 502", "list: 0", "list: 404 not_found"]);
  const [head, row] = table([tally]).split("\n");
  assert.match(head ?? "", /^phase +requests +p50 ms +p95 ms +documented 503 +failed$/);
  assert.match(row ?? "", /^canary +7 .* 1 +4$/);
});
