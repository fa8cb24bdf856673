import type { Database, Value } from "../../db/database.ts";
import { type Query, rows } from "../../db/query.ts";

/** How a row ended; `byOthers`: a query, a list or a person had a part in it, which no notice tells. */
interface Ending {
  readonly id: string;
  readonly status: string;
  readonly byOthers: boolean;
}

/** Attempts whose bit for "paid, as a query says" is set were learnt by asking. */
const CLAIMED = 2;
const sqlOf = {
  attempts: `SELECT id, status, evidence & ${CLAIMED} FROM attempts`,
  payouts: "SELECT id, status, resolution IS NOT NULL FROM payouts",
  refunds: "SELECT id, status, resolution IS NOT NULL OR method = 'payout' FROM refunds",
} as const;

const endings = (table: keyof typeof sqlOf, ids: string): Query<Ending> => ({
  sql: `${sqlOf[table]} WHERE id IN (SELECT value FROM json_each(?))`,
  args: [ids],
  map: ([id, status, byOthers]: readonly Value[]) => ({
    id: String(id),
    status: String(status),
    byOthers: Number(byOthers) !== 0,
  }),
});

const ENDS: readonly string[] = ["succeeded", "failed"];

/**
 * Rows that the notices alone would end otherwise today than they have ended. What a query, M-Pesa's list or a person has
 * added is not replayed, so a row that the notices leave open is no difference.
 */
export async function otherEnds(
  from: Database,
  to: Database,
  table: keyof typeof sqlOf,
  ids: Iterable<string>,
): Promise<string[]> {
  const asked = JSON.stringify([...ids]);
  const [[was], [is]] = await Promise.all([rows(from, endings(table, asked)), rows(to, endings(table, asked))]);
  const today = new Map(is.map((row) => [row.id, row.status]));
  return was.flatMap(({ id, status, byOthers }) => {
    const now = today.get(id) ?? "";
    const differs = ENDS.includes(now) && now !== status && (now === "succeeded" || ENDS.includes(status));
    return differs && !byOthers ? [`${id} is ${status}, and its notices would make it ${now} today`] : [];
  });
}
