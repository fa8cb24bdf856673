import type { Stage } from "../stage.ts";
import { sleep } from "../tally.ts";
import type { Life } from "./life.ts";

/** Steps the API's clock forward and back, while `going`. */
export async function troubleClock(stage: Stage, life: Life, going: () => boolean): Promise<void> {
  const draws = stage.random.fork("clock");
  while (going()) {
    await sleep(draws.int(800, 4_000));
    if (!going()) return;
    const back = draws.chance(0.35);
    stage.faults.add(back ? "clock_back" : "clock_forward");
    const stepMs = back
      ? -draws.int(50, draws.chance(0.3) ? 30_000 : 2_000)
      : draws.int(500, draws.chance(0.3) ? 90_000 : 5_000);
    await life.step(life.offsetMs + stepMs);
  }
}
