import { registeredShortcodes } from "../../../../src/cli/seed.ts";
import { PAYOUT_AMOUNT, payoutCall } from "../bodies.ts";
import type { Case } from "../cases.ts";
import { costs, throughput } from "../figures.ts";
import { rounds } from "../rounds.ts";
import { living } from "./living.ts";

const PAID = `SELECT balance / -${PAYOUT_AMOUNT} FROM ledger_accounts WHERE account = 'mpesa_utility' AND ` +
  `shortcode_id = '${registeredShortcodes[0].id}'`;

/** A payout from its request until its result is stored, the simulator answering at once. */
export const payout: Case = {
  name: "payout",
  async run(options) {
    const figures = [];
    for (const place of options.places) {
      const list = await rounds(options, place, {
        name: "payout",
        withFloor: true,
        setUp: () => ({ env: { SIMULATOR_CALLBACK_DELAY_MS: "0", FLOOR_SETTLES: "1" } }),
        measure: (bench) =>
          living(bench, {
            call: payoutCall,
            doneSql: PAID,
            inFlight: 64,
            everyMs: 5,
            mostPerSecond: 2_000,
          }, options.seconds),
      });
      figures.push(
        ...throughput("payout whole life", place.name, list, {}),
        ...costs("payout whole life", place.name, list),
      );
    }
    return figures;
  },
};
