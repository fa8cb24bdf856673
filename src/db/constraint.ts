import { ConstraintError, type ConstraintKind } from "./database.ts";

const shapes: readonly (readonly [ConstraintKind, RegExp])[] = [
  ["unique", /UNIQUE constraint failed: (.+)$/],
  ["check", /CHECK constraint failed: (.+)$/],
  ["check", /cannot store \w+ value in \w+ column (.+)$/], // a STRICT table's rule on types
  ["not_null", /NOT NULL constraint failed: (.+)$/],
  ["foreign_key", /FOREIGN KEY constraint failed()$/],
];

/**
 * Reads SQLite's message of a failed constraint; what is none of its own is a trigger's RAISE. SQLite doesn't say which
 * foreign key failed, so that rule is always `foreign key`.
 */
export function constraintError(message: string): ConstraintError {
  const text = message.replace(/^(SQLITE_CONSTRAINT\w*: )*(SQLite error: )?/, "");
  for (const [kind, shape] of shapes) {
    const found = shape.exec(text);
    if (found) return new ConstraintError(kind, found[1] || "foreign key");
  }
  return new ConstraintError("trigger", text);
}
