import type { Services } from "../../context/context.ts";
import { idAt } from "../../crypto/ids.ts";
import type { Statement } from "../../db/database.ts";
import { insert, type Query, rows, statement } from "../../db/query.ts";
import { promptHours } from "../../db/schema.ts";
import { lastWholeHour } from "./rules.ts";

const HOUR_MS = 3_600_000;
const KEPT_MS = 15 * 24 * HOUR_MS;
const insertHour = insert(promptHours, "ON CONFLICT (hour, merchant_id) DO NOTHING");

const COUNT = "SELECT c.merchant_id, count(*), sum(a.status = 'succeeded') FROM attempts a CROSS JOIN checkouts c " +
  "ON c.id = a.checkout_id WHERE a.id > ?1 AND a.created_at >= ?2 AND a.created_at < ?3 GROUP BY c.merchant_id";

/**
 * Counts the prompts of the last whole hour for each merchant, five minutes after its end, when they are settled. It is
 * read once an hour, so that no rule has to count the prompts of a week. Null: the hour is counted already (`last`).
 */
export async function countHour(
  { clock, db }: Services,
  last: number,
): Promise<{ readonly hour: number; readonly statements: readonly Statement[] } | null> {
  const now = clock.now();
  const hour = lastWholeHour(now);
  if (last >= hour) return null;
  const counts: Query<{ readonly merchant_id: string; readonly prompts: number; readonly settled: number }> = {
    sql: COUNT,
    args: [idAt("att", hour), hour, hour + HOUR_MS],
    scan: true,
    map: ([merchant, prompts, settled]) => ({
      merchant_id: String(merchant),
      prompts: Number(prompts),
      settled: Number(settled),
    }),
  };
  const [found] = await rows(db, counts);
  return {
    hour,
    statements: [
      ...found.map((row) => insertHour({ hour, ...row })),
      statement("DELETE FROM prompt_hours WHERE hour < ?", now - KEPT_MS),
      statement("DELETE FROM daraja_calls WHERE minute < ?", now - 2 * HOUR_MS),
    ],
  };
}
