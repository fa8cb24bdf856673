import { type Context, requireScope } from "../../context/context.ts";
import type { Output } from "../../http/operation.ts";
import { runChecks } from "./run-checks.ts";
import type { checkShortcode as contract } from "./contract.ts";
import { isProof, storeProof } from "./prove.ts";
import { openShortcode } from "./lookup.ts";
import { loadOwnRow } from "./read.ts";

/**
 * Finds out what is wrong with a shortcode, as it is stored now. One that Daraja accepts takes requests from then on.
 * Errors: `not_found`.
 */
export async function checkShortcode(ctx: Context, { id }: { id: string }): Promise<Output<typeof contract>> {
  requireScope(ctx, "shortcodes:write");
  const shortcode = await openShortcode(ctx.vault, await loadOwnRow(ctx, id));
  const checks = await runChecks(ctx, shortcode);
  if (shortcode.row.proven_at === null && isProof(checks)) await storeProof(ctx, shortcode);
  ctx.note({ shortcode: shortcode.number, wrong: checks.filter((c) => c.ok === false).map((c) => c.check) });
  return { shortcode: shortcode.number, ok: checks.every((check) => check.ok !== false), checks };
}
