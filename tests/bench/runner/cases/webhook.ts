import { LoadProcess } from "../../stand.ts";
import { openCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { costs, throughput } from "../figures.ts";
import { rounds } from "../rounds.ts";
import type { Bench } from "../stands.ts";
import { living } from "./living.ts";

const DELIVERED = "SELECT count(*) FROM deliveries WHERE ended_at IS NOT NULL";

/** A checkout that prompts nobody, and its one event told to one endpoint and noted as told. */
export const webhook: Case = {
  name: "webhook",
  async run(options) {
    const log = await Deno.makeTempFile({ prefix: "malipo-receiver-" });
    const receiver = LoadProcess.start(new URL("../receiver.ts", import.meta.url), {}, log);
    try {
      const url = (await receiver.says(/"receiver":"([^"]+)"/))[1] ?? "";
      const figures = [];
      for (const place of options.places) {
        const list = await rounds(options, place, {
          name: "webhook",
          withFloor: true,
          setUp: () => ({ env: { FLOOR_WEBHOOK_URL: url } }),
          async measure(bench) {
            await wait(bench, url);
            return await living(bench, {
              call: openCall,
              doneSql: DELIVERED,
              inFlight: 128,
              everyMs: 20,
              mostPerSecond: 2_500,
            }, options.seconds);
          },
        });
        figures.push(
          ...throughput("webhook delivery", place.name, list, {}),
          ...costs("webhook delivery", place.name, list),
        );
      }
      return figures;
    } finally {
      await receiver.end();
      await Deno.remove(log);
    }
  },
};

/** Makes the endpoint; the floor has made its own at its start. */
async function wait({ subject, stand }: Bench, url: string): Promise<void> {
  if (subject === "floor") return;
  const made = await stand.apis[0]?.client.call("POST", "/v1/webhook-endpoints", { url, events: ["*"] });
  if (made?.status !== 201) throw new Error(`no endpoint: ${JSON.stringify(made?.body)}`);
}
