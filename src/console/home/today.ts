import { listBalances } from "../../domain/balances/read.ts";
import type { BalanceView } from "../../domain/balances/contract.ts";
import { type PromptOutcomes, promptOutcomes } from "../../domain/reports/prompts.ts";
import type { SummaryLine } from "../../domain/reports/contract.ts";
import { getSummary } from "../../domain/reports/summary.ts";
import type { Context } from "../../context/context.ts";
import { rangeOf } from "../kit/period.ts";
import { mayUse, type Visit } from "../kit/visit.ts";

const WEEK_MS = 7 * 86_400_000;

/** How today is, against the same weekday of the week before up to the same time of day. */
export interface Today {
  readonly taken: SummaryLine["payments"];
  readonly before: SummaryLine["payments"];
  readonly prompts: PromptOutcomes;
  /** The most frequent reason of today's failures. */
  readonly topReason: { readonly code: string; readonly count: number } | null;
  /** The last balance of each shortcode. */
  readonly balances: readonly BalanceView[];
}

/** Reads the figures of today. */
export async function readToday(visit: Visit): Promise<Today> {
  const { ctx, now } = visit;
  const { from } = rangeOf("today", now);
  const [taken, before, prompts, failures, balances] = await Promise.all([
    takenIn(ctx, from, now),
    takenIn(ctx, from - WEEK_MS, now - WEEK_MS),
    promptOutcomes(ctx, { from, to: now }),
    getSummary(ctx, { from, to: now, by: "failure" }),
    mayUse(visit, "balances:read") ? listBalances(ctx, { limit: 3 }) : { data: [] },
  ]);
  const [top] = failures.data.toSorted((a, b) => b.failures.count - a.failures.count);
  return {
    taken,
    before,
    prompts,
    topReason: top === undefined ? null : { code: top.key, count: top.failures.count },
    balances: balances.data,
  };
}

const takenIn = async (ctx: Context, from: number, to: number): Promise<SummaryLine["payments"]> =>
  (await getSummary(ctx, { from, to: Math.max(from, to), by: "channel" })).total.payments;

/** The seconds within which half of the paid prompts were known; null where none was paid. */
export function medianOf({ settled }: Pick<PromptOutcomes, "settled">): number | null {
  const all = settled.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const { seconds, count } of settled) {
    seen += count;
    if (seen * 2 >= all) return seconds;
  }
  return null;
}

/** How much more (percent) now is than before; null where there was nothing before. */
export const percentMore = (now: number, before: number): number | null =>
  before === 0 ? null : Math.round((now / before - 1) * 100);
