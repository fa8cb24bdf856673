import { insertPending } from "../attempts.ts";
import { callbackCall, idsOf } from "../bodies.ts";
import type { Case } from "../cases.ts";
import type { Bench } from "../stands.ts";
import { CONNECTIONS, counter, loadCase } from "./load-case.ts";

const UNSETTLED = "SELECT count(*) FROM notices WHERE status = 'stored'";
const ASK_MS = 100;
const PATIENCE_MS = 120_000;

/**
 * A callback until its acknowledgement, each of an attempt that waits for it. The floor stores notice and job and does
 * no more; the product also settles each, as it finds the time, and that is in its figures: half load is half of what
 * it settles too.
 */
export const callback: Case = loadCase({
  name: "callback",
  title: "accept callback",
  goals: { ratio: 1.75, p99: 15 },
  workload(bench) {
    const fresh = counter();
    return {
      async supply(many) {
        const numbers = fresh(many);
        const attempts = await insertPending(bench, numbers[0] ?? 0, many);
        return numbers.map((n, i) => callbackCall(bench.noticePath("stk", attempts[i] ?? ""), n, idsOf(n)));
      },
      again: false,
      mostPerSecond: 6_000,
      connections: CONNECTIONS,
      rest: () => settled(bench),
    };
  },
});

async function settled(bench: Bench): Promise<void> {
  if (bench.subject === "floor") return;
  const deadline = performance.now() + PATIENCE_MS;
  while (await bench.number(UNSETTLED) > 0) {
    if (performance.now() > deadline) throw new Error("callbacks are not settled");
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}
