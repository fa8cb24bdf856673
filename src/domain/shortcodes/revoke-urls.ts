import { commit, type Context, requireScope } from "../../context/context.ts";
import { abortIfUnchanged } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import type { ShortcodeView } from "./contract.ts";
import { loadOwnRow } from "./read.ts";
import { changeShortcode, updateRow } from "./store.ts";
import { shortcodeView } from "./view.ts";

/**
 * Ends the C2B addresses that were replaced. M-Pesa has accepted the ones that stay. Other processes know it within 30 s.
 * Errors: `not_found`, `wrong_state`.
 */
export async function revokeUrls(ctx: Context, { id }: { id: string }): Promise<ShortcodeView> {
  requireScope(ctx, "shortcodes:write");
  return await changeShortcode(ctx, "", async () => {
    const before = await loadOwnRow(ctx, id);
    const revoked = before.url_number - 1;
    if (revoked <= before.urls_revoked) {
      throw new Problem(
        "wrong_state",
        "There are no older addresses. POST register-urls with new_urls first; these end once M-Pesa has accepted others.",
      );
    }
    const now = Math.max(ctx.clock.now(), before.updated_at + 1);
    const after = { ...before, urls_revoked: revoked, updated_at: now, version: before.version + 1 };
    const view = await shortcodeView(ctx, after);
    await commit(ctx, id, [
      updateRow(after, id, before.version),
      abortIfUnchanged,
      auditEntry(ctx, "shortcode.urls_revoked", id, { up_to: revoked }),
    ], { status: 200, body: view });
    return view;
  });
}
