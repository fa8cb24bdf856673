import { type Context, requireScope } from "../../context/context.ts";
import { idAt } from "../../crypto/ids.ts";
import { type Query, rows } from "../../db/query.ts";
import { CLOCK_MARGIN_MS } from "../../http/list-filters.ts";

/** What became of the prompts of a time. */
export interface PromptOutcomes {
  readonly succeeded: number;
  readonly failed: number;
  /** No clear answer came. */
  readonly unknown: number;
  /** How many paid prompts took how many whole seconds until we knew it, the quickest first. */
  readonly settled: readonly { readonly seconds: number; readonly count: number }[];
}

type Counted = readonly [status: string, seconds: number, count: number];

const outcomes = (merchantId: string, from: number, to: number): Query<Counted> => ({
  sql:
    "SELECT a.status, iif(a.status = 'succeeded', (a.ended_at - a.created_at) / 1000, 0), count(*) FROM checkouts t " +
    "JOIN attempts a ON a.checkout_id = t.id WHERE t.merchant_id = ? AND t.id >= ? AND t.id < ? " +
    "AND t.created_at >= ? AND t.created_at < ? AND a.ended_at IS NOT NULL GROUP BY 1, 2 ORDER BY 2",
  args: [merchantId, idAt("chk", from - CLOCK_MARGIN_MS), idAt("chk", to + CLOCK_MARGIN_MS), from, to],
  scan: true,
  map: ([status, seconds, count]) => [String(status), Number(seconds), Number(count)],
});

/** What became of the prompts of checkouts that were created in a time (ms, half open). */
export async function promptOutcomes(
  ctx: Context,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<PromptOutcomes> {
  requireScope(ctx, "reports:read");
  const [found] = await rows(ctx.db, outcomes(ctx.merchantId, from, to));
  const count = (wanted: string) =>
    found.filter(([status]) => status === wanted).reduce((sum, [, , count]) => sum + count, 0);
  return {
    succeeded: count("succeeded"),
    failed: count("failed"),
    unknown: count("unknown"),
    settled: found.filter(([status]) => status === "succeeded").map(([, seconds, count]) => ({ seconds, count })),
  };
}
