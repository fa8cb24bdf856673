import { ConstraintError } from "./database.ts";

/**
 * Whether the values themselves can't be stored: a rule of a table refuses them, or they have no representation. The same
 * values fail each time, so whoever works through a list sets the item aside. A failed guard (its rule is a plain name,
 * such as `conflict`) or an unavailable database is not such a case: there the step is tried again.
 */
export function cannotBeStored(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true;
  if (!(error instanceof ConstraintError)) return false;
  return error.kind === "not_null" || (error.kind === "check" && /\W/.test(error.rule));
}
