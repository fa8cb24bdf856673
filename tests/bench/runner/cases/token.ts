import { tokenCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { CONNECTIONS, loadCase } from "./load-case.ts";

/** POST /oauth/token with a client's id and secret. */
export const token: Case = loadCase({
  name: "token",
  title: "issue token",
  goals: {},
  workload: () => ({ supply: () => [tokenCall()], again: true, mostPerSecond: 1, connections: CONNECTIONS }),
});
