import { LoadProcess } from "../../stand.ts";
import { openCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { costs, throughput } from "../figures.ts";
import { rounds } from "../rounds.ts";
import type { Bench, Place } from "../stands.ts";
import type { Options } from "../options.ts";
import type { Figure } from "../../figure.ts";
import { living } from "./living.ts";

const DELIVERED = "SELECT count(*) FROM deliveries WHERE ended_at IS NOT NULL";

const HANGING = 5;
const HEALTHY = 15;
/** Deliveries to endpoints that hang do not end meanwhile: the longest timeout outlasts the run. */
const LONGEST_TIMEOUT_MS = "30000";

/** A checkout that prompts nobody, and its one event told to one endpoint; then to 15, while 5 others hang. */
export const webhook: Case = {
  name: "webhook",
  async run(options) {
    const log = await Deno.makeTempFile({ prefix: "malipo-receiver-" });
    const receiver = LoadProcess.start(new URL("../receiver.ts", import.meta.url), {}, log);
    try {
      const url = (await receiver.says(/"receiver":"([^"]+)"/))[1] ?? "";
      const figures: Figure[] = [];
      for (const place of options.places) {
        figures.push(...await toOne(options, place, url), ...await besideHanging(options, place, url));
      }
      return figures;
    } finally {
      await receiver.end();
      await Deno.remove(log);
    }
  },
};

async function toOne(options: Options, place: Place, url: string): Promise<readonly Figure[]> {
  const list = await rounds(options, place, {
    name: "webhook",
    withFloor: true,
    setUp: () => ({ env: { FLOOR_WEBHOOK_URL: url } }),
    async measure(bench) {
      if (bench.subject === "product") await createEndpoint(bench, url); // the floor has made its own at its start
      return await living(bench, {
        call: openCall,
        doneSql: DELIVERED,
        inFlight: 128,
        everyMs: 20,
        mostPerSecond: 2_500,
      }, options.seconds);
    },
  });
  return [
    ...throughput("webhook delivery", place.name, list, {}),
    ...costs("webhook delivery", place.name, list),
  ];
}

/** Events a second that reach all healthy endpoints; that none is held up is a test (tests/webhooks/isolation_test.ts). */
async function besideHanging(options: Options, place: Place, url: string): Promise<readonly Figure[]> {
  const list = await rounds(options, place, {
    name: `webhook to ${HEALTHY}, ${HANGING} hang`,
    withFloor: false,
    setUp: () => ({ env: { WEBHOOK_TIMEOUT_MS: LONGEST_TIMEOUT_MS } }),
    async measure(bench) {
      for (let i = 0; i < HANGING; i++) await createEndpoint(bench, `${url}/hang/${i}`);
      for (let i = 0; i < HEALTHY; i++) await createEndpoint(bench, `${url}/healthy/${i}`);
      return await living(bench, {
        call: openCall,
        doneSql: DELIVERED.replace("count(*)", `count(*) / ${HEALTHY}`),
        inFlight: 128,
        everyMs: 50,
        mostPerSecond: 1_000,
      }, options.seconds);
    },
  });
  return throughput(`webhook events to ${HEALTHY} endpoints while ${HANGING} hang`, place.name, list, {
    perSecond: 100,
  });
}

async function createEndpoint({ stand }: Bench, url: string): Promise<void> {
  const made = await stand.apis[0]?.client.call("POST", "/v1/webhook-endpoints", { url, events: ["*"] });
  if (made?.status !== 201) throw new Error(`no endpoint: ${JSON.stringify(made?.body)}`);
}
