import type { Statement } from "./database.ts";
import { statement } from "./query.ts";

/** The most names that are kept: a partner that sends a new name each time must not fill the table. */
const MOST_NAMES = 500;

/** Statement: counts a code or field that no table of ours knows. `at` in ms since the epoch. */
export const seen = (
  { kind, name, count, at }: {
    readonly kind: string;
    readonly name: string;
    readonly count: number;
    readonly at: number;
  },
): Statement =>
  statement(
    "INSERT INTO drift (kind, name, count, first_at, last_at) SELECT ?1, ?2, ?3, ?4, ?4 " +
      `WHERE (SELECT count(*) FROM (SELECT 1 FROM drift WHERE last_at > 0 LIMIT ${MOST_NAMES})) < ${MOST_NAMES} ` +
      "OR EXISTS (SELECT 1 FROM drift WHERE kind = ?1 AND name = ?2) " +
      "ON CONFLICT (kind, name) DO UPDATE SET count = count + excluded.count, last_at = max(last_at, excluded.last_at)",
    kind,
    nameOf(name),
    count,
    at,
  );

/** A name without what could be a person's number, and not longer than a name is. */
const nameOf = (name: string): string => name.replace(/\d{7,}/g, "#").replace(/[^\w.#-]/g, "_").slice(0, 64);
