import { createCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { CONNECTIONS, counter, loadCase } from "./load-case.ts";

/** POST /v1/checkouts with a phone. No callback comes while it is measured, and no poll falls due. */
export const create: Case = loadCase({
  name: "create",
  title: "create checkout",
  goals: { ratio: 1.1, cpu: 1.2 },
  workload(bench) {
    const fresh = counter();
    return {
      supply: (many, api) => fresh(many).map((n) => createCall(bench.token(api), n)),
      again: false,
      mostPerSecond: 5_000,
      connections: CONNECTIONS,
    };
  },
});
