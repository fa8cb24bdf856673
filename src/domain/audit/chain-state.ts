import { type Context, requireScope } from "../../context/context.ts";
import { first, select } from "../../db/query.ts";
import { auditChecks } from "../../db/schema.ts";

/** What is known of a merchant's chain of audit entries. */
export type ChainState =
  /** The last check ended at `at` (ms), and everything fitted. */
  | { readonly state: "whole"; readonly at: number }
  /** The last check found entries that do not fit. `at`: null while the next check runs. */
  | { readonly state: "broken"; readonly at: number | null; readonly problems: number }
  /** A check runs, and the one before it found nothing. */
  | { readonly state: "checking" }
  | { readonly state: "unchecked" };

const selectCheck = select(auditChecks, "WHERE merchant_id = ?");

/** What the hourly check of the merchant's audit trail found last. Errors: `insufficient_scope`. */
export async function readChainState(ctx: Context): Promise<ChainState> {
  if (!ctx.scopes.has("operator")) requireScope(ctx, "audit:read");
  const check = await first(ctx.db, selectCheck(ctx.merchantId));
  if (check === null) return { state: "unchecked" };
  const { problems, ended_at: at } = check;
  if (problems.length > 0) return { state: "broken", at, problems: problems.length };
  return at === null ? { state: "checking" } : { state: "whole", at };
}
