import type { Batch } from "./writer.ts";

/** An id: three letters and a TypeID's 26 characters. */
const ID = /^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** Merchants, clients, shortcodes and people stand in most rows, but few batches are about them. */
const SHARED = /^(?:mer|cli|sho|per)_/;
/** The subject of batches that name nothing. */
const WHOLE = ["*"];

/**
 * What a batch of writes is about: the ids among its arguments. Those of merchants and the like count only where there are
 * no others. Batches without an id are about one thing, which is no other's.
 */
export function subjectsOf(statements: Batch<{ readonly args: readonly unknown[] }>): readonly string[] {
  const ids = new Set<string>();
  const shared = new Set<string>();
  for (const { args } of statements) {
    for (const arg of args) {
      if (typeof arg === "string" && arg.length === 30 && ID.test(arg)) (SHARED.test(arg) ? shared : ids).add(arg);
    }
  }
  if (ids.size > 0) return [...ids];
  return shared.size > 0 ? [...shared] : WHOLE;
}
