import { type Context, requireScope } from "../context/context.ts";
import { rows, select } from "../db/query.ts";
import { drift } from "../db/schema.ts";
import { formatTime } from "../http/fields.ts";
import type { DriftView } from "./contract.ts";

const selectDrift = select(drift, "WHERE last_at > 0 ORDER BY last_at DESC LIMIT 500");

/**
 * What Daraja sends that no table knows, the latest first. Its rows name codes and fields of Daraja and no merchant, so an
 * operator of any merchant reads them all. Errors: `insufficient_scope`.
 */
export async function listDrift(ctx: Context): Promise<{ data: DriftView[] }> {
  requireScope(ctx, "operator");
  const [found] = await rows(ctx.db, selectDrift());
  return {
    data: found.map(({ kind, name, count, first_at, last_at }) => ({
      kind,
      name,
      count,
      first_at: formatTime(first_at),
      last_at: formatTime(last_at),
    })),
  };
}
