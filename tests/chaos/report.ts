import type { Stage } from "./stage.ts";
import { type Verdict, wrongs } from "./oracle/verdict.ts";
import type { Rows } from "./oracle/rows.ts";

const line = (name: string, value: number | string): string => `  ${name.padEnd(28)} ${String(value).padStart(8)}`;

/** The table at the end. */
export function report(stage: Stage, operations: number, rows: Rows, verdict: Verdict): string {
  const { seed, seconds, database, processes, sabotage } = stage.options;
  const accounts = stage.options.sharedAccounts ? "" : ", own accounts";
  const planted = sabotage === null ? "" : `, sabotage ${sabotage}`;
  return [
    `chaos: seed ${seed}, ${seconds} s, ${database}, ${processes} API processes${accounts}${planted}`,
    line("operations", operations),
    line("checkouts", rows.checkouts.length),
    line("payments", rows.payments.length),
    line("payouts", rows.payouts.length),
    line("refunds", rows.refunds.length),
    line("movements in the books", stage.simulator.world.transactions.list().length),
    line("requests to Daraja", stage.simulator.world.requests.list().length),
    line("callbacks", stage.callbacks.deliveries.length),
    line(`faults of ${stage.faults.list().length} kinds`, stage.faults.total),
    ...stage.faults.list().map(([kind, count]) => line(`  ${kind}`, count)),
    line("rightly unknown", verdict.unheard),
    ...wrongs.map((wrong) => line(wrong, verdict.count(wrong))),
  ].join("\n");
}
