import { ConstraintError, type ConstraintKind } from "./database.ts";

const patterns: readonly (readonly [ConstraintKind, RegExp])[] = [
  ["unique", /UNIQUE constraint failed: (.+)$/],
  ["check", /CHECK constraint failed: (.+)$/],
  ["check", /cannot store \w+ value in \w+ column (.+)$/], // a STRICT table's rule on types
  ["not_null", /NOT NULL constraint failed: (.+)$/],
  ["foreign_key", /FOREIGN KEY constraint failed()$/],
];

/**
 * Reads SQLite's message about a failed constraint. A message that SQLite does not make itself comes from the RAISE of a
 * trigger. SQLite does not say which foreign key failed, so that rule is always `foreign key`.
 */
export function constraintError(message: string): ConstraintError {
  const text = message.replace(/^(SQLITE_CONSTRAINT\w*: )*(SQLite error: )?/, "");
  for (const [kind, pattern] of patterns) {
    const found = pattern.exec(text);
    if (found) return new ConstraintError(kind, found[1] || "foreign key");
  }
  return new ConstraintError("trigger", text);
}
