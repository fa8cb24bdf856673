import { commit, type Context, requireScope } from "../../context/context.ts";
import { ConstraintError } from "../../db/database.ts";
import { abortIfUnchanged, statement } from "../../db/query.ts";
import { auditEntry } from "../../db/trail.ts";
import { Problem } from "../../problems/problem.ts";
import { dropReconciliation } from "./reconciliation-schedule.ts";
import type { ShortcodeView } from "./contract.ts";
import { loadOwnRow } from "./read.ts";
import { changeShortcode, loadOwnShortcodes } from "./store.ts";
import { shortcodeView } from "./view.ts";

/** Removes a shortcode that nothing refers to. Errors: `not_found`, `wrong_state`. */
export async function deleteShortcode(ctx: Context, { id }: { id: string }): Promise<ShortcodeView> {
  requireScope(ctx, "shortcodes:write");
  return await changeShortcode(ctx, "", async () => {
    const row = await loadOwnRow(ctx, id);
    const others = (await loadOwnShortcodes(ctx)).filter((other) => other.id !== id);
    if (row.is_default && others.length > 0) {
      throw new Problem("wrong_state", `${row.number} is the default shortcode. Make another one the default first.`);
    }
    const view = await shortcodeView(ctx, row);
    try {
      await commit(ctx, id, [
        statement("DELETE FROM shortcodes WHERE id = ? AND updated_at = ?", id, row.updated_at),
        abortIfUnchanged,
        dropReconciliation(ctx, row),
        auditEntry(ctx, "shortcode.deleted", id, { kind: row.kind, number: row.number }),
      ], { status: 200, body: view });
    } catch (error) {
      if (!(error instanceof ConstraintError) || error.kind !== "foreign_key") throw error;
      throw new Problem(
        "wrong_state",
        `${row.number} has been used, and what it was used for is kept. It has to stay.`,
      );
    }
    return view;
  });
}
