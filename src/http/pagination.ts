import { z } from "zod";
import { Problem } from "../problems/problem.ts";

export interface Page<T> {
  readonly data: T[];
  readonly next_cursor: string | null;
}

/** The query parameters of every list. */
export const pageQuery = {
  limit: z.string().regex(/^([1-9][0-9]?|100)$/, { error: "must be a whole number from 1 to 100" })
    .transform(Number).default(20).meta({
      description: "1 to 100. Default: 20.",
      examples: ["20"],
      override: { type: "integer", minimum: 1, maximum: 100 },
    }),
  cursor: z.string().max(200).optional().meta({ description: "`next_cursor` of the page before." }),
};

/** The query parameter of lists that reach other merchants. */
export const merchantQuery = {
  merchant: z.string().max(64).optional().meta({
    description: "Another merchant's id, or `all`. Needs the scope `platform`.",
  }),
};

export const pageSchema = <T extends z.ZodType>(
  item: T,
): z.ZodObject<{ data: z.ZodArray<T>; next_cursor: z.ZodNullable<z.ZodString> }> =>
  z.object({ data: z.array(item), next_cursor: z.string().nullable() });

/** The id in a cursor: the next page holds rows with smaller ids. Without a cursor: "~", which is larger than every id. Errors: `invalid_query`. */
export function idBeforeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return "~";
  const id = decodeBase64(cursor);
  if (id !== null && /^[a-z]{3}_[0-9a-z_]{1,40}$/.test(id)) return id;
  throw new Problem("invalid_query", "cursor: is not valid. Send next_cursor of the page before, unchanged.", {
    errors: [{ pointer: "cursor", detail: "must be next_cursor of the page before" }],
  });
}

function decodeBase64(cursor: string): string | null {
  try {
    return atob(cursor);
  } catch {
    return null;
  }
}

/** A page, newest first. `rows` holds up to `limit + 1` rows: the extra row shows that there is a next page. */
export function toPage<R extends { readonly id: string }, T>(
  rows: readonly R[],
  limit: number,
  view: (row: R) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { data: shown.map(view), next_cursor: rows.length > limit && last !== undefined ? btoa(last.id) : null };
}
