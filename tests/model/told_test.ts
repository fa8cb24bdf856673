import assert from "node:assert/strict";
import { CommitWatch } from "../support/watch-commits.ts";
import { ACCOUNTS_FROM, historyOf } from "./generate.ts";
import { inTheatre } from "./theatre.ts";

/** The first seed of each range, and how many are played. */
const RANGES = [[1, 40], [ACCOUNTS_FROM + 1, 25]] as const;

Deno.test("in every history each changed row has the next version, each event holds what its commit stored, and the last one what GET answers", async () => {
  let watch: CommitWatch | undefined;
  await inTheatre(
    async (theatre) => {
      assert.ok(watch !== undefined);
      watch.services = theatre.run.services;
      for (const [from, count] of RANGES) {
        for (let seed = from; seed < from + count; seed++) {
          await theatre.violations(historyOf(seed));
          assert.deepEqual(watch.problems, [], `seed ${seed}`);
        }
      }
      assert.deepEqual(await watch.staleEvents(), []);
    },
    { wrapDatabase: (db) => (watch = new CommitWatch(db)) },
  );
});
