import type { Statement } from "../../db/database.ts";
import { insert, statement } from "../../db/query.ts";
import { featureFlags } from "../../db/schema.ts";
import { auditEntry, type Author } from "../../db/trail.ts";
import type { FlagName } from "../../flags/flags.ts";

const put = insert(
  featureFlags,
  "ON CONFLICT (name, scope) DO UPDATE SET percent = excluded.percent, changed_by = excluded.changed_by, " +
    "changed_at = excluded.changed_at",
);

/**
 * Statements: the flag has this percentage for a merchant, or for all (`*`). Null removes it, so that what is set for all,
 * or the default, holds again. The API and the command line both use this.
 */
export function setFlagStatements(
  author: Author,
  name: FlagName,
  scope: string,
  percent: number | null,
): readonly Statement[] {
  const change = percent === null
    ? statement("DELETE FROM feature_flags WHERE name = ? AND scope = ?", name, scope)
    : put({ name, scope, percent, changed_by: author.actor, changed_at: author.clock.now() });
  return [change, auditEntry(author, "flag.set", name, { merchant: scope, percent })];
}
