import { type Context, requirePlatform } from "../../context/context.ts";
import { idAt } from "../../crypto/ids.ts";
import { type Query, rows, statement } from "../../db/query.ts";
import { NOTICES_MS, type Source, sources } from "./sources.ts";

/** How many cases a merchant has that are awake. */
export interface CaseCount {
  readonly cases: number;
  /** Of them, payouts and refunds in doubt. */
  readonly inDoubt: number;
}

type Counted = readonly [merchantId: string, count: number];

/** The cases of a source, of each of the merchants (a JSON array of ids). */
function countOf(source: Source, merchants: string, now: number): Query<Counted> {
  const cases = source.sql.replaceAll("{m}", "m.id = x.value");
  return {
    ...statement(
      `SELECT x.value, (WITH s (form, subject, merchant_id, since, amount, told) AS (${cases}) SELECT count(*) FROM s ` +
        "LEFT JOIN attention a ON a.case_id = 'case_' || s.subject WHERE ?2 <> '' " +
        "AND coalesce(a.sleeps_until, 0) <= ?3) FROM json_each(?1) x",
      merchants,
      idAt("ntc", now - NOTICES_MS),
      now,
    ),
    scan: true,
    map: ([merchant, count]) => [String(merchant), Number(count)],
  };
}

/** What needs a person, counted for some merchants, by their ids. Errors: `insufficient_scope`. */
export async function countCases(
  ctx: Context,
  merchantIds: readonly string[],
): Promise<ReadonlyMap<string, CaseCount>> {
  requirePlatform(ctx);
  const [ids, now] = [JSON.stringify(merchantIds), ctx.clock.now()];
  const counted = new Map(merchantIds.map((id) => [id, { cases: 0, inDoubt: 0 }]));
  const found = await rows(ctx.db, ...sources.map((source) => countOf(source, ids, now)));
  for (const [i, lines] of found.entries()) {
    for (const [merchant, count] of lines) {
      const sum = counted.get(merchant);
      if (sum === undefined) continue;
      sum.cases += count;
      if (sources[i]?.kind === "in_doubt") sum.inDoubt += count;
    }
  }
  return counted;
}
