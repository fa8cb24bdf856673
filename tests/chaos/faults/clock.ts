import type { Stage } from "../stage.ts";
import { sleep } from "../tally.ts";
import type { Life } from "./life.ts";

/** A machine whose clock is off by more has lost its time server: money is told apart by time within two minutes. */
const MOST_SKEW_MS = 55_000;

/** Steps the API's clock forward and back against the world's, and lets the world's jump ahead, while `going`. */
export async function troubleClock(stage: Stage, life: Life, going: () => boolean): Promise<void> {
  const draws = stage.random.fork("clock");
  let skewMs = 0;
  while (going()) {
    await sleep(draws.int(800, 4_000));
    if (!going()) return;
    if (draws.chance(0.3)) {
      stage.faults.add("time_passed");
      await life.pass(draws.int(1_000, 90_000));
      continue;
    }
    const reach = draws.chance(0.5) ? MOST_SKEW_MS : 2_000;
    const before = skewMs;
    skewMs = draws.int(-reach, reach);
    stage.faults.add(skewMs < before ? "clock_back" : "clock_forward");
    await life.skew(skewMs);
  }
}
