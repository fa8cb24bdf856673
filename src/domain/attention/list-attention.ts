import { type Context, reachTo } from "../../context/context.ts";
import { rows } from "../../db/query.ts";
import { checkRanges } from "../../http/list-filters.ts";
import type { Input } from "../../http/operation.ts";
import { invalidCursor, type Page } from "../../http/pagination.ts";
import type { CaseView, listAttention as contract } from "./contract.ts";
import { type Source, sources } from "./sources.ts";
import { selectCases } from "./store.ts";
import { caseViews } from "./view.ts";

/** Whether the caller may see the cases of a source. */
export const maySee = (ctx: Context, { reads }: Source): boolean =>
  ctx.scopes.has(reads) || ctx.scopes.has("operator") || ctx.scopes.has("platform");

/** What needs a person, oldest first. Errors: `invalid_query`, `insufficient_scope`. */
export async function listAttention(ctx: Context, input: Input<typeof contract>): Promise<Page<CaseView>> {
  checkRanges(input);
  const reach = reachTo(ctx, input.merchant);
  const now = ctx.clock.now();
  const filter = {
    ...(input.cursor === undefined ? {} : { after: afterOf(input.cursor) }),
    from: input.created_from,
    to: input.created_to,
    amountMin: input.amount_min,
    amountMax: input.amount_max,
    subjectBegins: input.q?.replace(/^case_/, ""),
    takenBy: input.taken_by,
    awakeAt: now,
  };
  const seen = sources.filter((source) => maySee(ctx, source) && (input.kind ?? source.kind) === source.kind);
  const found = await rows(ctx.db, ...seen.map((source) => selectCases(source, reach, filter, now, input.limit + 1)));
  const cases = found.flat().toSorted((a, b) => a.since - b.since || (a.subject < b.subject ? -1 : 1));
  const shown = cases.slice(0, input.limit);
  const last = shown.at(-1);
  return {
    data: await caseViews(ctx, shown),
    next_cursor: cases.length > input.limit && last !== undefined ? btoa(`${last.since} ${last.subject}`) : null,
  };
}

/** The case behind which the next page begins. Errors: `invalid_query`. */
function afterOf(cursor: string): { readonly since: number; readonly subject: string } {
  try {
    const [, since, subject] = /^(\d{1,15}) ([a-z]{3}_[0-9a-z_]{1,40})$/.exec(atob(cursor)) ?? [];
    if (since !== undefined && subject !== undefined) return { since: Number(since), subject };
  } catch {
    // no base64
  }
  throw invalidCursor();
}
