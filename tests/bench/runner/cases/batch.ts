import type { BatchView } from "../../../../src/domain/payouts/batch-contract.ts";
import { batchFile } from "../../../support/batch-file.ts";
import type { Figure } from "../../figure.ts";
import type { Case } from "../cases.ts";
import { middle } from "../figures.ts";
import { rounds } from "../rounds.ts";
import type { Bench } from "../stands.ts";

const ROWS = 5_000;
const POLL_MS = 500;
const LONGEST_MS = 300_000;

interface Batch {
  readonly validatedMs: number;
  readonly settledMs: number;
  /** Rows paid a second. */
  readonly perSecond: number;
  readonly atPerSecond: number;
}

/** A batch of 5,000 payouts: how long its rows take to be validated, and to be paid, the simulator answering at once. */
export const batch: Case = {
  name: "batch",
  async run(options) {
    const figures: Figure[] = [];
    for (const place of options.places) {
      const list = await rounds<Batch>(options, place, {
        name: "batch",
        withFloor: false,
        setUp: () => ({ env: { SIMULATOR_CALLBACK_DELAY_MS: "0", PLAN_SCALE: "1" } }),
        measure,
      });
      const of = (what: keyof Batch) => middle(list, ({ product }) => product[what]);
      const name = `batch of ${ROWS} payouts`;
      figures.push(
        { name: `${name}, validated`, on: place.name, value: of("validatedMs"), unit: "ms", goal: { most: 2_000 } },
        { name: `${name}, paid`, on: place.name, value: of("settledMs") / 1000, unit: "s" },
        { name: `${name}, throughput`, on: place.name, value: of("perSecond"), unit: "/s" },
      );
    }
    return figures;
  },
};

async function measure({ stand }: Bench): Promise<Batch> {
  const [api] = stand.apis;
  if (api === undefined) throw new Error("The stand has no API.");
  const csv = { raw: batchFile(ROWS), headers: { "content-type": "text/csv" }, key: crypto.randomUUID() };
  const began = performance.now();
  const made = await api.client.call<BatchView>("POST", "/v1/payout-batches", undefined, csv);
  if (made.status !== 202) throw new Error(`no batch: ${JSON.stringify(made.body).slice(0, 500)}`);
  const validatedMs = Number((await api.process.says(/"validated_ms":(\d+)/))[1]);
  for (;;) {
    const { body } = await api.client.call<BatchView>("GET", `/v1/payout-batches/${made.body.id}`);
    const settledMs = performance.now() - began;
    if (body.status === "completed") {
      if (body.counts.succeeded !== ROWS) throw new Error(`not all are paid: ${JSON.stringify(body.counts)}`);
      const perSecond = ROWS / settledMs * 1000;
      return { validatedMs, settledMs, perSecond, atPerSecond: perSecond };
    }
    if (settledMs > LONGEST_MS) throw new Error(`not ended: ${JSON.stringify(body.counts)}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
