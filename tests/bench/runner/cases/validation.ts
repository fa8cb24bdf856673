import { registeredShortcodes } from "../../../../src/cli/seed.ts";
import { openCall, validationCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { CONNECTIONS, loadCase } from "./load-case.ts";

const ACCOUNT = "BENCH01";
const SHORTCODE = registeredShortcodes[0].id;
const KNOWN_FOR_MS = 30_000; // by each process (src/domain/shortcodes/lookup.ts)

/** C2B validation by the rule that reads: the account must be one of an open checkout, the amount that checkout's. */
export const validation: Case = loadCase({
  name: "validation",
  title: "C2B validation",
  goals: { p99: 50 },
  async workload(bench) {
    const { path, headers = {}, body = "" } = openCall(bench.token(0), 1, ACCOUNT);
    const created = await fetch(`${bench.urls[0]}${path}`, { method: "POST", headers, body });
    if (created.status !== 201) throw new Error(`no checkout: ${await created.text()}`);
    await created.body?.cancel();
    if (bench.subject === "product") {
      const { client } = bench.stand.apis[0] ?? {};
      const changed = await client?.call("PATCH", `/v1/shortcodes/${SHORTCODE}`, {
        validation: { rule: "open_checkout" },
      });
      if (changed?.status !== 200) throw new Error(`the rule is not set: ${JSON.stringify(changed?.body)}`);
      if (bench.urls.length > 1) await new Promise((resolve) => setTimeout(resolve, KNOWN_FOR_MS));
    }
    const call = validationCall(bench.noticePath("c2b_validation", SHORTCODE), ACCOUNT);
    return { supply: () => [call], again: true, mostPerSecond: 1, connections: CONNECTIONS };
  },
});
