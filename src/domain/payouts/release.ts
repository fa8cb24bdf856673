import type { Statement } from "../../db/database.ts";
import { statement } from "../../db/query.ts";
import { counterNames } from "./limits.ts";
import type { Payout } from "./machine/facts.ts";

/** Statement: many payouts that certainly did not leave give back what they took from the counters of the limits. */
export function releaseMany(payouts: readonly Payout[]): Statement {
  const totals = new Map<string, number>();
  const add = (name: string, amount: number) => totals.set(name, (totals.get(name) ?? 0) + amount);
  for (const payout of payouts) {
    const { merchant, phone, count } = counterNames(payout);
    add(merchant, payout.amount);
    add(phone, payout.amount);
    add(count, 1);
  }
  return statement(
    "UPDATE counters SET total = max(0, total - (line.value ->> 1)) FROM json_each(?) line " +
      "WHERE counters.name = line.value ->> 0",
    JSON.stringify([...totals]),
  );
}
