import assert from "node:assert/strict";
import { CommitWatch } from "../support/watch-commits.ts";
import { historyOf } from "./generate.ts";
import { inTheatre } from "./theatre.ts";

const SEEDS = 40;

Deno.test("in every history each changed row has the next version, each event holds what its commit stored, and the last one what GET answers", async () => {
  let watch: CommitWatch | undefined;
  await inTheatre(
    async (theatre) => {
      assert.ok(watch !== undefined);
      watch.services = theatre.run.services;
      for (let seed = 1; seed <= SEEDS; seed++) {
        await theatre.violations(historyOf(seed));
        assert.deepEqual(watch.problems, [], `seed ${seed}`);
      }
      assert.deepEqual(await watch.staleEvents(), []);
    },
    {},
    { wrapDatabase: (db) => (watch = new CommitWatch(db)) },
  );
});
