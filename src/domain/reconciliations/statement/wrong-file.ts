import { type FieldError, Problem } from "../../../problems/problem.ts";

const MAX_ERRORS_SHOWN = 100;

/** The refusal of a whole file: `validation_failed`, with the entries. Nothing was stored. */
export function wrongFile(errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new Problem("validation_failed", `${first?.pointer}: ${first?.detail}${more}. Nothing was imported.`, {
    errors: errors.slice(0, MAX_ERRORS_SHOWN),
  });
}

/** The same for a file that can't be read at all. */
export const unreadableFile = (detail: string, pointer = "/rows/1"): Problem => wrongFile([{ pointer, detail }]);
